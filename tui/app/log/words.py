"""How a function's build stands, in the few words that the log's edge has room for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import way_to_build
from tui.app.rows.glyphs import Glyphs
from tui.building.statuses import WORDS
from tui.lines.states import STATES
from tui.text import human_seconds, printable

if TYPE_CHECKING:
    from tui.building.events import WaitsFor
    from tui.building.log.transcript import Transcript

_WAITS: dict[WaitsFor, str] = {
    "function": "another fn-tui builds it",
    "slot": "no slot of the cluster is free",
    "equal": "a worker builds the same",
}
ROLES = {"built": "ok", "failed": "error", "cancelled": "muted", "skipped": "muted", "lost": "muted"}


def log_words(record: FunctionRecord, glyphs: Glyphs, now: float | None = None, *, short: bool = False) -> Line:
    """`built 14:02 in 3.1 s · exit 0`, or what happens now; `exit 0` if `short`. `now` is time.monotonic()."""
    progress = record.progress
    elapsed = max((time.monotonic() if now is None else now) - progress.started, 0.0)
    if progress.phase == "queued":
        words = _WAITS[progress.waits_for] if progress.waits_for is not None and not short else ""
        return (
            Part(f"{glyphs['queued']} queued", "accent"),
            Part(f" {progress.position}" if progress.position else ""),
            Part(f"{glyphs.text(' · ')}{words}" if words else "", "muted"),
        )
    if progress.phase == "cancelling":
        return (Part(f"cancelling: {progress.signal or 'asked'} {_left(record, now)}", "warn"),)
    if progress.phase == "building":
        why = f" ({glyphs.text(printable(progress.trigger, 60))})" if progress.trigger else ""
        sign = glyphs.sign(STATES["building"])
        word = "" if short else f" building{why}"
        doing = progress.doing_words()
        after = (Part(f" · {glyphs.text(printable(doing, 40))}", "muted"),) if doing and not short else ()
        return (Part(f"{sign}{word} {elapsed:.0f} s{progress.awaited(elapsed)}", "accent"), *after)
    ended = _ended(record)
    if ended is None:
        return ()
    status, finished, seconds, code = ended
    exit_words = f"exit {code}" if code is not None else ""
    if short:
        return (Part(exit_words or WORDS[status], ROLES[status]),)
    shown = f" · {exit_words}" if exit_words else ""
    at = time.strftime("%H:%M", time.localtime(finished))
    return (Part(WORDS[status], ROLES[status]), Part(f" {at} in {human_seconds(seconds)}{shown}", "muted"))


def _ended(record: FunctionRecord) -> tuple[str, float, float, int | None] | None:
    """How the last build ended, when, after how long, with which exit; None where there was none."""
    if record.last is not None and record.finished is not None:
        return record.last.status, record.finished, record.last.seconds, record.last.exit_code
    if not record.history:
        return None
    known = record.history[-1]
    return known.status, known.finished, known.seconds, None


def no_log_lines(record: FunctionRecord | None, glyphs: Glyphs) -> list[Line]:
    """What stands in the place of a log that is not there, and what to do."""
    if record is None:
        return [(Part(" no function is chosen", "muted"),)]
    way = way_to_build(record, glyphs)
    if record.progress.phase != "idle":
        return [(Part(" "), *way)]
    if record.last is None and not record.history:
        built = record.modified is not None
        return [(Part(" built outside of fn-tui: " if built else " no build yet: ", "strong"), *way)]
    return [(Part(" of this build no log was kept: ", "strong"), *way)]


def _left(record: FunctionRecord, now: float | None) -> str:
    deadline = record.progress.deadline
    if deadline is None:
        return ""
    left = max(deadline - (time.monotonic() if now is None else now), 0)
    return f"harder in {left:.0f} s"


def no_lines_shown(only: str, cleared: int, transcript: Transcript, glyphs: Glyphs) -> Line:
    """Why no line of a log shows, and what brings them back. `only`: its filter; `cleared`: lines that were."""
    if only:
        text = glyphs.text(printable(only, 40))
        return (Part(f' no line matches "{text}"', "muted"), Part(f"   {glyphs.key('back')}: all", "muted"))
    if not cleared:
        return ()
    return (Part(" cleared: the log's file keeps all lines" if transcript.path is not None else " cleared", "muted"),)

"""How a function's build stands, in the few words that the log's edge has room for."""

from __future__ import annotations

import time
from pathlib import Path

from tui.app.colours.roles import Line, Part
from tui.app.desk.record import FunctionRecord
from tui.app.rows.glyphs import Glyphs
from tui.lines.states import STATES
from tui.text import human_seconds, printable

ENDED = {"built": "built", "failed": "failed", "cancelled": "cancelled", "skipped": "up to date"}
ROLES = {"built": "ok", "failed": "error", "cancelled": "muted", "skipped": "muted"}


def log_words(record: FunctionRecord, glyphs: Glyphs, now: float | None = None, *, short: bool = False) -> Line:
    """`built 14:02 in 3.1 s, exit 0`, or what happens now; `exit 0` if `short`. `now` is time.monotonic()."""
    progress = record.progress
    elapsed = max((time.monotonic() if now is None else now) - progress.started, 0.0)
    if progress.phase == "queued":
        return (
            Part(f"{glyphs['queued']} queued", "accent"),
            Part(f" {progress.position}" if progress.position else ""),
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
    if record.last is None or record.finished is None:
        return ()
    at = time.strftime("%H:%M", time.localtime(record.finished))
    last = record.last
    exit_words = f", exit {last.exit_code}" if last.exit_code is not None else ""
    if short:
        return (Part(exit_words.removeprefix(", ") or ENDED[last.status], ROLES[last.status]),)
    return (
        Part(ENDED[last.status], ROLES[last.status]),
        Part(f" {at} in {human_seconds(last.seconds)}{exit_words}", "muted"),
    )


def no_log_lines(record: FunctionRecord | None, glyphs: Glyphs) -> list[Line]:
    """What stands in the place of a log that is not there: what to do, and where the log of an earlier build lies."""
    if record is None:
        return [(Part(" no function is chosen", "muted"),)]
    if record.progress.phase == "queued":
        return [(Part(" it waits for its turn", "muted"),)]
    since = " no build yet: " if record.modified is None else " no build since fn-tui was opened: "
    lines: list[Line] = [(Part(since, "strong"), Part("b", "key"), Part(" builds it", "strong"))]
    earlier = earlier_log(record.function.directory)
    if earlier is not None:
        lines.append((Part(" the log of the build before:", "muted"),))
        lines.append((Part(f" {glyphs.text(printable(str(earlier)))}"),))
    return lines


def earlier_log(directory: Path) -> Path | None:
    """The newest log file of a function that an earlier session left, or None."""
    from tui.building.log.log_file import logs_of

    found = logs_of(directory)
    return found[-1] if found else None


def _left(record: FunctionRecord, now: float | None) -> str:
    deadline = record.progress.deadline
    if deadline is None:
        return ""
    left = max(deadline - (time.monotonic() if now is None else now), 0)
    return f"harder in {left:.0f} s"

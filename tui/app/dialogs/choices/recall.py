"""What may be sent to a function again: the calls that are kept beside it, and its last inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.colours.roles import Part
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen
from tui.app.rows.glyphs import Glyphs
from tui.text import plural, printable

if TYPE_CHECKING:
    from tui.app.desk.running.kept import Remembered, Tested
    from tui.app.desk.running.model import Draft

LONGEST = 200  # characters of an input that are shown


def recall_screen(found: Remembered, tested: Tested | None, glyphs: Glyphs) -> ChoiceScreen:
    """Choose one; answers `call:NUMBER` or `input:NUMBER`."""
    passed = {one.call.name: one.passed for one in tested.outcomes} if tested is not None else {}
    choices = [_kept(number, draft, passed.get(draft.name), glyphs) for number, draft in enumerate(found.calls)]
    choices += [
        Choice(f"input:{number}", _shown(text, glyphs) or "(empty)", "sent before", sign=Part(glyphs["dot"], "muted"))
        for number, text in enumerate(found.inputs)
    ]
    note = (Part(_shown(found.problem, glyphs), "error"),) if found.problem else ()
    return ChoiceScreen("Send again", choices, glyphs, note=note)


def _kept(number: int, draft: Draft, passed: bool | None, glyphs: Glyphs) -> Choice:
    sign = {None: Part(glyphs["dot"], "accent"), True: Part(glyphs["ok"], "ok"), False: Part(glyphs["error"], "error")}
    caller = draft.caller.wallet or draft.caller.subject
    sent = plural(len(draft.frames), "frame") if draft.frames else _shown(draft.text, glyphs)
    words = f"kept: {sent}" + (f", as {_shown(caller, glyphs)}" if caller else "")
    return Choice(f"call:{number}", _shown(draft.name, glyphs), words, sign=sign[passed])


def _shown(text: str, glyphs: Glyphs) -> str:
    return glyphs.text(printable(" ".join(text[: 2 * LONGEST].split()), LONGEST))

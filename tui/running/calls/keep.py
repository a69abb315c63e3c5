"""A call that went as it should, kept in calls.yaml for `fn-tui test`: by the command line and from the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tui.running.calls.read import read_calls
from tui.running.calls.saved_call import FILE, CallsFault

LONGEST_NAME: Final = 100


def name_fault(folder: Path, name: str) -> str | None:
    """Why no call can be kept under that name beside a function; None where it can."""
    if not 0 < len(name) <= LONGEST_NAME:
        return f"a call has a name of 1 to {LONGEST_NAME} characters"
    calls = read_calls(folder)
    if isinstance(calls, CallsFault):
        return calls.text(str(folder / FILE))
    if any(call.name == name for call in calls or ()):
        return f"{folder / FILE} has a call {name} already (fn-tui test --update renews what it expects)"
    return None

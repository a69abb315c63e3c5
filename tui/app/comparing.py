"""The difference between a function's module and the one before its last good build."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.record import FunctionRecord
from tui.app.toast import Toast

if TYPE_CHECKING:
    from tui.app.dialogs import Dialogs
    from tui.wasm.diff import ModuleDiff


async def show_difference(screen: Dialogs, record: FunctionRecord) -> None:
    """Compare, off the loop, and show it; say why where there is nothing to compare."""
    from tui.app.diff_screen import DiffScreen

    if record.previous is None or not record.previous.exists():
        screen.say(Toast("there is no earlier build to compare with: build, change something, build again"))
        return
    try:
        found = await asyncio.to_thread(_compare, record.previous, record.wasm)
    except OSError as error:
        screen.say(Toast(f"cannot compare: {error.strerror or error}", "warning"))
        return
    screen.app.push_screen(DiffScreen(found, record.path, glyphs=screen.glyphs))


def _compare(before: Path, after: Path) -> ModuleDiff:
    from tui.wasm.diff import diff_modules
    from tui.wasm.read import read_bytes

    return diff_modules(read_bytes(before), read_bytes(after))

"""The difference between a function's module and the one before its last good build."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.desk.record import FunctionRecord
from tui.app.shell.toast import Toast

if TYPE_CHECKING:
    from tui.app.dialogs.opening import Dialogs
    from tui.wasm.diff import ModuleDiff


async def show_difference(screen: Dialogs, record: FunctionRecord) -> None:
    """Compare, off the loop, and show it; say why where there is nothing to compare."""
    from tui.app.dialogs.dialog import open_dialog
    from tui.app.dialogs.difference import DiffScreen

    try:
        found = await asyncio.to_thread(_compare, record.wasm)
    except OSError as error:
        screen.say(Toast(f"cannot compare: {error.strerror or error}", "warning"))
        return
    if found is None:
        screen.say(Toast("there is no earlier build to compare with: build, change something, build again"))
        return
    open_dialog(DiffScreen(found, record.path, glyphs=screen.glyphs), screen)


def _compare(wasm: Path) -> ModuleDiff | None:
    """The difference; None where there is no module before. The record may be older than the disk, so that is asked."""
    from tui.building.record.previous import known_previous
    from tui.wasm.decode.read import read_bytes
    from tui.wasm.diff import diff_modules

    before = known_previous(wasm.parent)
    return None if before is None else diff_modules(read_bytes(before), read_bytes(wasm))

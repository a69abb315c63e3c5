"""The difference between a function's module and the one before its last good build."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.wasm.diff import ModuleDiff


async def difference_before(wasm: Path) -> ModuleDiff | None:
    """The difference, worked out off the loop; None where there is no module before. Raises OSError.

    What is known may be older than the disk, so the disk is asked.
    """
    return await asyncio.to_thread(_compare, wasm)


def _compare(wasm: Path) -> ModuleDiff | None:
    """The difference."""
    from tui.building.record.previous import known_previous
    from tui.wasm.decode.read import read_bytes
    from tui.wasm.diff import diff_modules

    before = known_previous(wasm.parent)
    return None if before is None else diff_modules(read_bytes(before), read_bytes(wasm))

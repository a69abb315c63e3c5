"""A function built before it runs, where that is called for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.output import remark

if TYPE_CHECKING:
    from tui.building.model import BuildResult
    from tui.building.plan.model import CompilerName


def build_first(directory: Path, compiler: CompilerName) -> str | None:
    """Build what is missing or stale; the sentence of what went wrong, or None. The compiler's words go to stderr."""
    result = asyncio.run(_build(directory.absolute(), compiler))
    if result is None:
        return f"{directory} was not built"
    return None if result.status in ("built", "skipped") else result.error or f"{directory}: the build {result.status}"


async def _build(directory: Path, compiler: CompilerName) -> BuildResult | None:
    from tui.building.inputs.gate import HistoryGate
    from tui.building.model import BuildEnded, BuildOutputBatch
    from tui.building.process.queue import BuildQueue
    from tui.building.process.runner import BuildOptions

    queue = BuildQueue(BuildOptions(compiler, gate=HistoryGate()), 1)
    queue.submit_all([directory])
    queue.finish()
    result = None
    try:
        async for event in queue.events():
            if isinstance(event, BuildEnded):
                result = event.result
            elif isinstance(event, BuildOutputBatch):
                remark(*event.lines)
    finally:
        await queue.shutdown()
    return result

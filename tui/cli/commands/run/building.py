"""Functions built before they run, where that is called for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.output import remark

if TYPE_CHECKING:
    from tui.building.events import BuildResult
    from tui.building.plan.build_plan import CompilerName


def build_first(directory: Path, compiler: CompilerName) -> str | None:
    """Build what is missing or stale; the sentence of what went wrong, or None. The compiler's words go to stderr."""
    folder = directory.absolute()
    return build_all([folder], compiler, 1).get(folder)


def build_all(folders: Sequence[Path], compiler: CompilerName, jobs: int) -> dict[Path, str]:
    """Build what is missing or stale of absolute folders; what went wrong with which. 0 jobs: as many as are fit."""
    from tui.building.process.jobs import default_jobs

    results = asyncio.run(_build(folders, compiler, jobs or default_jobs())) if folders else {}
    return {folder: words for folder in folders if (words := _fault(folder, results.get(folder))) is not None}


def _fault(folder: Path, result: BuildResult | None) -> str | None:
    if result is None:
        return f"{folder} was not built"
    return None if result.status in ("built", "skipped") else result.error or f"{folder}: the build {result.status}"


async def _build(folders: Sequence[Path], compiler: CompilerName, jobs: int) -> dict[Path, BuildResult]:
    from tui.building.events import BuildEnded, BuildOutputBatch
    from tui.building.inputs.need import NeedByHistory
    from tui.building.process.options import BuildOptions
    from tui.building.process.queue import BuildQueue

    queue = BuildQueue(BuildOptions(compiler, need_check=NeedByHistory()), jobs)
    queue.submit_all(folders)
    queue.finish()
    results: dict[Path, BuildResult] = {}
    try:
        async for event in queue.events():
            if isinstance(event, BuildEnded):
                results[event.result.directory] = event.result
            elif isinstance(event, BuildOutputBatch):
                remark(*event.lines)
    finally:
        await queue.shutdown()
    return results

"""Work on disk beside the event loop that is not left half done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def to_the_end(work: Callable[[], T], undo: Callable[[T], object] | None = None) -> T:
    """Do it in a thread. Cancelled meanwhile, the cancellation is raised when the work is done and undone."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if undo is not None and not task.cancelled() and task.exception() is None:
            await asyncio.wait([asyncio.create_task(asyncio.to_thread(undo, task.result()))])
        raise

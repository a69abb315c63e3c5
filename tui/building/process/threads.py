"""Work on disk beside the event loop that is not left half done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


async def to_the_end(work: Callable[[], T], undo: Callable[[T], object] | None = None) -> T:
    """Do it in a thread. Cancelled meanwhile, the cancellation is raised when the work is done and undone."""
    working = asyncio.get_running_loop().run_in_executor(None, copy_context().run, work)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        if undo is not None and not working.cancelled() and working.exception() is None:
            await asyncio.wait([asyncio.create_task(asyncio.to_thread(undo, working.result()))])
        raise

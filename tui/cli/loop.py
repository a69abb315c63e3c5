"""The event loop of a command. Like `asyncio.run`, but what a signal ended waits for no thread that still reads.

A slow disk, or a file of gigabytes, can hold a thread in a read for as long as it likes. Such threads only read:
nothing is lost when they end with the process.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
SIGNALLED = 128  # exit codes above it stand for signals


class _Readers(ThreadPoolExecutor):
    """The threads beside the loop; it knows which of them still work."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="fn-tui")
        self._given: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Start work in a thread."""
        future = super().submit(fn, *args, **kwargs)
        self._given.add(future)
        future.add_done_callback(self._given.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        """Take no more work, and wait for none."""
        super().shutdown(wait=False, cancel_futures=True)

    @property
    def busy(self) -> bool:
        """Whether a thread still works."""
        return any(future.running() for future in self._given)


def run_command(work: Coroutine[Any, Any, int]) -> int:
    """The exit code that `work` gives. Ended by a signal while a thread still reads, the process ends here and now."""
    readers = _Readers()

    async def with_readers() -> int:
        asyncio.get_running_loop().set_default_executor(readers)
        return await work

    code = asyncio.run(with_readers())
    if code > SIGNALLED and readers.busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code

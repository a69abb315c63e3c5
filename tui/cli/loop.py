"""The event loop of a command. Like `asyncio.run`, but what a signal ended waits for no thread that still reads, and
for no reader of what we print.

A slow disk, or a file of gigabytes, can hold a thread in a read for as long as it likes. Such threads only read:
nothing is lost when they end with the process. A pipe that nobody reads holds the main thread: what builds were under
way then is for the guard to clear up.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from types import FrameType
from typing import Any, Final, NoReturn, TypeVar

T = TypeVar("T")
SIGNALLED: Final = 128  # exit codes above it stand for signals
ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LATEST: Final = 1.8  # seconds from the first of these to our end, whatever we wait for


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


def on_signals(then: Callable[[int], None]) -> None:
    """Have `then` called on the running loop with the number of each signal that ends a command.

    The main thread may be waiting where it never comes to that: some time after the first one the process is gone.
    """
    loop = asyncio.get_running_loop()
    for number in ENDING:
        # nohup: who asked not to be ended by a hang-up is not.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, then, number)
            # The loop's own handler does nothing, and has the system go on with a write as if nothing had come.
            signal.signal(number, _be_gone)


def _be_gone(number: int, _frame: FrameType | None) -> None:
    last = threading.Timer(LATEST, os._exit, (SIGNALLED + number,))
    last.daemon = True
    last.start()


def run_command(work: Coroutine[Any, Any, int]) -> int:
    """The exit code that `work` gives. Ended by a signal while a thread still reads, the process ends here and now."""
    readers = _Readers()

    async def with_readers() -> int:
        asyncio.get_running_loop().set_default_executor(readers)
        return await work

    code = asyncio.run(with_readers())
    if code > SIGNALLED and readers.busy:
        end_now(code)
    return code


def end_now(code: int) -> NoReturn:
    """End without waiting for threads. All that was printed is written: what prints here flushes."""
    sys.stderr.flush()
    os._exit(code)

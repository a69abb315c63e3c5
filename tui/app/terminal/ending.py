"""The signals that end us, heard by a thread of its own: whatever the main thread waits for (an editor, a terminal, a
disk), we are gone within seconds, and the guard of the builds sees to what they left.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

TYPED: Final = (signal.SIGINT, signal.SIGQUIT)
# Whatever else would end a process where it stands, and leave the terminal as it is then: timers, limits, what has no
# meaning of its own. Not what a fault raises, after which nothing of ours is to run.
_OTHERS: Final = frozenset(
    [
        "USR1",
        "USR2",
        "ALRM",
        "VTALRM",
        "PROF",
        "XCPU",
        "POLL",
        "PWR",
        "STKFLT",
        "SYS",
        "TRAP",
        "ABRT",
        "EMT",
        "RTMIN",
        "RTMAX",
    ]
)
_NAMED: Final = tuple(one for name, one in signal.Signals.__members__.items() if name.removeprefix("SIG") in _OTHERS)
_REAL_TIME: Final = tuple(signal.valid_signals() - set(signal.Signals))  # those between RTMIN and RTMAX
NOT_TYPED: Final[tuple[int, ...]] = (signal.SIGTERM, signal.SIGHUP, *_NAMED, *_REAL_TIME)
ENDING: Final[tuple[int, ...]] = (*TYPED, *NOT_TYPED)
LATEST: Final = 2.5  # seconds from a signal to our end
ASKED: Final = 10.0  # seconds from `q` to our end: nobody is waiting for a machine to go down


class Ending:
    """Made in the main thread; hears from then on until the process is gone.

    `told` is called in the thread with the exit code of each signal. `last` is called there when we are to be gone and
    are not; then the process ends.
    """

    def __init__(self, told: Callable[[int], None], last: Callable[[], None]) -> None:
        self._told = told
        self._last = last
        self._meant: tuple[int, ...] = ENDING
        self._code: int | None = None
        self._deadline = 0.0
        self._over = False  # whoever comes next hears signals
        self._pipe, self._bell = os.pipe()
        for descriptor in (self._pipe, self._bell):
            os.set_blocking(descriptor, False)
        self._before = {number: signal.signal(number, self._heard) for number in ENDING}
        # Python calls handlers in the main thread, which may be waiting; this is written to by the system at once.
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._listen, name="signals", daemon=True)
        self._thread.start()

    @property
    def begun(self) -> bool:
        """Whether we are on our way out."""
        return self._code is not None

    def begin(self, code: int, seconds: float = ASKED) -> None:
        """Be gone in so many seconds, with this exit code, whatever hangs."""
        self._be_gone(code, seconds)
        os.write(self._bell, b"\0")

    def call_off(self) -> int | None:
        """Stay, though `begin` was called: signals mean what they meant before this was made. Gives the exit code where
        one of them said meanwhile that we are to end.
        """
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        signal.set_wakeup_fd(-1)
        self._over = True
        os.write(self._bell, b"\0")
        self._thread.join()
        return self._code if self._code is not None and self._code > 128 else None

    @contextmanager
    def keyboard_lent(self) -> Iterator[None]:
        """While another program has the keyboard: what is typed there to interrupt or to quit is not meant for us."""
        self._meant = NOT_TYPED
        try:
            yield
        finally:
            self._meant = ENDING

    def _be_gone(self, code: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        if self._code is None or deadline < self._deadline:
            self._code, self._deadline = code, deadline

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        """In the main thread, once it comes to it: before the handler of a higher signal asks whether we end."""
        if number in self._meant:
            self._be_gone(128 + number, LATEST)

    def _listen(self) -> None:
        # Giving the terminal its modes back from the background would stop us for good.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        while not self._over:
            left = max(self._deadline - time.monotonic(), 0) if self.begun else None
            if not select.select((self._pipe,), (), (), left)[0]:
                self._leave()
                continue
            for number in filter(self._meant.__contains__, os.read(self._pipe, 64)):
                self._be_gone(128 + number, LATEST)
                self._told(128 + number)
        for descriptor in (self._pipe, self._bell):
            os.close(descriptor)

    def _leave(self) -> None:
        if self._code is not None and time.monotonic() >= self._deadline:
            self._last()
            os._exit(self._code)

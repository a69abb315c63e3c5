"""What reading one module may cost: time, by the clock and by the size of the file, and entries of one kind.

Readers look at the clock once in a batch of entries, however the entries lie in one another: nothing that a file holds
makes them work for longer than its size is worth. What is then not read is told: the module is not complete.
"""

from __future__ import annotations

import gc
from time import monotonic, thread_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final, TypeVar

    T = TypeVar("T")
    Tick = Callable[[], None]


BATCH: Final = 0xFFF  # the clock is looked at before each entry whose number has none of these bits
# By the clock, where the caller gives no deadline. Far more than work takes: on a busy machine, or one that was stopped
# meanwhile (ctrl+z), a good module is not to become an incomplete one. What bounds the work is the CPU below.
SECONDS: Final = 60.0
# CPU seconds of the thread that a file may take, whatever is in it and whoever looks at it: several times what usual
# modules take (20 MB of stock Go 0.8 s, 2 MB 0.3 s), since calling one of those incomplete is worse than a wait.
LEAST_CPU: Final = 1.0
CPU_PER_BYTE: Final = 1e-7


class OutOfTime(Exception):  # noqa: N818 -- not a fault of the bytes
    """The time was up before the end of the section."""

    reason = "the time for reading ran out"


class OutOfRoom(OutOfTime):
    """The section has more entries than are read of any."""

    def __init__(self, most: int, what: str) -> None:
        super().__init__()
        self.reason = f"more than {most:,} {what}"


class Budget:
    """The time that one module may take: by the clock, and of CPU by the size of the file.

    One for all that looks at the same bytes, in the thread in which it was made.
    """

    __slots__ = ("_cpu", "_deadline", "spent")

    def __init__(self, size: int, deadline: float | None = None) -> None:
        """`deadline` is a time on `time.monotonic()`; None gives a minute."""
        self._deadline = monotonic() + SECONDS if deadline is None else deadline
        self.spent = False  # whether somebody was told that it is used up
        self._cpu = thread_time() + LEAST_CPU + size * CPU_PER_BYTE

    def tick(self) -> None:
        """Raise OutOfTime where one of the two is used up. Called once in a batch of entries."""
        if monotonic() > self._deadline or thread_time() > self._cpu:
            self.spent = True
            raise OutOfTime


def paced(entries: Iterable[T], tick: Tick) -> Iterator[T]:
    """The entries, with a look at the clock once in a batch of them."""
    for number, entry in enumerate(entries):
        if not number & BATCH:
            tick()
        yield entry


class Uncollected:
    """A stretch of work that makes no cycles: the collector's passes would cost 5 to 40 % of it, and find nothing."""

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *raised: object) -> None:
        if self._was_on:
            gc.enable()


class Meter:
    """Counts work of which an entry may ask for more or less, and looks at the clock once in a batch of it."""

    __slots__ = ("_left", "tick")

    def __init__(self, tick: Tick) -> None:
        self.tick = tick
        self._left = BATCH

    def spend(self, amount: int) -> None:
        """So much is done, or about to be."""
        self._left -= amount
        if self._left < 0:
            self._left = BATCH
            self.tick()


def no_tick() -> None:
    """What stands in for the look at the clock where the caller has no time limit."""

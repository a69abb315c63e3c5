from __future__ import annotations

import os
import threading
from math import inf
from time import monotonic

from tui.running.engine.clock import Clock


class Struck:
    """Counts interrupts; a test waits for one."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.times: list[float] = []

    def __call__(self) -> None:
        self.times.append(monotonic())
        self.event.set()


def test_it_strikes_when_time_is_over_and_not_before() -> None:
    struck = Struck()
    clock = Clock(struck)
    due = monotonic() + 0.1
    clock.set(due)
    assert struck.event.wait(40)
    clock.set(inf)
    assert due <= struck.times[0] < due + 1 + os.getloadavg()[0]  # of a machine that others use, too


def test_it_strikes_again_until_it_is_taken_back() -> None:
    struck = Struck()
    clock = Clock(struck)
    clock.set(monotonic())
    for _ in range(3):
        assert struck.event.wait(40)
        struck.event.clear()
    clock.set(inf)
    count = len(struck.times)
    later = Struck()
    Clock(later).set(monotonic() + 0.2)
    assert later.event.wait(40)
    assert len(struck.times) == count


def test_what_is_taken_back_never_strikes() -> None:
    struck, later = Struck(), Struck()
    clock = Clock(struck)
    for _ in range(200):
        clock.set(monotonic() + 0.05)
        clock.set(inf)
    Clock(later).set(monotonic() + 0.2)
    assert later.event.wait(40)
    assert struck.times == []


def test_it_gives_what_was_set_before() -> None:
    clock = Clock(Struck())
    first, second = monotonic() + 100, monotonic() + 50
    assert clock.set(first) == inf
    assert clock.set(second) == first
    assert clock.set(first) == second

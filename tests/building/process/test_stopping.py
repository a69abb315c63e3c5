from __future__ import annotations

import signal
from pathlib import Path

from tui.building.events import BuildCancelling
from tui.building.process.stopping import Stopping

FN = Path("/fn")


def test_the_ladder() -> None:
    stopping = Stopping()
    assert stopping.step(0.0, FN) is None
    stopping.begin(10.0)
    assert stopping.step(10.0, FN) == (signal.SIGINT, BuildCancelling(FN, "SIGINT", 2.0))
    assert stopping.step(11.9, FN) is None
    assert stopping.step(12.0, FN) == (signal.SIGTERM, BuildCancelling(FN, "SIGTERM", 3.0))
    assert stopping.step(14.9, FN) is None
    assert stopping.step(15.0, FN) == (signal.SIGKILL, BuildCancelling(FN, "SIGKILL", None))
    assert stopping.step(99.0, FN) is None
    assert stopping.due is None


def test_begun_twice_goes_on_as_it_was() -> None:
    stopping = Stopping()
    stopping.begin(0.0)
    stopping.step(0.0, FN)
    stopping.begin(1.0)
    assert stopping.due == 2.0


def test_hastened_at_once() -> None:
    for begun in (False, True):
        stopping = Stopping()
        if begun:
            stopping.begin(0.0)
            stopping.step(0.0, FN)
        stopping.hasten(0.5)
        assert stopping.begun
        step = stopping.step(0.5, FN)
        assert step is not None
        assert step[0] == signal.SIGKILL
        stopping.hasten(0.6)
        assert stopping.due is None

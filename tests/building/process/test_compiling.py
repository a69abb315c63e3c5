from __future__ import annotations

from pathlib import Path

from tui.building.guard.process import Child
from tui.building.process.compiling import Compiling
from tui.building.process.stopping import Stopping

FN = Path("/fn")


async def test_a_build_that_takes_too_long_is_stopped() -> None:
    run = Compiling(FN, Child(), Stopping(), 0.0, 300.0)
    for now in (0.0, 200.0, 299.9):
        run._expire(now)
        assert not run.expired
    run._expire(300.1)
    assert run.expired


async def test_the_time_in_which_fn_tui_was_stopped_itself_does_not_count() -> None:
    stopping = Stopping()
    run = Compiling(FN, Child(), stopping, 0.0, 300.0)
    run._expire(200.0)
    run._expire(900.0)  # back from ctrl+z: of its 300 s, 100 were left
    assert not run.expired
    assert not stopping.begun
    run._expire(999.0)
    assert not run.expired
    run._expire(1000.5)
    assert run.expired

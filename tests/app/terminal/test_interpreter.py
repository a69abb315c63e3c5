from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tui.app.terminal.interpreter import hold_the_collector, release_the_collector, set_aside


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """What all tests have loaded stays out of the collector's way: each of its passes over that takes a second."""
    callbacks, thresholds = [*gc.callbacks], gc.get_threshold()
    yield
    gc.callbacks[:] = callbacks
    gc.set_threshold(*thresholds)
    gc.freeze()
    gc.enable()


def test_what_is_loaded_while_it_is_held_is_not_looked_at_again() -> None:
    hold_the_collector()
    assert not gc.isenabled()
    release_the_collector()
    assert gc.isenabled()
    frozen = gc.get_freeze_count()
    assert frozen > 0
    since = [[number] for number in range(1000)]
    release_the_collector()  # nobody held it
    assert gc.get_freeze_count() < frozen + len(since)  # of what was there, some may go meanwhile


def test_what_a_screen_left_is_collected_before_the_next() -> None:
    gone = []

    class Left:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            gone.append("gone")

    hold_the_collector()
    Left()
    release_the_collector()
    gc.collect()
    assert not gone
    hold_the_collector()
    assert gone == ["gone"]
    release_the_collector()


def test_what_outlives_a_long_pass_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_the_collector()
    release_the_collector()
    kept: list[list[object]] = [[]]
    gc.collect()  # a short one
    monkeypatch.setattr("tui.app.terminal.interpreter.LONG_PASS", -1.0)
    assert any(each is kept for each in gc.get_objects())
    gc.collect()
    assert not any(each is kept for each in gc.get_objects())


def test_what_is_known_of_many_functions_is_not_looked_at() -> None:
    kept: list[list[object]] = [[]]
    hold_the_collector()
    set_aside()  # a start that holds it puts it aside itself
    assert any(each is kept for each in gc.get_objects())
    release_the_collector()
    later: list[list[object]] = [[]]
    assert any(each is later for each in gc.get_objects())
    set_aside()
    assert not any(each is later for each in gc.get_objects())

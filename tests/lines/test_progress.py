"""The line that tells how far many builds have come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.lines.ahead import Ahead
from tui.lines.progress import Progress, clock, seconds_left


def test_the_line_has_bar_counts_time_and_failures() -> None:
    assert Progress(17, 60, 2, 41.2).words() == "▓▓░░░░░░ 17/60 · 0:42 left · ✗ 2"
    assert Progress(17, 60, 2, 41.2).words(ascii_only=True) == "##------ 17/60  0:42 left  x 2"


def test_what_is_not_known_is_not_said() -> None:
    assert Progress(0, 3, 0, None).words() == "░░░░░░░░ 0/3"


def test_the_bar_is_full_when_all_is_done_and_never_before() -> None:
    assert Progress(3, 3, 0, None).words(cells=4).startswith("▓▓▓▓ ")
    assert Progress(999, 1000, 0, None).words(cells=4).startswith("▓▓▓░ ")


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (-3, "0:00"), (0.2, "0:01"), (61, "1:01"), (3723, "1:02:03")]
)
def test_a_clock_rounds_up(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_work_is_shared_by_the_jobs() -> None:
    assert seconds_left([10, 10, 10, 10], [], 2) == 20


def test_the_longest_build_bounds_it() -> None:
    assert seconds_left([1, 30], [], 4) == 30


def test_what_ran_already_counts() -> None:
    assert seconds_left([], [(4, 10), (20, 10)], 2) == 6


def test_unknown_ones_take_the_average_of_the_known() -> None:
    assert seconds_left([None, 10], [(0, None)], 1) == 30


def test_nothing_known_is_said_as_such() -> None:
    assert seconds_left([None], [(3, None)], 1) is None


USUAL = st.none() | st.integers(0, 100).map(float)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans(), USUAL)), st.lists(st.tuples(st.just(1.0), USUAL)))
def test_what_waits_is_counted_along(
    changes: list[tuple[str, bool, float | None]], running: list[tuple[float, float | None]]
) -> None:
    ahead, waiting = Ahead(), dict[str, float | None]()
    for name, comes, usual in changes:
        if comes:
            ahead.add(name, usual)
            waiting[name] = usual
        else:
            assert ahead.take(name) == waiting.pop(name, None)
        assert len(ahead) == len(waiting)
        assert ahead.left(running, 2) == pytest.approx(seconds_left(waiting.values(), running, 2))
        assert ahead.longest() == max((each for each in waiting.values() if each is not None), default=0)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.frame.layout import (
    DETAIL_LEAST,
    DETAIL_WHOLE,
    LIST_WIDTH,
    LOG_SHARE,
    MODE_HEIGHTS,
    PANES_LEAST,
    Wants,
    layout_of,
    resized,
)


@pytest.mark.parametrize(
    ("size", "single", "third", "header", "footer", "mode", "log_below"),
    [
        ((1, 1), True, False, False, False, "line", False),
        ((40, 12), True, False, False, True, "line", False),
        ((80, 24), True, False, True, True, "line", False),
        ((80, 50), False, False, True, True, "full", True),
        ((100, 24), False, False, True, True, "line", False),
        ((120, 40), False, False, True, True, "full", True),
        ((140, 40), False, False, True, True, "full", True),
        ((180, 50), False, True, True, True, "full", True),
        ((200, 60), False, True, True, True, "full", True),
        ((200, 12), False, True, False, True, "line", False),
    ],
)
def test_each_size_has_its_own_design(
    size: tuple[int, int], single: bool, third: bool, header: bool, footer: bool, mode: str, log_below: bool
) -> None:
    plan = layout_of(*size, {}, Wants(verdict=True))
    assert (plan.single, plan.third, plan.header, plan.footer) == (single, third, header, footer)
    assert (plan.mode_level, plan.log_below) == (mode, log_below)


@given(
    st.integers(1, 500),
    st.integers(1, 200),
    st.dictionaries(st.sampled_from(["list", "log"]), st.integers(-10, 10_000)),
    st.builds(
        Wants,
        st.integers(0, 300),
        st.none() | st.integers(0, 500),
        st.none() | st.integers(0, 100_000),
        st.booleans(),
        st.none() | st.integers(1, 50),
    ),
)
def test_no_size_starves_the_detail(width: int, height: int, sizes: dict[str, int], wants: Wants) -> None:
    plan = layout_of(width, height, sizes, wants)
    if not plan.single:
        left = width - plan.list_width - plan.verdict_width
        assert left >= min(DETAIL_LEAST, width - LIST_WIDTH[0] - plan.verdict_width)
        assert plan.list_width >= LIST_WIDTH[0]
    if plan.log_below:
        assert height - plan.header - plan.footer - plan.mode_height - plan.log_height >= PANES_LEAST
    if plan.third:
        assert width - plan.list_width - plan.verdict_width >= DETAIL_WHOLE


def test_sizes_stay_within_bounds() -> None:
    assert resized({}, "list", 1)["list"] == LIST_WIDTH[0]
    assert resized({"log": 9}, "list", 1000) == {"log": 9, "list": LIST_WIDTH[1]}


def test_the_list_is_as_wide_as_its_names_want_up_to_a_third() -> None:
    assert [layout_of(120, 40, {}, Wants(list_width=natural)).list_width for natural in (0, 28, 35, 41, 90)] == [
        28,
        28,
        35,
        40,
        40,
    ]
    assert layout_of(120, 40, {"list": 30}, Wants(list_width=90)).list_width == 30
    assert layout_of(300, 80, {}, Wants(list_width=80)).list_width == 80
    assert layout_of(200, 60, {}, Wants(list_width=20)).list_width == 28


def test_a_third_column_opens_only_for_a_verdict_that_has_something_to_say() -> None:
    assert not layout_of(200, 60, {}, Wants(verdict=False)).third
    assert layout_of(200, 60, {}, Wants(verdict=True)).third
    # Names come first: a list that takes all it may leaves none for it.
    assert not layout_of(180, 50, {"list-wide": 90}, Wants(verdict=True)).third


def test_a_log_with_nothing_to_say_is_one_line() -> None:
    assert layout_of(120, 40, {}, Wants(tab_rows=50, log_rows=0)).log_height == 1
    assert layout_of(120, 40, {"log": 20}, Wants(tab_rows=50, log_rows=0)).log_height == 1


def test_the_log_gets_the_rows_that_the_tabs_do_not_need() -> None:
    below = 40 - 2 - MODE_HEIGHTS["full"]
    assert layout_of(120, 40, {}, Wants(tab_rows=9, log_rows=3)).log_height == below - 10
    # Tabs that could fill all leave it its share, as far as it needs that.
    assert layout_of(120, 40, {}, Wants(tab_rows=90, log_rows=900)).log_height == below * LOG_SHARE // 100
    assert layout_of(120, 40, {}, Wants(tab_rows=90, log_rows=5)).log_height == 7
    # What a person chose holds.
    assert layout_of(120, 40, {"log": 12}, Wants(tab_rows=9, log_rows=3)).log_height == 12


def test_the_list_s_width_is_kept_apart_for_narrow_medium_and_wide_terminals() -> None:
    sizes = resized(resized(resized({}, "list", 24, 90), "list", 40, 120), "list", 58, 200)
    assert [layout_of(width, 40, sizes).list_width for width in (90, 120, 200)] == [24, 40, 58]
    assert layout_of(120, 40, resized({}, "list", 58, 200)).list_width == layout_of(120, 40, {}).list_width


def test_what_stands_in_the_place_of_a_picture_takes_the_rows_that_it_needs() -> None:
    assert layout_of(120, 40, {}, Wants(mode_rows=3)).mode_height == 4
    assert layout_of(120, 40, {}, Wants(mode_rows=30)).mode_height == MODE_HEIGHTS["full"]
    assert layout_of(120, 40, {}, Wants()).mode_height == MODE_HEIGHTS["full"]
    assert layout_of(80, 24, {}, Wants(mode_rows=3)).mode_height == 1

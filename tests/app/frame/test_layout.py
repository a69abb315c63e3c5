from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.frame.layout import DETAIL_LEAST, LIST_WIDTH, PANES_LEAST, layout_of, resized


@pytest.mark.parametrize(
    ("size", "single", "third", "header", "footer", "mode", "log_below"),
    [
        ((1, 1), True, False, False, False, "line", False),
        ((40, 12), True, False, False, True, "line", False),
        ((80, 24), True, False, True, True, "line", False),
        ((80, 50), False, False, True, True, "full", True),
        ((100, 24), False, False, True, True, "line", False),
        ((120, 40), False, False, True, True, "full", True),
        ((200, 60), False, True, True, True, "full", True),
        ((200, 12), False, True, False, True, "line", False),
    ],
)
def test_each_size_has_its_own_design(
    size: tuple[int, int], single: bool, third: bool, header: bool, footer: bool, mode: str, log_below: bool
) -> None:
    plan = layout_of(*size, {})
    assert (plan.single, plan.third, plan.header, plan.footer) == (single, third, header, footer)
    assert (plan.mode_level, plan.log_below) == (mode, log_below)


@given(
    st.integers(1, 500),
    st.integers(1, 200),
    st.dictionaries(st.sampled_from(["list", "log"]), st.integers(-10, 10_000)),
)
def test_no_size_starves_the_detail(width: int, height: int, sizes: dict[str, int]) -> None:
    plan = layout_of(width, height, sizes)
    if not plan.single:
        left = width - plan.list_width - plan.verdict_width
        assert left >= min(DETAIL_LEAST, width - LIST_WIDTH[0] - plan.verdict_width)
        assert plan.list_width >= LIST_WIDTH[0]
    if plan.log_below:
        assert height - plan.log_height - 12 >= PANES_LEAST - 2


def test_sizes_stay_within_bounds() -> None:
    assert resized({}, "list", 1)["list"] == LIST_WIDTH[0]
    assert resized({"log": 9}, "list", 1000) == {"log": 9, "list": LIST_WIDTH[1]}


def test_the_list_is_as_wide_as_its_longest_row_up_to_two_fifths() -> None:
    assert layout_of(120, 40, {}).list_width == 33
    assert layout_of(120, 40, {}, natural=41).list_width == 41
    assert layout_of(120, 40, {}, natural=90).list_width == 48
    assert layout_of(120, 40, {"list": 30}, natural=90).list_width == 30
    assert layout_of(200, 60, {}, natural=20).list_width == 38


def test_the_list_s_width_is_kept_apart_for_narrow_medium_and_wide_terminals() -> None:
    sizes = resized(resized(resized({}, "list", 24, 90), "list", 40, 120), "list", 58, 200)
    assert [layout_of(width, 40, sizes).list_width for width in (90, 120, 200)] == [24, 40, 58]
    assert layout_of(120, 40, resized({}, "list", 58, 200)).list_width == layout_of(120, 40, {}).list_width

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.app.colours.roles import ROLES
from tui.app.rows.glyphs import SEVERITIES, SIGNS, STEPS, Glyphs
from tui.gateway.verdict import Severity, StepState
from tui.lines.states import STATES, State

PLAIN, ASCII = Glyphs(), Glyphs(ascii=True)
TABLES = (
    (STATES, get_args(State)),
    (SEVERITIES, get_args(Severity)),
    (STEPS, get_args(StepState)),
)


@pytest.mark.parametrize(("table", "words"), TABLES)
def test_every_state_has_a_sign_of_one_cell_and_a_word(table: dict[str, object], words: tuple[str, ...]) -> None:
    assert set(table) == set(words)


@pytest.mark.parametrize("sign", [*STATES.values(), *SEVERITIES.values(), *STEPS.values()])
def test_state_signs_are_one_cell_wide(sign: object) -> None:
    from tui.lines.states import StateSign

    assert isinstance(sign, StateSign)
    assert cell_len(sign.glyph) == cell_len(sign.ascii) == 1
    assert sign.ascii.isascii()
    assert sign.word
    assert sign.role in ROLES


@pytest.mark.parametrize("name", SIGNS)
def test_twins_line_up(name: str) -> None:
    assert cell_len(PLAIN[name]) == cell_len(ASCII[name])
    assert ASCII[name].isascii()


def test_states_that_need_different_reactions_differ_without_colour() -> None:
    for glyphs in (PLAIN, ASCII):
        signs = {
            state: glyphs.state(state) for state in ("ready", "warnings", "blocked", "stale", "unbuilt", "building")
        }
        assert len(set(signs.values())) == len(signs)


@given(st.floats(allow_nan=False), st.integers(0, 60))
def test_a_bar_has_exactly_its_width(share: float, width: int) -> None:
    for glyphs in (PLAIN, ASCII):
        bar = glyphs.bar(share, width)
        assert cell_len(bar) == width
        assert bar.strip() or share <= 0 or width == 0


def test_a_bar_grows_with_its_share() -> None:
    assert ASCII.bar(0.5, 10) == "#####     "
    assert PLAIN.bar(1, 4) == "████"
    assert PLAIN.bar(0, 4) == "    "


@given(st.lists(st.integers(0, 10**9), max_size=50), st.integers(0, 20))
def test_a_sparkline_shows_the_last_values(values: list[int], width: int) -> None:
    for glyphs in (PLAIN, ASCII):
        assert len(glyphs.sparkline(values, width)) == min(len(values), width)


def test_a_sparkline_rises_with_its_values() -> None:
    assert PLAIN.sparkline([1, 2, 3], 3) == "▁▅█"
    assert ASCII.sparkline([1, 1], 5) == "--"


@given(st.text())
def test_ascii_text_is_ascii(text: str) -> None:
    assert ASCII.text(text).isascii()
    assert PLAIN.text(text) == text


def test_ascii_text_keeps_sentences_readable() -> None:
    assert ASCII.text("a → b ✓ …") == "a > b + ~"

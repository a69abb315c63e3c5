from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui.app.colours.contrast import BLACK, FRAME, TEXT, WHITE, lifted, pole, pushed, ratio, settled
from tui.app.colours.readable import APART, CEILING, paper_of, readable
from tui.app.colours.themes import OURS

COLOURS = st.tuples(*[st.integers(0, 255)] * 3).map(lambda channels: Color(*channels))
THEMES = [theme for theme in (*OURS, *BUILTIN_THEMES.values()) if not theme.ansi]
INKS = ("foreground", "foreground-muted", "foreground-disabled", "text-muted", "text-disabled", "footer-key-foreground")
HUES = ("primary", "secondary", "accent", "success", "warning", "error")


def variables_of(theme: Theme) -> dict[str, str]:
    return {**theme.to_color_system().generate(), **theme.variables}


def test_the_ratio_is_that_of_the_guidelines() -> None:
    assert ratio(BLACK, WHITE) == pytest.approx(21)
    assert ratio(Color.parse("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)
    assert ratio(WHITE, WHITE) == 1


@given(COLOURS, COLOURS, st.floats(1, 21))
def test_a_colour_is_pushed_until_it_reads_or_to_the_end(color: Color, ground: Color, least: float) -> None:
    found = pushed(color, ground, least)
    assert ratio(found, ground) >= min(least, ratio(pole(ground), ground)) - 1e-9
    assert found == color or ratio(color, ground) < least


@given(COLOURS, COLOURS)
def test_a_ground_stands_out_and_leaves_room(ground: Color, towards: Color) -> None:
    end = pole(ground)
    assert ratio(lifted(ground, towards, end, APART), ground) >= APART
    assert ratio(end, settled(towards, ground, 4.5, end)) >= min(4.5, ratio(end, ground))


def test_themes_that_nobody_has_looked_at_read() -> None:
    dice = random.Random(14)
    names = ("primary", "secondary", "accent", "success", "warning", "error", "foreground", "background", "surface")
    for _ in range(60):
        drawn = {name: Color(dice.randrange(256), dice.randrange(256), dice.randrange(256)) for name in names}
        back = drawn["background"]
        if ratio(pole(back), back) >= CEILING:  # dark or light, as those are that people look at
            assert_reads(variables_of(THEMES[0]) | {name: color.hex for name, color in drawn.items()})


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_each_theme_reads(theme: Theme) -> None:
    assert_reads(variables_of(theme))


def assert_reads(variables: dict[str, str]) -> None:
    """All inks on all grounds; the cursor's ground apart from those around it."""
    paper = paper_of(variables)
    made = {
        name: Color.parse(value)
        for name, value in readable(variables, sixteen=False).items()
        if value.startswith("#") and " " not in value
    }
    for ground in paper[:-1]:
        for name in (*INKS, *(f"text-{hue}" for hue in HUES)):
            assert ratio(made[name], ground) >= TEXT, (name, ground)
        assert ratio(made["border"], ground) >= FRAME
        assert ratio(made["border-blurred"], ground) >= FRAME
    for hue in HUES:
        assert ratio(made[f"on-{hue}-muted"], made[f"{hue}-muted"]) >= TEXT, hue
    assert ratio(made["on-primary"], Color.parse(variables["primary"])) >= TEXT
    assert ratio(made["on-rest"], made["rest"]) >= TEXT
    assert min(ratio(paper.cursor, ground) for ground in (paper.background, paper.surface)) >= APART

"""A theme's colours made readable: each pushed towards black or white until it reads wherever it can stand.

Themes choose hues; whether they can be read is not left to them. All that our styles and Textual's widgets draw with
comes through here, so it holds for a theme that nobody has looked at, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from textual.color import Color

from tui.app.colours.contrast import FRAME, TEXT, hardest, lifted, pole, pushed, ratio, settled
from tui.app.colours.styles import HUES, SIXTEEN, STYLES
from tui.facts import Fact

CEILING: Final = 8.0  # least ratio of black or white on any ground: what is written there has room to be told apart
NEAR: Final = 2.0  # of the other grounds to the background, at most
APART: Final = 1.35  # of the cursor's ground from those around it
FULL: Final = 7.0  # of what is said
MUTED: Final = 5.4  # of what is said by the way
FAINT: Final = TEXT  # of what hardly matters
# The least: what is drawn is rounded to whole parts of a channel.
SLACK: Final = 0.02

_NAME: Final = re.compile(r"\$([\w-]+)")

Variables = Mapping[str, str]


class Paper(Fact):
    """What everything is written on."""

    background: Color
    surface: Color  # of dialogs
    panel: Color
    field: Color  # of what one types into
    cursor: Color
    selection: Color  # of the mouse
    end: Color  # black or white: where ink is pushed to

    @property
    def hardest(self) -> Color:
        """Where it is hardest to read."""
        return hardest(self[:-1], self.end)

    def ink(self, color: Color, least: float = TEXT) -> Color:
        """The colour as it reads on all of it."""
        return pushed(color, self.hardest, least + SLACK, self.end)


def readable(variables: Variables, *, sixteen: bool) -> dict[str, str]:
    """The variables of a theme, with ours, such that what is drawn with them reads.

    `sixteen`: its colours are the terminal's own, of which nothing is known.
    """
    return {**variables, **(SIXTEEN if sixteen else _derived(tuple(variables.items())))}


@lru_cache(maxsize=64)
def _derived(of: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Kept: a screen asks several times for those of the same theme."""
    variables = dict(of)
    paper = paper_of(variables)
    hues = {name: color_of(variables, name, paper.background) for name in HUES}
    made = {**_grounds(paper), **_inks(variables, paper, hues), **_badges(paper, hues)}
    found = {name: color.hex for name, color in made.items()}
    # Textual looks a variable up in a style, but not one in a variable.
    known = {**variables, **found}
    return found | {name: _NAME.sub(lambda match: known[match[1]], style) for name, style in STYLES.items()}


def color_of(variables: Variables, name: str, ground: Color) -> Color:
    """A variable as a colour without any transparency, `35%` and all."""
    word, _, percent = variables[name].partition(" ")
    color = Color.parse(word)
    if percent:
        color = color.multiply_alpha(float(percent.rstrip("%")) / 100)
    return ground.blend(color.with_alpha(1.0), color.a)


def paper_of(variables: Variables) -> Paper:
    """The grounds of a theme, none of them so far towards the middle that nothing reads on it."""
    background = color_of(variables, "background", Color(0, 0, 0))
    end = pole(background)
    surface, panel, field = (
        settled(color_of(variables, name, background), background, CEILING, end)
        for name in ("surface", "panel", "boost")
    )
    cursor, selection = (
        _marked((background, surface), color_of(variables, name, background), end) for name in ("primary", "secondary")
    )
    return Paper(background, surface, panel, field, cursor, selection, end)


def _marked(grounds: tuple[Color, ...], hue: Color, end: Color) -> Color:
    """A ground that stands out from those, in a hue."""
    nearest = hardest(grounds, end)
    return lifted(nearest, hue if ratio(end, hue) < ratio(end, nearest) else end, end, APART)


def _grounds(paper: Paper) -> dict[str, Color]:
    background = paper.background
    return {
        "surface": paper.surface,
        "panel": paper.panel,
        "boost": paper.field,
        "block-cursor-background": paper.cursor,
        "block-cursor-blurred-background": paper.cursor,
        "input-selection-background": paper.selection,
        "screen-selection-background": paper.selection,
        "scrollbar-background": background,
        "scrollbar-background-hover": background,
        "scrollbar-background-active": background,
        "scrollbar-corner-color": background,
        "footer-background": background,
    }


def _inks(variables: Variables, paper: Paper, hues: Mapping[str, Color]) -> dict[str, Color]:
    full = paper.ink(color_of(variables, "foreground", paper.background), FULL)
    muted = paper.ink(full.blend(paper.background, 0.45), MUTED)
    faint = paper.ink(full.blend(paper.background, 0.6), FAINT)
    frame = pushed(color_of(variables, "border", paper.background), paper.hardest, FRAME + SLACK, paper.end)
    plain_frame = paper.ink(paper.background.blend(full, 0.2), FRAME)
    lit = dict.fromkeys(("foreground", "block-cursor-foreground", "block-cursor-blurred-foreground"), full)
    return {
        **lit,
        **{f"text-{name}": paper.ink(color) for name, color in hues.items()},
        **dict.fromkeys(("foreground-muted", "text-muted", "footer-description-foreground"), muted),
        **dict.fromkeys(("foreground-disabled", "text-disabled"), faint),
        **dict.fromkeys(("input-selection-foreground", "screen-selection-foreground", "footer-foreground"), full),
        "footer-key-foreground": paper.ink(hues["primary"]),
        "input-cursor-background": full,
        "input-cursor-foreground": paper.background,
        "border": frame,
        **dict.fromkeys(("border-blurred", "scrollbar"), plain_frame),
        **dict.fromkeys(("scrollbar-hover", "scrollbar-active"), frame),
    }


def _badges(paper: Paper, hues: Mapping[str, Color]) -> dict[str, Color]:
    """Words on a ground of a hue, and the grounds."""
    made: dict[str, Color] = {}
    for name, hue in hues.items():
        ground = settled(paper.background.blend(hue, 0.3), paper.background, CEILING, paper.end)
        made[f"{name}-muted"] = ground
        made[f"on-{name}-muted"] = pushed(hue, ground, TEXT + SLACK, paper.end)
    rest = settled(paper.background.blend(paper.end, 0.2), paper.background, CEILING, paper.end)
    made["rest"], made["on-rest"] = rest, pushed(paper.background.blend(paper.end, 0.6), rest, MUTED, paper.end)
    made["on-primary"] = pushed(paper.background, hues["primary"], TEXT + SLACK)
    return made

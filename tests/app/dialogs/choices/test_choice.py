from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.screens import StyledApp, shot_text
from tui.app.colours.roles import Part
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen, choice_line, narrowed
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import width_of
from tui.text import printable

CHOICES = [
    Choice("build", "Build", "build the marked functions", "b"),
    Choice("all", "Build all stale", "build what is stale", "B"),
    Choice("quit", "Quit", "leave; asks while something builds", "q"),
]
HOSTILE = [Choice("a", "[/x]", "[red]markup[/]"), Choice("b", "漢字" * 40, "", "k"), Choice("c", "", "")]


class ChoiceApp(StyledApp):
    """One dialog, and what it answered."""

    def __init__(self, screen: ChoiceScreen) -> None:
        super().__init__()
        self.dialog = screen
        self.answers: list[str | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)


async def answer(screen: ChoiceScreen, *keys: str) -> tuple[list[str | None], str]:
    app = ChoiceApp(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = shot_text(app)
        await pilot.press(*keys)
        await pilot.pause()
    return app.answers, shown


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["enter"], "build"),
        (["down", "enter"], "all"),
        (["up", "enter"], "quit"),
        (["q", "u", "i", "enter"], "quit"),
        (["pagedown", "enter"], "quit"),
        (["z", "z", "z", "enter"], None),
        (["escape"], None),
    ],
)
async def test_keys_choose(keys: list[str], chosen: str | None) -> None:
    answers, shown = await answer(ChoiceScreen("Actions", CHOICES, Glyphs()), *keys)
    assert "Build all stale" in shown
    assert answers == ([chosen] if chosen is not None or keys == ["escape"] else [])


async def test_without_typing_the_cursor_starts_on_what_holds_now() -> None:
    tried: list[str] = []
    screen = ChoiceScreen("T", CHOICES, Glyphs(), typing=False, chosen="all", preview=tried.append)
    answers, _ = await answer(screen, "down", "enter")
    assert answers == ["quit"]
    assert tried[-2:] == ["all", "quit"]


async def test_hostile_words_are_shown_as_they_are() -> None:
    note = (Part("[/x] note"),)
    answers, shown = await answer(ChoiceScreen("[/x]\x1b[2J", HOSTILE, Glyphs(), note=note), "enter")
    assert "[/x]\\e[2J" in shown
    assert "[red]markup[/]" in shown
    assert "[/x] note" in shown
    assert answers == ["a"]


def test_what_only_the_help_mentions_comes_last() -> None:
    assert [choice.key for choice in narrowed(CHOICES, "build")] == ["build", "all", "quit"]
    assert [choice.key for choice in narrowed(CHOICES, "")] == ["build", "all", "quit"]
    assert narrowed(CHOICES, "zzzz") == []


def test_what_answers_equally_well_stays_in_order() -> None:
    choices = [Choice("z", "copy path"), Choice("m", "copy log"), Choice("a", "copy all")]
    assert narrowed(choices, "copy") == choices
    assert narrowed(choices[::-1], "copy") == choices[::-1]


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=8), st.integers(1, 100), st.integers(1, 40))
def test_a_choice_fits_its_line(label: str, words: str, keys: str, width: int, label_width: int) -> None:
    choice = Choice("k", printable(label), printable(words), printable(keys))
    line = choice_line(choice, width, label_width, "…")
    assert width_of(line) <= max(width, width_of((Part(f" {choice.keys}"),)) + label_width + 2)


async def test_a_long_name_takes_no_explanation_its_room() -> None:
    named = Choice("go", "services/billing/customer-lifetime-values", "✗ failed")
    told = Choice("do", "Build", "build the marked functions, else this one", "b")
    _, shown = await answer(ChoiceScreen("Actions", [told, named], Glyphs()))
    assert "build the marked functions, el" in shown
    assert "services/billing/customer-lifetime-values" in shown  # whole: its own explanation is short

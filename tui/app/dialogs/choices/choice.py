"""A list to choose from, narrowed while one types: palette, themes, compilers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.app.colours.roles import Line, Part, content
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, pad, width_of

SHOWN: Final = 200  # choices that are listed at once; typing narrows
LABEL_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. All texts are printable already."""

    key: str  # what is answered
    label: str
    help: str = ""
    keys: str = ""  # at the right edge
    sign: Part | None = None


def rank(needle: str, text: str) -> int | None:
    """How well `text` answers what was typed, smaller is better; None: not at all.

    All letters must come in order. Best is a run from the start, then one from the start of a word, then one anywhere,
    then scattered letters, the closer together the better.
    """
    needle, text = needle.lower().replace(" ", ""), text.lower()
    if not needle:
        return 0
    solid = text.replace(" ", "").find(needle)
    if solid == 0:
        return 0
    if any(word.startswith(needle) for word in text.replace("/", " ").replace("-", " ").split()):
        return 1
    if solid > 0:
        return 2 + solid
    place, first = -1, None
    for letter in needle:
        place = text.find(letter, place + 1)
        if place < 0:
            return None
        first = place if first is None else first
    return 100 + place - (first or 0)


LIST_MOST: Final = 18  # lines of the list


def narrowed(choices: Sequence[Choice], needle: str) -> list[Choice]:
    """The choices that answer what was typed, best first; as they come where nothing was."""
    if not needle.strip():
        return list(choices[:SHOWN])
    ranked = [(rank(needle, choice.label), place) for place, choice in enumerate(choices)]
    # What only the explanation mentions comes after all that the name answers.
    lower = needle.lower()
    found = [
        (1000 if score is None else score, place)
        for score, place in ranked
        if score is not None or lower in choices[place].help.lower()
    ]
    return [choices[place] for _, place in sorted(found)[:SHOWN]]


def choice_line(choice: Choice, width: int, label_width: int, ellipsis: str) -> Line:
    """One choice in `width` cells."""
    right = (Part(f" {choice.keys}", "key"),) if choice.keys else ()
    lead = (choice.sign, Part(" ")) if choice.sign is not None else ()
    room = max(width - width_of(right) - width_of(lead), 1)
    label = pad((Part(cut(choice.label, min(label_width, room), ellipsis, middle=True), "strong"),), label_width + 2)
    help_room = room - width_of(label)
    text = (Part(cut(choice.help, help_room, ellipsis), "muted"),) if help_room > 6 else ()
    return (*lead, *pad((*label, *text), room), *right)


class ChoiceList(OptionList):
    """Textual's list, but that a page is a number of choices: Textual counts lines, and fails where it has not laid out
    what was listed in the same moment.
    """

    PAGE: Final = 10

    def action_page_down(self) -> None:
        """Down by a page, to the last."""
        self._turn(self.PAGE)

    def action_page_up(self) -> None:
        """Up by a page, to the first."""
        self._turn(-self.PAGE)

    def _turn(self, by: int) -> None:
        if self.option_count:
            self.highlighted = min(max((self.highlighted or 0) + by, 0), self.option_count - 1)


class ChoiceScreen(Dialog[str]):
    """Answers the key of what was chosen; None where nothing was."""

    DEFAULT_CSS = """
    ChoiceScreen Input, ChoiceScreen Input:focus { height: 1; border: none; padding: 0; background: $surface; }
    ChoiceScreen OptionList, ChoiceScreen OptionList:focus {
        height: auto; min-width: 6; border: none; padding: 0; margin: 1 0 0 0; background: $surface;
        scrollbar-size-vertical: 1;
    }
    ChoiceScreen OptionList > .option-list--option { padding: 0; }
    ChoiceScreen OptionList > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n,ctrl+j", "step(1)", "Down", show=False, priority=True),
        Binding("up,ctrl+p,ctrl+k", "step(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "step(10)", "Page down", show=False, priority=True),
        Binding("pageup", "step(-10)", "Page up", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        glyphs: Glyphs,
        *,
        typing: bool = True,
        chosen: str | None = None,
        preview: Callable[[str], None] | None = None,
        note: Line = (),
    ) -> None:
        super().__init__(title, glyphs, hint(("enter", "chooses"), ("esc", "closes")))
        self.choices = list(choices)
        self.typing = typing
        self.chosen = chosen
        self.preview = preview
        self.note = note
        self._listed: list[Choice] = []
        self._typed = Input(placeholder="type to narrow", compact=True)
        self._options = ChoiceList(markup=False)

    def body(self) -> list[Widget]:
        """What is typed, and the list."""
        from textual.widgets import Static

        parts: list[Widget] = []
        if self.note:
            parts.append(Static(content([self.note]), markup=False))
        if self.typing:
            parts.append(self._typed)
        parts.append(self._options)
        return parts

    def on_mount(self) -> None:
        """List all."""
        self._list(self.choices[:SHOWN])
        (self._typed if self.typing else self._options).focus()
        place = next((place for place, choice in enumerate(self._listed) if choice.key == self.chosen), 0)
        self._options.highlighted = place if self._listed else None

    def on_resize(self) -> None:
        """Lay the lines out for the width."""
        place = self._options.highlighted
        # What stands around the list: edges, paddings, what is typed, a note, the hints.
        around = 8 + self.typing + bool(self.note)
        self._options.styles.max_height = max(min(self.size.height * 92 // 100 - around, LIST_MOST), 2)
        self._list(self._listed)
        self._options.highlighted = place

    def _list(self, choices: list[Choice]) -> None:
        self._listed = choices
        options = self._options
        width = max(min(self.size.width * 96 // 100, 72) - 7, 10)
        labels = max((width_of((Part(choice.label),)) for choice in choices), default=1)
        label_width = min(labels, LABEL_MOST, width)
        ellipsis = self.glyphs["ellipsis"]
        lines = [content([choice_line(choice, width, label_width, ellipsis)]) for choice in choices]
        options.set_options([Option(line) for line in lines])
        if choices:
            options.highlighted = 0

    @on(Input.Changed)
    def narrow(self, message: Input.Changed) -> None:
        """Narrow while one types."""
        self._list(narrowed(self.choices, message.value))

    def action_step(self, step: int) -> None:
        """Move in the list while one types."""
        options = self._options
        if self._listed:
            place = (options.highlighted or 0) + step
            last = len(self._listed) - 1
            options.highlighted = place % (last + 1) if abs(step) == 1 else min(max(place, 0), last)

    @on(OptionList.OptionHighlighted)
    def show_preview(self, message: OptionList.OptionHighlighted) -> None:
        """Try what the cursor is on."""
        if self.preview is not None and not self.answered and message.option_index < len(self._listed):
            self.preview(self._listed[message.option_index].key)

    @on(OptionList.OptionSelected)
    def choose(self, message: OptionList.OptionSelected) -> None:
        """Answer with what was clicked or entered; it may be gone from the list by now."""
        if message.option_index < len(self._listed):
            self.dismiss(self._listed[message.option_index].key)

    @on(Input.Submitted)
    def choose_highlighted(self) -> None:
        """Answer with what the cursor is on."""
        place = self._options.highlighted
        if place is not None and place < len(self._listed):
            self.dismiss(self._listed[place].key)

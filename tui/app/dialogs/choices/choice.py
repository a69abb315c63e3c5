"""A list to choose from, narrowed while one types: palette, themes, compilers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.app.colours.roles import Line, Part, content
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.dialogs.field import Field
from tui.app.rows.cursor import Direction, leap_page
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, pad, width_of
from tui.app.rows.row_list import RowHighlighted, RowSelected
from tui.app.rows.table import Row

SHOWN: Final = 200  # choices that are listed at once; typing narrows
LABEL_MOST: Final = 40
LABEL_SHARE: Final = 40  # percent of the width that the column of names takes at most: explanations want the rest


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
    # A long name takes what its explanation leaves.
    label_width = max(label_width, min(cell_len(choice.label), room - cell_len(choice.help) - 2))
    label = pad((Part(cut(choice.label, min(label_width, room), ellipsis, middle=True), "strong"),), label_width + 2)
    help_room = room - width_of(label)
    text = (Part(cut(choice.help, help_room, ellipsis), "muted"),) if help_room > 6 else ()
    return (*lead, *pad((*label, *text), room), *right)


class ChoiceScreen(Dialog[str]):
    """Answers the key of what was chosen; None where nothing was."""

    DEFAULT_CSS = """
    ChoiceScreen > #dialog { width: 100; }
    ChoiceScreen #dialog-body { padding: 0 2 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n,ctrl+j", "step(1)", "Down", show=False, priority=True),
        Binding("up,ctrl+p,ctrl+k", "step(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "page(1)", "Page down", show=False, priority=True),
        Binding("pageup", "page(-1)", "Page up", show=False, priority=True),
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
        super().__init__(title, glyphs, hint(("open", "chooses"), ("back", "closes")))
        self.choices = list(choices)
        self.typing = typing
        self.chosen = chosen
        self.preview = preview
        self.note = note
        self._listed: list[Choice] = []
        self._typed = Field("Search", glyphs, placeholder="type to narrow")
        self.rows = DialogRows(glyphs=glyphs)
        self.rows.cursor_shows = True
        self.rows.can_focus = not typing  # who types goes on typing, whatever is clicked

    def body(self) -> list[Widget]:
        """What is typed, and the list."""
        from textual.widgets import Static

        parts: list[Widget] = []
        if self.note:
            parts.append(Static(content([self.note]), markup=False))
        if self.typing:
            parts.append(self._typed)
        parts.append(self.rows)
        return parts

    def on_mount(self) -> None:
        """List all."""
        self._listed = self.choices[:SHOWN]
        self.rows.fill(self._rows_for)
        (self._typed.input if self.typing else self.rows).focus()
        if self.chosen is not None:
            self.rows.steps.go_to_key(self.chosen)

    def leave_room(self, rows: int) -> None:
        """Leave room for what stands around the list: edges, paddings, what is typed, a note, the hints."""
        around = 5 + 3 * self.typing + bool(self.note)
        self.rows.styles.max_height = max(min(rows * 92 // 100 - around, LIST_MOST), 2)

    def _rows_for(self, width: int) -> list[Row]:
        labels = max((width_of((Part(choice.label),)) for choice in self._listed), default=1)
        label_width = min(labels, LABEL_MOST, max(width * LABEL_SHARE // 100, 1))
        ellipsis = self.glyphs["ellipsis"]
        if not self._listed:
            return [Row("none", lines=((Part("nothing answers that", "muted"),),), selectable=False)]
        lines = ((choice.key, choice_line(choice, width, label_width, ellipsis)) for choice in self._listed)
        return [Row(key, lines=(line,)) for key, line in lines]

    @on(Input.Changed)
    def narrow(self, message: Input.Changed) -> None:
        """Narrow while one types."""
        self._listed = narrowed(self.choices, message.value)
        self.rows.hold(bool(message.value))
        self.rows.fill(self._rows_for, keep_cursor=False)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Let these be chosen from, in place of those before; the cursor stays on what it is on."""
        self.choices = list(choices)
        if self.is_mounted and not self.answered:
            self._listed = narrowed(self.choices, self._typed.input.value)
            self.rows.fill(self._rows_for)

    def action_step(self, step: Direction) -> None:
        """Move in the list while one types; round its ends."""
        rows = self.rows
        place = rows.cursor.stepped(step)
        rows.steps.go(place if place is not None else 0 if step > 0 else rows.stack.last)

    def action_page(self, step: Direction) -> None:
        """A page further, while one types."""
        leap_page(self.rows.steps, step)

    @on(RowHighlighted)
    def show_preview(self, message: RowHighlighted) -> None:
        """Try what the cursor is on."""
        if self.preview is not None and not self.answered:
            self.preview(message.row.key)

    @on(RowSelected)
    def choose(self, message: RowSelected) -> None:
        """Answer with what was clicked or entered."""
        message.stop()
        self.dismiss(message.row.key)

    @on(Input.Submitted)
    def choose_highlighted(self) -> None:
        """Answer with what the cursor is on."""
        row = self.rows.row
        if row is not None and row.selectable:
            self.dismiss(row.key)

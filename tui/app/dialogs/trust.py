"""Asks, before anything of it takes effect, whether a person agrees to the settings that a workspace brings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui.app.colours.roles import Line, Part, content
from tui.app.dialogs.dialog import LOW, Dialog, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.keys.handlers import Handlers
from tui.app.keys.keymap import read_keymap
from tui.app.keys.moves import moved_keys
from tui.app.options import ScreenOptions, TrustQuestion
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowSelected
from tui.app.rows.table import Row
from tui.settings.effects import consequences
from tui.text import printable

Trust = Literal["without", "never", "agree"]
# The first is where the cursor is: enter, pressed by habit, agrees to nothing.
ANSWERS: Final[tuple[tuple[Trust, str, str], ...]] = (
    ("without", "Open without them", "asked again next time"),
    ("never", "Open without them for good", "until the file changes"),
    ("agree", "Agree to them", "in force as long as the file stays as it is"),
)
_AROUND: Final = 11  # lines: title, edge and padding, the answers, the hints
_PADDINGS: Final = 4  # of these lines, where there is no room for them
_WRAPS_BELOW: Final = 74  # columns: answers and hints take more lines


class TrustScreen(Dialog[Trust]):
    """Answers what is to become of the settings; None: open without them."""

    DEFAULT_CSS = """
    TrustScreen #dialog { width: 100; }
    TrustScreen VerticalScroll { height: auto; scrollbar-size-vertical: 1; background: $surface; }
    TrustScreen VerticalScroll Static { height: auto; min-width: 1; }
    TrustScreen DialogRows { margin: 1 0 0 0; }
    TrustScreen.-low DialogRows { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll(10)", show=False, priority=True),
        Binding("pageup", "scroll(-10)", show=False, priority=True),
        Binding("ctrl+q,ctrl+c", "quit_now", show=False, priority=True),
    ]

    def __init__(self, options: ScreenOptions, question: TrustQuestion, glyphs: Glyphs) -> None:
        moves = ("cursor-up cursor-down", "choose")
        hints = hint(moves, ("open", "does it"), ("back", "opens without them"), ("quit", "quits"))
        super().__init__("This workspace brings settings", glyphs, hints)
        self._scroll = VerticalScroll(Static(content(trust_lines(options, question, glyphs)), markup=False))
        self._scroll.can_focus = False
        self._answers = DialogRows(glyphs=glyphs, id="answers")

    def body(self) -> list[Widget]:
        """What the file sets, and the answers."""
        return [self._scroll, self._answers]

    def handlers(self) -> Handlers:
        """The list's, scrolling what the file sets, and leaving."""
        half: Handlers = {
            "half-page-down": partial(self.action_scroll, 10),
            "half-page-up": partial(self.action_scroll, -10),
        }
        return {**super().handlers(), **half, "quit": self.action_quit_now}

    def on_mount(self) -> None:
        """The harmless answer first."""
        self._answers.set_rows(
            [Row(answer, lines=(_answer_line(label, words, self.glyphs),)) for answer, label, words in ANSWERS]
        )
        self._answers.focus()

    def leave_room(self, rows: int) -> None:
        """The answers and the hints are always in sight; what the file sets has the rest, and is scrolled."""
        around = _AROUND - (_PADDINGS if rows < LOW else 0) + (4 if self.app.size.width < _WRAPS_BELOW else 0)
        self._scroll.styles.max_height = max(rows * 92 // 100 - around, 1 if rows < LOW else 3)

    def action_quit_now(self) -> None:
        """Leave: nothing was opened yet."""
        self.app.exit(0)

    def action_scroll(self, lines: int) -> None:
        """Scroll what the file sets."""
        self._scroll.scroll_relative(y=lines, animate=False)

    @on(RowSelected)
    def choose(self, message: RowSelected) -> None:
        """Answer."""
        message.stop()
        self.dismiss(ANSWERS[self._answers.cursor.place][0])


def _answer_line(label: str, words: str, glyphs: Glyphs) -> Line:
    return (Part(label, "strong"), Part(f"  {glyphs.text(words)}", "muted"))


def trust_lines(options: ScreenOptions, question: TrustQuestion, glyphs: Glyphs) -> list[Line]:
    """Where the file lies, what each of its settings would do, and which keys would mean something else."""
    found = question.found
    told = consequences(found.entries, found.file.path.parent)
    before, after = read_keymap(options.settings.keys), read_keymap(question.agreed.keys)
    return [
        (Part(glyphs.text(printable(str(found.file.path), 200)), "muted"),),
        (Part("Nothing of it is in force. If you agree:"),),
        (),
        *_pairs(told, glyphs),
        *_pairs((moved.words(glyphs.ascii) for moved in moved_keys(before, after)), glyphs, "key "),
        *((Part(glyphs.text(printable(problem, 300)), "muted"),) for problem in after.problems),
    ]


def _pairs(pairs: Iterable[tuple[str, str]], glyphs: Glyphs, lead: str = "") -> Iterable[Line]:
    """What is set on one line, and below it what that would do."""
    for left, right in pairs:
        yield (Part(glyphs.text(lead + printable(left, 200)), "strong"),)
        yield (Part(f"    {glyphs.text(printable(right, 300))}", "muted"),)

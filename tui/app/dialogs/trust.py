"""Asks, before anything of it takes effect, whether a person agrees to the settings that a workspace brings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app.colours.roles import Line, Part, content
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.keys.actions import key_word
from tui.app.keys.keymap import read_keymap
from tui.app.keys.moves import moved_keys
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.options import ScreenOptions, TrustQuestion
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
_WRAPS_BELOW: Final = 74  # columns: answers and hints take more lines


class TrustScreen(Dialog[Trust]):
    """Answers what is to become of the settings; None: open without them."""

    DEFAULT_CSS = """
    TrustScreen #dialog { width: 100; }
    TrustScreen VerticalScroll { height: auto; scrollbar-size-vertical: 1; background: $surface; }
    TrustScreen VerticalScroll Static { height: auto; }
    TrustScreen OptionList, TrustScreen OptionList:focus {
        height: auto; min-width: 6; border: none; padding: 0; margin: 1 0 0 0; background: $surface;
    }
    TrustScreen OptionList > .option-list--option { padding: 0; }
    TrustScreen OptionList > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown,ctrl+d", "scroll(10)", show=False, priority=True),
        Binding("pageup,ctrl+u", "scroll(-10)", show=False, priority=True),
        Binding("j,down", "step(1)", show=False, priority=True),
        Binding("k,up", "step(-1)", show=False, priority=True),
        Binding("q,ctrl+q,ctrl+c", "quit_now", show=False, priority=True),
    ]

    def __init__(self, options: ScreenOptions, question: TrustQuestion, glyphs: Glyphs) -> None:
        arrows = f"{key_word('up', glyphs.ascii)} {key_word('down', glyphs.ascii)}"
        hints = hint((arrows, "choose"), ("enter", "does it"), ("esc", "opens without them"), ("q", "quits"))
        super().__init__("This workspace brings settings", glyphs, hints)
        self._scroll = VerticalScroll(Static(content(trust_lines(options, question, glyphs)), markup=False))
        self._scroll.can_focus = False
        self._answers = OptionList(*(Option(_answer_line(*each, glyphs), id=each[0]) for each in ANSWERS), markup=False)

    def body(self) -> list[Widget]:
        """What the file sets, and the answers."""
        return [self._scroll, self._answers]

    def on_mount(self) -> None:
        """The harmless answer first."""
        self._answers.highlighted = 0
        self._answers.focus()

    def on_resize(self) -> None:
        """The answers and the hints are always in sight; what the file sets has the rest, and is scrolled."""
        around = _AROUND + (4 if self.size.width < _WRAPS_BELOW else 0)
        self._scroll.styles.max_height = max(self.size.height * 92 // 100 - around, 3)

    def action_step(self, step: int) -> None:
        """Move among the answers; not from the last to the first."""
        place = (self._answers.highlighted or 0) + step
        self._answers.highlighted = min(max(place, 0), len(ANSWERS) - 1)

    def action_quit_now(self) -> None:
        """Leave: nothing was opened yet."""
        self.app.exit(0)

    def action_scroll(self, lines: int) -> None:
        """Scroll what the file sets."""
        self._scroll.scroll_relative(y=lines, animate=False)

    @on(OptionList.OptionSelected)
    def choose(self, message: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(ANSWERS[message.option_index][0])


def _answer_line(_: Trust, label: str, words: str, glyphs: Glyphs) -> Content:
    return content([(Part(label, "strong"), Part(f"  {glyphs.text(words)}", "muted"))])


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

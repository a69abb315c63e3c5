"""What all dialogs share: a box in the middle over the screen, escape closes it, nothing else reaches below."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen, ScreenResultCallbackType
from textual.widget import Widget
from textual.widgets import Static

from tui.app.colours.roles import Line, Part, content
from tui.app.frame.title_bar import Tab, TitleBar
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit
from tui.text import printable

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A box with a title, a body and a line of hints. Subclasses give the body."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > #dialog { width: 72; max-width: 96%; height: auto; max-height: 92%; background: $surface; }
    Dialog #dialog-body {
        height: auto; max-height: 1fr; border: round $border; border-top: none; padding: 1 2; background: $surface;
    }
    Dialog #dialog-title { color: $border; background: $surface; }
    Dialog #dialog-hints { height: auto; padding: 1 0 0 0; color: $text-muted; }
    Dialog.-ascii #dialog-body { border: ascii $border; border-top: none; }
    Dialog:ansi { background: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("ctrl+c", "leave", "Close", show=False),
    ]

    def __init__(self, title: str, glyphs: Glyphs, hints: Line = ()) -> None:
        super().__init__(classes="-ascii" if glyphs.ascii else None)
        self.dialog_title = glyphs.text(printable(title, 60))
        self.glyphs = glyphs
        self.hints = hints
        self.answered = False  # the dialog is on its way out

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer, once: a second Enter in the same moment, or the second half of a double click, is
        for nobody. A dialog that lies below another one does not close the other in its place.
        """
        if self.answered or self.app.screen is not self:
            return AwaitComplete()
        self.answered = True
        return super().dismiss(result)

    def compose(self) -> ComposeResult:
        """Title, body, hints."""
        with Vertical(id="dialog"):
            yield TitleBar(
                self.glyphs, (Tab("title", self.dialog_title, self.dialog_title),), "title", id="dialog-title"
            )
            with Vertical(id="dialog-body"):
                yield from self.body()
                if self.hints:
                    yield Static(content([fit(self.hints, 200)]), id="dialog-hints", markup=False)

    def body(self) -> list[Widget]:
        """The widgets between title and hints."""
        raise NotImplementedError

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


def open_dialog(
    dialog: Dialog[Answer], over: Screen[Any], answered: ScreenResultCallbackType[Answer] | None = None
) -> bool:
    """Show a dialog over the screen that asks for it; `answered` is told the answer, None where there is none.

    A screen that lies below a dialog already opens no other: its key was pressed twice, or came before the dialog did.
    Returns whether the dialog is opened.
    """
    if over.app.screen is not over:
        return False
    over.app.push_screen(dialog, answered)
    return True


def hint(*pairs: tuple[str, str]) -> Line:
    """`enter chooses  esc closes`."""
    parts: list[Part] = []
    for key, what in pairs:
        parts += [Part(key, "key"), Part(f" {what}   ", "muted")]
    return tuple(parts)

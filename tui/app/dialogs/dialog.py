"""What all dialogs share: a box in the middle over the screen, escape closes it, nothing else reaches below."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit
from tui.app.shell.roles import Line, Part, content
from tui.app.shell.title_bar import Tab, TitleBar
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


def hint(*pairs: tuple[str, str]) -> Line:
    """`enter chooses  esc closes`."""
    parts: list[Part] = []
    for key, what in pairs:
        parts += [Part(key, "key"), Part(f" {what}   ", "muted")]
    return tuple(parts)

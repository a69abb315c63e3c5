"""What is sent: a text of several lines, with a word in its frame on how it would arrive."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.widgets import TextArea

from tui.app.keys.handlers import TYPING
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut
from tui.running.host.gojson import is_json
from tui.text import printable

JUDGED: Final = 64 << 10  # characters
_CORNERS: Final = 6  # cells of the frame that are not for words


class RunInput(TextArea):
    """The input; its frame has colour while it has the keys."""

    DEFAULT_CSS = """
    RunInput, RunInput:focus {
        border: round $border-blurred; border-title-color: $text-muted; border-subtitle-color: $text-muted;
        padding: 0 1; background: $background; color: $foreground; height: 5;
        scrollbar-size-vertical: 1;
    }
    RunInput:focus { border: round $border; border-title-color: $text-primary; }
    RunInput.-ascii { border: ascii $border-blurred; }
    RunInput.-ascii:focus { border: ascii $border; }
    RunInput .text-area--cursor-line { background: $background; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, classes=TYPING)
        self.set_class(glyphs.ascii, "-ascii")
        self.border_title = "Input"
        self.glyphs = glyphs
        self._beside = ""

    def judge(self, beside: str = "") -> None:
        """Say in the frame `beside`, and whether it is JSON, which is what a client sends; as far as there is room."""
        self._beside = beside
        kind = kind_of(self.text)
        words = self.glyphs.text(printable(f"{beside} · {kind}" if beside else kind))
        room = max(self.outer_size.width - _CORNERS, len(kind))
        # As it is, never as markup: names are anything.
        self.border_subtitle = Content(cut(words, room, self.glyphs["ellipsis"]))

    def on_resize(self) -> None:
        """There is room for more of it, or for less."""
        self.judge(self._beside)


def kind_of(text: str) -> str:
    """What a client would make of a text; a long one is not looked at on each key."""
    if not text.strip():
        return "empty"
    if len(text) > JUDGED:
        return "long"
    return "JSON" if is_json(text.encode("utf-8", "replace")) else "not JSON: sent as text"

"""The filter of a pane: begun, typed and left by keys, the rows made again as it changes."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.scroll_view import ScrollView

from tui.app.keys.handlers import TYPING, Handlers
from tui.app.rows.typed_filter import TypedFilter


class PaneFilter:
    """Has the words of the filter, and its pane made anew when they are others."""

    def __init__(self, pane: ScrollView, renew: Callable[[], None]) -> None:
        self.pane = pane
        self.renew = renew  # the rows, where somebody sees them
        self.typed = TypedFilter()

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {"filter": self.ask, "back": self.leave}

    def ask(self) -> None:
        """Begin to type."""
        if not self.typed.typing:
            self.typed.typing = True
            self._changed()
            self.pane.scroll_to(y=0, animate=False)  # it is typed in the first line

    def leave(self) -> bool:
        """Show all rows again, the cursor on its row; False where there is no filter to leave."""
        was_on = self.typed.is_on
        if was_on:
            self.clear()
            self.renew()
        return was_on

    def clear(self) -> None:
        """No filter; the rows are made again by whoever asks."""
        self.typed.clear()
        self._mark()

    def _changed(self) -> None:
        self._mark()
        self.renew()

    def _mark(self) -> None:
        """Whether letters are text here shows in the pane's class: keys that would be typed are not offered."""
        self.pane.set_class(self.typed.typing, TYPING)

    def end(self) -> None:
        """Who leaves the pane has typed enough."""
        if self.typed.typing:
            self.typed.end()
            self._changed()

    def key(self, event: events.Key) -> None:
        """What is typed goes into the filter; what moves still moves."""
        fate = self.typed.press(event.key, event.character if event.is_printable else None)
        if fate == "left":
            return
        self._changed()
        if fate == "taken":
            event.stop()
            event.prevent_default()

    def paste(self, event: events.Paste) -> None:
        """A paste goes into the filter, on one line."""
        if self.typed.typing:
            event.stop()
            self.typed.type(" ".join(event.text.split()))
            self.renew()

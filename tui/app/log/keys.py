"""Moving in a log: the actions that every list of the screen has, for the log's lines."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from tui.app.log.view import LogView


class LogKeys(Vertical):
    """A pane around one `LogView`. The other keys (j k g G ctrl+d, f & W ...) are the action table's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-0.9)", "Page up", show=False),
        Binding("pagedown", "page(0.9)", "Page down", show=False),
        Binding("left,h,shift+left", "scroll_sideways(-8)", "Left", show=False),
        Binding("right,l,shift+right", "scroll_sideways(8)", "Right", show=False),
    ]

    def __init__(self, view: LogView, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.view = view

    def action_cursor_down(self) -> None:
        """A line down."""
        self.view.step(1)

    def action_cursor_up(self) -> None:
        """A line up."""
        self.view.step(-1)

    def action_cursor_top(self) -> None:
        """To the first line that is kept."""
        self.view.move_cursor(0)

    def action_cursor_bottom(self) -> None:
        """To the end, and follow it."""
        self.view.set_follow(True)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self.view.page(0.5)

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self.view.page(-0.5)

    def action_page(self, share: float) -> None:
        """A share of a page down, or up where it is negative."""
        self.view.page(share)

    def action_scroll_sideways(self, columns: int) -> None:
        """Scroll long lines."""
        self.view.scroll_to(x=max(self.view.scroll_offset.x + columns, 0), animate=False)

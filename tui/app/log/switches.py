"""How a log shows, as its keys switch it: following or held, wrapped or not, with times, from here on only."""

from __future__ import annotations

from tui.app.keys.handlers import Handlers
from tui.app.log.view import LogView


class LogSwitches:
    """Switches one view."""

    def __init__(self, view: LogView) -> None:
        self.view = view

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {
            "log-follow": self.toggle_follow,
            "log-wrap": self.toggle_wrap,
            "log-times": self.toggle_times,
            "log-clear": self.clear_lines,
        }

    def toggle_follow(self) -> None:
        """Follow the end, or hold here."""
        self.view.set_follow(not self.view.follow)

    def toggle_wrap(self) -> None:
        """Wrap long lines, or not."""
        self.view.wrap = not self.view.wrap
        self.view.scroll_to(x=0, animate=False, force=True)
        self.view.lay_out()

    def toggle_times(self) -> None:
        """Show when each line came, or not."""
        self.view.times = not self.view.times
        self.view.lay_out()

    def clear_lines(self) -> None:
        """Hide all lines that came so far. They stay in the file."""
        if self.view.transcript is not None:
            self.view.cleared = self.view.transcript.total
            self.view.follow, self.view.selecting_from = True, None
            self.view.lay_out()
            self.view.post_message(LogView.Changed())

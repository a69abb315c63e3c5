"""Where the keys are led: to what is there at once, to what the next frame brings unless a key goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from tui.app.frame.boxes import Boxes
from tui.app.panes.host import PaneHost


class Leads:
    """Gives the keys to widgets. The last one that was asked for has them, whichever frame comes late."""

    def __init__(self, boxes: Boxes) -> None:
        self.boxes = boxes
        self._count = 0  # how often they were led somewhere

    def to(self, widget: Widget) -> None:
        """To what is there already; now, for the next key may be on its way."""
        self._count += 1
        self.boxes.screen.set_focus(widget)

    def after_frame(self, host: PaneHost, focus: Callable[[], object]) -> None:
        """To what the next frame brings."""
        self._count += 1
        mine = self._count

        def arrive() -> None:
            if mine == self._count:
                focus()

        host.call_after_refresh(arrive)

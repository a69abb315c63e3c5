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
        self._way: Callable[[], object] | None = None  # to what the next frame brings

    def to(self, widget: Widget) -> None:
        """To what is there already; now, for the next key may be on its way."""
        self._count += 1
        self._way = None
        self.boxes.screen.set_focus(widget)

    def after_frame(self, host: PaneHost, focus: Callable[[], object]) -> None:
        """To what the next frame brings."""
        self._count += 1
        mine = self._count
        self._way = focus

        def arrive() -> None:
            if mine != self._count:
                return
            focused = self.boxes.screen.focused
            if self._way is not None or focused is None or host not in focused.ancestors:
                self._way = None
                focus()

        host.call_after_refresh(arrive)

    def hurry(self) -> None:
        """A key may come before that frame, and what can take it is there: give it the keys now. The frame does so
        again where they were lost meanwhile.
        """
        way, self._way = self._way, None
        if way is not None:
            way()

"""Whether a person can see a pane: what nobody sees is not made."""

from __future__ import annotations

from textual.widget import Widget


class Sight:
    """Told by its pane's Show and Hide. The active pane of its host counts: its Show event can be late or lost."""

    def __init__(self, pane: Widget) -> None:
        self.pane = pane
        self.shown = False

    @property
    def is_on(self) -> bool:
        """Whether it is seen, as far as one can tell."""
        return self.shown or (self.pane.is_attached and self.pane.has_class("-active"))

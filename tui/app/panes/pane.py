"""What all panes are to the screen, and what of a record is drawn."""

from __future__ import annotations

from typing import Protocol

from tui.app.desk.record import FunctionRecord
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested

NO_FUNCTION = "no function is chosen"


class Pane(Protocol):
    """What the screen asks of a pane, besides being a widget. All panes alike."""

    def show(self, record: FunctionRecord | None) -> None:
        """Show this function, or none. Cheap where nothing changed, or out of sight."""

    def say_absent(self, words: str) -> None:
        """Say why no function shows; "" where none is there."""

    def handlers(self) -> Handlers:
        """What the action table reaches while the pane has the keys."""

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies here."""

    @property
    def rows_wanted(self) -> int | None:
        """The lines that it would fill; None: as many as it gets; 0: it has nothing to say."""

    @property
    def standing(self) -> str:
        """What the edge of its box says besides; "" for nothing. Printable."""


class Drawn:
    """The part of a record that is drawn, compared by identity: records are replaced, not changed."""

    def __init__(self) -> None:
        self.record: FunctionRecord | None = None
        self._parts: tuple[object, ...] | None = ()

    def differs(self, record: FunctionRecord | None, parts: tuple[object, ...] | None) -> bool:
        """Keep the record; whether anything that is drawn is another now. `parts` None: there is no function."""
        same = _same(parts, self._parts) and (record is None or self.path == record.path)
        self.record, self._parts = record, parts
        return not same

    @property
    def path(self) -> str | None:
        """The path of the function shown."""
        return self.record.path if self.record is not None else None


def _same(new: tuple[object, ...] | None, old: tuple[object, ...] | None) -> bool:
    if new is None or old is None:
        return new is old
    return len(new) == len(old) and all(a is b for a, b in zip(new, old, strict=True))

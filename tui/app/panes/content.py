"""What a pane tells of a function, as rows: a class a pane, which knows no widget but a narrow face of its pane."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from typing import ClassVar, Final, Protocol

from tui.app.colours.roles import Line
from tui.app.desk.record import FunctionRecord
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.table import Column, Row
from tui.facts import Fact

LISTED: Final = 500  # rows of one list: what is made anew on each key stays below a few milliseconds
SIFTED: Final = 5_000  # rows of one list that a filter looks through


class Room(Fact):
    """What rows are made for."""

    width: int  # cells that a row has
    height: int  # lines that the pane has
    sifting: bool = False  # a filter looks through them: what is folded is wanted too
    here: str | None = None  # key of the row under the cursor, where the pane has the keys

    @property
    def listed(self) -> int:
        """How many rows a list may have: more where they are sifted by a filter."""
        return SIFTED if self.sifting else LISTED


class PaneFace(Protocol):
    """What a content may ask of the pane that shows it."""

    @property
    def record(self) -> FunctionRecord | None:
        """The function shown."""

    def room(self) -> Room:
        """What rows are made for now."""

    def renew(self) -> None:
        """Make the rows again."""

    def say(self, text: str) -> None:
        """A short sentence for the person."""

    def work(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Run this in place of what was run before; out of sight it is cancelled."""


class PaneContent(ABC):
    """Rows about one function. A branch of them is folded unless its key is in `opened`, whatever function shows."""

    COLUMNS: ClassVar[tuple[Column, ...]] = ()
    BY_HEIGHT: ClassVar[bool] = False  # whether the rows are others for another height

    def __init__(self, glyphs: Glyphs | None = None) -> None:
        self.glyphs = glyphs or Glyphs()
        self.opened: set[str] = set()

    @abstractmethod
    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """What of a record it draws: where each of these is the very same object, the rows are the same."""

    @abstractmethod
    def rows(self, record: FunctionRecord, room: Room) -> Sequence[Row]:
        """The rows about a function."""

    def pinned(self, record: FunctionRecord, room: Room) -> Line | None:  # noqa: ARG002
        """What stands in the place of the first row, wherever one has scrolled to."""
        return None

    def handlers(self, pane: PaneFace) -> Handlers:  # noqa: ARG002 (for those that have some)
        """What the action table reaches in this pane alone."""
        return {}

    def copied(self, record: FunctionRecord) -> CopyRequested | None:  # noqa: ARG002
        """What `y` copies where the row under the cursor has nothing."""
        return None

    # -- told

    def another(self) -> None:  # noqa: B027 (most do nothing then)
        """Another function is shown from now on."""

    def seen(self, pane: PaneFace) -> None:  # noqa: B027
        """A person sees the pane, with the record of now."""

    def unseen(self) -> None:  # noqa: B027
        """The pane is out of sight; what it had running was cancelled."""

    def lit(self, record: FunctionRecord, room: Room) -> Row | None:  # noqa: ARG002
        """A row to draw again because the cursor came to another one."""
        return None

    def key_at(self, row: Row, column: int, line: int) -> str | None:  # noqa: ARG002
        """The key of the row that a click there means, inside a row that cannot be selected itself."""
        return None

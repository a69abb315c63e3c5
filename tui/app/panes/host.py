"""A box that holds panes of which one shows."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from textual.containers import Container
from textual.widget import AwaitMount

from tui.app.desk.record import FunctionRecord
from tui.app.panes.panes import KINDS, PaneTools

if TYPE_CHECKING:
    from tui.app.panes.panes import AnyPane

MAKING: Final = 1.0  # seconds that the next key waits for a pane at most: it is not made any more, the app ends


class PaneHost(Container):
    """Holds panes of which one shows. Each is made when it is first shown, and told only while it shows."""

    DEFAULT_CSS = """
    PaneHost { height: 1fr; border: round $border-blurred; border-top: none; }
    PaneHost > * { display: none; height: 1fr; }
    PaneHost > .-active { display: block; }
    """

    def __init__(
        self,
        tools: PaneTools,
        active: str,
        *,
        id: str | None = None,  # noqa: A002
        told: bool = False,
    ) -> None:
        """`told`: its pane is told of functions while the box is closed, and opens it where it has something to say."""
        super().__init__(id=id, classes="box-body")
        self.tools = tools
        self.told = told
        self.active = active
        self.record: FunctionRecord | None = None
        self._panes: dict[str, AnyPane] = {}
        self._making: AwaitMount | None = None

    def on_mount(self) -> None:
        """Take in what was activated before there was a place for it."""
        self.mount(*(pane for pane in self._panes.values() if not pane.is_attached))
        self.call_after_refresh(self._tell)

    def activate(self, key: str) -> AnyPane:
        """Show a pane; it is made where it was not, and told the function of now."""
        pane = self._panes.get(key)
        if pane is None:
            pane = self._panes[key] = KINDS[key].make(self.tools)
            pane.add_class("pane")
            if self.is_attached:
                self._making = self.mount(pane)
        self.active = key
        for other_key, other in self._panes.items():
            other.set_class(other_key == key, "-active")
        if self.record is not None or pane.is_attached:
            self.call_after_refresh(self._tell)
        return pane

    async def made(self) -> None:
        """Wait for what is in the pane that was made last: inputs to type in."""
        making, self._making = self._making, None
        if making is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(making(), MAKING)

    def show(self, record: FunctionRecord | None) -> None:
        """Tell the pane that shows."""
        self.record = record
        self._tell()

    def _tell(self) -> None:
        pane = self._panes.get(self.active)
        if pane is not None and pane.is_attached and (self.told or self.display):
            pane.show(self.record)

    @property
    def pane(self) -> AnyPane | None:
        """The pane that shows."""
        return self._panes.get(self.active)

    def get(self, key: str) -> AnyPane | None:
        """The pane of that key, where it was made."""
        return self._panes.get(key)

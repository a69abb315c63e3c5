"""The curtain before the screen while the early frame stands on the terminal: frames are made and not shown, until one
has the names too; and what is typed at names that only stand there waits for the list that has them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from textual import events
from textual.timer import Timer

Typed = events.Key | events.Paste
SECONDS: Final = 1.0  # for which it is down at most


class Stage(Protocol):
    """The app, as the curtain before it knows it."""

    hidden: bool

    def draw_again(self) -> None:
        """Draw all of it."""

    async def on_event(self, event: events.Event) -> None:
        """Something was typed."""

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Call later."""

    def call_later(self, callback: Callable[[], Awaitable[None]]) -> bool:
        """Call when what is on its way has come."""


class Curtain:
    """Hides the app that it is made for, where there is something else to see."""

    def __init__(self, app: Stage, *, down: bool) -> None:
        self._app = app
        self._typed: list[Typed] = []
        app.hidden = down

    def wait(self) -> None:
        """The app has begun: be up in a while, whatever comes."""
        if self._app.hidden:
            self._app.set_timer(SECONDS, self.lift)

    def lift(self) -> None:
        """Show what is drawn from now on."""
        if self._app.hidden:
            self._app.hidden = False
            self._app.draw_again()
            self._app.call_later(self._type)

    def keeps(self, event: events.Event) -> bool:
        """Whether this was typed while it was down: it comes once more, in its turn, when it is up."""
        if isinstance(event, Typed) and (self._app.hidden or self._typed):
            self._typed.append(event)
            return True
        return False

    async def _type(self) -> None:
        typed, self._typed = self._typed, []
        for event in typed:
            await self._app.on_event(event)

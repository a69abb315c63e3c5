"""The curtain before the screen while the early frame stands on the terminal: nothing is drawn until there are the
names too and, of few functions, all that is to be known of them: a frame in between costs as much as reading a module.
What is typed at names that only stand there waits for the list that has them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from textual import events
from textual.timer import Timer

Typed = events.Key | events.Paste
SECONDS: Final = 1.0  # for which it is down at most
HELD: Final = 0.4  # seconds for which it is down at most once the names are there


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
        self._before: Callable[[], None] | None = None  # it goes up: called before
        app.hidden = down

    @property
    def holds(self) -> bool:
        """Whether it is down though the names are there."""
        return self._app.hidden and self._before is not None

    def wait(self) -> None:
        """The app has begun: be up in a while, whatever comes."""
        if self._app.hidden:
            self._app.set_timer(SECONDS, self.lift)

    def hold(self, before: Callable[[], None]) -> None:
        """The names are there, and soon will be all that is to be known of them: be up when somebody says so (`lift`),
        types or clicks, or in a while. `before` is called then: what changed meanwhile need not have been shown.
        """
        if self._app.hidden and self._before is None:
            self._before = before
            self._app.set_timer(HELD, self.lift)
            if self._typed:
                self.lift()

    def lift(self) -> None:
        """Show what is drawn from now on."""
        if self._app.hidden:
            if self._before is not None:
                self._before()
            self._app.hidden = False
            self._app.draw_again()
            self._app.call_later(self._type)

    def keeps(self, event: events.Event) -> bool:
        """Whether this was typed while it was down: it comes once more, in its turn, when it is up."""
        kept = isinstance(event, Typed) and (self._app.hidden or bool(self._typed))
        if isinstance(event, Typed) and kept:
            self._typed.append(event)
        if self.holds and isinstance(event, Typed | events.MouseDown | events.Resize):
            self.lift()
        return kept

    async def _type(self) -> None:
        typed, self._typed = self._typed, []
        for event in typed:
            await self._app.on_event(event)

"""The local gateway from the screen: a process of its own, of which the last requests are kept as they come."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from tui.app.notices import Notice

if TYPE_CHECKING:
    from tui.running.local.events import Event
    from tui.running.local.face import GatewayProcess

KEPT: Final = 60  # events that are listed
DRAW_SECONDS: Final = 0.2  # between two looks at them
# What builds is the screen; a gateway that is on already has the usual port, and another one is as good.
OPTIONS: Final = ("--no-build",)
ANY_PORT: Final = ("--listen", "127.0.0.1:0")
Phase = Literal["off", "starting", "on"]


class Ears(Protocol):
    """Who hears of it."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""


@dataclass(frozen=True, slots=True)
class GatewayView:
    """It at one moment."""

    phase: Phase = "off"
    address: str = ""
    events: tuple[Event, ...] = ()  # newest first
    requests: int = 0


class LocalGateway:
    """On or off."""

    def __init__(self, workspace: Path, ears: Ears, tell: Callable[[], None], options: tuple[str, ...] = ()) -> None:
        self.workspace = workspace
        self._ears = ears
        self._tell = tell
        self._options = options
        self._process: GatewayProcess | None = None
        self._phase: Phase = "off"
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._requests = 0
        self._view = GatewayView()
        self._due = False

    @property
    def view(self) -> GatewayView:
        """It as it was when one was last told of it."""
        return self._view

    def toggle(self) -> None:
        """Start it, or end it."""
        if self._phase == "off":
            self._phase = "starting"
            self._look()
            self._ears.run(self._serve())
        elif self._phase == "on":
            self._ears.run(self.stop())

    async def _serve(self) -> None:
        """Start it, and hear what happens there until it ends."""
        from tui.running.local.face import NotStartedError

        try:
            address = await self._started()
        except NotStartedError as error:
            self._stands("off")
            self._ears.say(Notice(str(error), "error", "Local gateway"))
            return
        self._stands("on")
        self._ears.say(Notice(f"the local gateway serves at {address}"))
        assert self._process is not None  # noqa: S101 -- it has started
        async for event in self._process.events():
            self._take(event)
        self._stands("off")
        self._ears.say(Notice("the local gateway has ended"))

    async def _started(self) -> str:
        """On the usual port, else on any. Raises NotStartedError."""
        from tui.running.local.face import GatewayProcess, NotStartedError

        self._process = GatewayProcess(self.workspace, [*OPTIONS, *self._options])
        try:
            return await self._process.start()
        except NotStartedError as error:
            if "in use" not in str(error) or self._options:
                raise
        self._process = GatewayProcess(self.workspace, [*OPTIONS, *ANY_PORT])
        return await self._process.start()

    def _take(self, event: Event) -> None:
        from tui.running.local.events import RequestServed

        self._events.appendleft(event)
        self._requests += isinstance(event, RequestServed)
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_later(DRAW_SECONDS, self._look)

    def _stands(self, phase: Phase) -> None:
        self._phase = phase
        self._look()

    def _look(self) -> None:
        self._due = False
        address = self._process.address if self._process is not None and self._phase == "on" else ""
        self._view = GatewayView(self._phase, address, tuple(self._events), self._requests)
        self._tell()

    async def stop(self) -> None:
        """End it, and wait for its end."""
        if self._process is not None:
            await self._process.stop()

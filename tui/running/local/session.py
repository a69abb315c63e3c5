"""A persistent function with its client: a process of its own from `ws_open` to `ws_close`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import Final

from tui.running.answer import Call
from tui.running.local.calling import DEFAULT_TIMEOUT, Running, outcome_of, request
from tui.running.local.events import Outcome, RequestKind
from tui.running.local.gateway import Gateway
from tui.running.local.pool.link import Guest, GuestLostError
from tui.running.local.pool.pool import RefusedModuleError
from tui.running.local.shelf import Build, Entry
from tui.running.process.wire import Message
from tui.running.stop import INIT_SECONDS

GONE: Final = b"client_disconnect"
SHUTDOWN: Final = b"server_shutdown"
SWITCHED: Final = 101
FAREWELL: Final = 0.5  # seconds that ws_close may take where the gateway itself ends


class Session:
    """One connection. Frames go in one after the other."""

    def __init__(self, gateway: Gateway, entry: Entry, build: Build, call: Call) -> None:
        self._gateway = gateway
        self._entry = entry
        self._build = build
        self._call = call
        self._guest: Guest | None = None
        self._busy = asyncio.Lock()  # one step at a time
        self._closing = False
        self.lost = asyncio.Event()  # its process is gone
        self._seconds = float(build.target.timeout or DEFAULT_TIMEOUT)

    async def open(self) -> bool:
        """Bring the function up and let it accept the client; False where it does not."""
        started = monotonic()
        try:
            self._guest = await self._build.pool.open()
        except (RefusedModuleError, GuestLostError) as error:
            self._tell("open", Outcome(ok=False, status=500, error=str(error)), started)
            return False
        outcome = await self._ask(request(self._call, "open"), INIT_SECONDS + 2 * self._seconds, "open", started)
        if not outcome.ok:
            self._let_go()
        return outcome.ok

    async def work(self, frames: asyncio.Queue[bytes]) -> None:
        """Hand frames in until the function has had enough; the connection stays open all the same, and silent."""
        while True:
            data = await frames.get()
            async with self._busy:
                if self._closing:
                    return
                request_ = Message({"do": "frame"}, data)
                outcome = await self._ask(request_, self._seconds, "frame", monotonic(), len(data))
            if outcome.ended:
                return

    async def close(self, reason: bytes) -> None:
        """The client goes. A frame that is under way is waited for; those behind it are dropped."""
        self._closing = True
        if self._guest is None:
            return
        try:
            async with asyncio.timeout(FAREWELL if reason == SHUTDOWN else None), self._busy:
                await self._ask(Message({"do": "close"}, reason), self._seconds, "close", monotonic())
        except TimeoutError:
            self._guest.end()
        finally:
            self._let_go()

    async def _ask(self, message: Message, seconds: float, kind: RequestKind, started: float, size: int = 0) -> Outcome:
        """One step of the connection, and what came of it told."""
        assert self._guest is not None  # noqa: S101 -- opened before
        running = Running(self._entry.name, self._call, started + seconds)
        try:
            outcome = outcome_of(await self._build.pool.ask(message, running, seconds, self._guest))
        except GuestLostError as error:
            outcome = Outcome(ok=False, status=500, error=str(error), ended=True)
            self.lost.set()
        self._tell(kind, outcome, started, size)
        return outcome

    def _tell(self, kind: RequestKind, outcome: Outcome, started: float, size: int = 0) -> None:
        if kind == "open" and outcome.ok:
            outcome = replace(outcome, status=SWITCHED)
        call = replace(self._call, input=bytes(size))
        self._gateway.told(self._entry, kind, self._build, outcome, started=started, call=call)

    def _let_go(self) -> None:
        if self._guest is not None:
            self._build.pool.hang_up(self._guest)
            self._guest = None

"""The processes that run one build of a function: a few for calls, one for each open connection."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from time import monotonic
from typing import Final

from tui.running.answer import Answer, Target
from tui.running.local.pool.link import Guest
from tui.running.local.pool.nursery import Nursery, Template
from tui.running.process.wire import Message

MOST_SEATS: Final = max(4, (os.cpu_count() or 1) + 2)  # calls of one function at once; the others wait
IDLE_SECONDS: Final = 30.0  # after which a process that nobody needed is let go; one stays
REST_SECONDS: Final = 180.0  # after which a function that nobody called keeps no process at all


class RefusedModuleError(Exception):
    """The module does not compile."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.error)
        self.answer = answer


class Pool:
    """Hands requests to processes of one module."""

    def __init__(self, nursery: Nursery, target: Target) -> None:
        self.target = target
        self._nursery = nursery
        self._loading: asyncio.Task[Template | Answer] | None = None
        self._idle: list[tuple[float, Guest]] = []  # since when, the longest first
        self._count = 0  # processes for calls, busy ones too
        self._waiting: deque[asyncio.Future[Guest | None]] = deque()
        self._sessions = 0
        self._used = monotonic()
        self._retired = False

    async def template(self) -> Template:
        """The module, loaded. Raises RefusedModuleError, GuestLostError."""
        task = self._loading
        if task is None or (task.done() and not _is_good(task)):
            self._loading = task = asyncio.create_task(self._nursery.template(self.target))
        found = await asyncio.shield(task)
        if isinstance(found, Answer):
            raise RefusedModuleError(found)
        return found

    async def ask(self, message: Message, running: object, patience: float, guest: Guest) -> Message:
        """What a process that was taken replies. Raises GuestLostError."""
        guest.request = running
        try:
            return await guest.ask(message, patience)
        finally:
            guest.request = None

    async def take(self, seconds: float, *, beyond: bool = False) -> Guest:
        """A process for a call, within that time. `beyond`: however many are busy, since another waits for this one.

        Raises TimeoutError, RefusedModuleError, GuestLostError.
        """
        due = monotonic() + seconds
        self._used = monotonic()
        while True:
            guest = self._waiting_one()
            if guest is not None:
                self._count += 1
                return guest
            if self._count < MOST_SEATS or beyond:
                return await self._another()
            given = await self._turn(due - monotonic())
            if given is not None:
                return given

    async def _another(self) -> Guest:
        self._count += 1
        made = False
        try:
            guest = await self._seat()
            made = True
        finally:
            if not made:
                self._count -= 1
                self._call_next(None)
        return guest

    async def _seat(self) -> Guest:
        guest = await (await self.template()).seat()
        guest.on_end = self._gone
        return guest

    async def _turn(self, seconds: float) -> Guest | None:
        """A process that another call is done with; None where room for a new one came instead."""
        turn: asyncio.Future[Guest | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await asyncio.wait((turn,), timeout=max(seconds, 0))
        except asyncio.CancelledError:
            if turn.done():
                self._pass_on(turn.result())
            raise
        finally:
            if not turn.done():
                self._waiting.remove(turn)
        if not turn.done():
            raise TimeoutError
        return turn.result()

    def _pass_on(self, given: Guest | None) -> None:
        """What was given to a call that is not there any more goes to the next."""
        if given is None:
            self._call_next(None)
        else:
            self.give_back(given)

    def give_back(self, guest: Guest) -> None:
        """A call is over. Who waits the longest gets its process."""
        if not guest.is_open:
            self._count -= 1
            self._call_next(None)
        elif not self._call_next(guest):
            if self._retired:
                self._count -= 1
                guest.close()
            else:
                self._idle.append((monotonic(), guest))

    def _call_next(self, guest: Guest | None) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(guest)
                return True
        return False

    def _gone(self, guest: Guest) -> None:
        """A process ended. One that was busy is counted when its call gives it back."""
        kept = [entry for entry in self._idle if entry[1] is not guest]
        self._count -= len(self._idle) - len(kept)
        self._idle = kept

    async def open(self) -> Guest:
        """A process for one connection, to be closed by who asked. Raises RefusedModuleError, GuestLostError."""
        self._used = monotonic()
        guest = self._waiting_one() or await self._seat()
        self._sessions += 1
        return guest

    def _waiting_one(self) -> Guest | None:
        """A process that is there already and has nothing to do."""
        while self._idle:
            guest = self._idle.pop()[1]
            if guest.is_open:
                self._count -= 1
                return guest
        return None

    def hang_up(self, guest: Guest) -> None:
        """A connection is over."""
        self._sessions -= 1
        self._used = monotonic()
        guest.close()

    async def warm(self) -> None:
        """Have the module loaded, and a process wait for the first call. Raises RefusedModuleError, GuestLostError."""
        if not self._count and not self._retired:
            self.give_back(await self._another())

    def sweep(self) -> None:
        """Let processes go that nobody has needed for a while."""
        now = monotonic()
        resting = now - self._used > REST_SECONDS
        while self._idle and (len(self._idle) > 1 or resting) and now - self._idle[0][0] > IDLE_SECONDS:
            self._count -= 1
            self._idle.pop(0)[1].close()
        if resting and not self._count and not self._sessions:
            self._unload()

    def retire(self) -> None:
        """Another build is served from now on. Calls and connections under way end as they would."""
        self._retired = True
        for _, guest in self._idle:
            self._count -= 1
            guest.close()
        self._idle.clear()
        self._unload()

    def _unload(self) -> None:
        """Close the template. Its processes live on; the next call loads the module anew."""
        task, self._loading = self._loading, None
        if task is not None:
            task.add_done_callback(_close)


def _is_good(task: asyncio.Task[Template | Answer]) -> bool:
    """Whether what was loaded can be used, or is known to be refused."""
    if task.cancelled() or task.exception() is not None:
        return False
    found = task.result()
    return isinstance(found, Answer) or found.is_open


def _close(task: asyncio.Task[Template | Answer]) -> None:
    if not task.cancelled() and task.exception() is None:
        found = task.result()
        if isinstance(found, Template):
            found.close()

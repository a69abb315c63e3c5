"""What threads found out, on its way to the store: taken in on the loop, in batches that never hold it for long."""

from __future__ import annotations

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Literal

from tui.app.desk.store import Store

APPLY_SECONDS: Final = 0.033  # what came is taken in this often, and drawn
SOON_SECONDS: Final = 0.1  # the same of rows in sight while many are read: a frame costs half of a large module
BULK_SECONDS: Final = 0.25  # the same of all others then
BULK: Final = 20  # functions that wait, which are many
APPLY_MOST: Final = 128  # results taken in at once: about 4 ms
REST_SECONDS: Final = 0.008  # for which keys and frames have their turn then, where there are more
Fields = dict[str, Any]  # fields of FunctionRecord
Urgency = Literal[1, 2, 3]
WHENEVER: Final = 1
SOON: Final = 2  # it is in sight
NOW: Final = 3


class Inbox:
    """Any thread adds; nothing happens before `open` and after `close`, which are for the loop's thread."""

    def __init__(self, store: Store, waiting: Callable[[], int]) -> None:
        """`waiting`: how many functions will be told of soon."""
        self._store = store
        self._waiting = waiting
        self._results: deque[Callable[[], None]] = deque()
        self._fields: deque[tuple[str, Fields]] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: contextvars.Context | None = None
        self._told = 0  # the loop: how urgent what there is to take in is; 0 where there is nothing
        self._drained = 0.0  # loop time of when it did so last
        self._timer: asyncio.TimerHandle | None = None  # of when it will
        self._closed = False

    def open(self) -> asyncio.AbstractEventLoop:
        """Remember the loop, and the context in which its callbacks run: Textual's app is in a context variable."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._context = contextvars.copy_context()
        return self._loop

    def close(self) -> None:
        """Nobody is left to tell."""
        self._closed = True

    @property
    def is_empty(self) -> bool:
        """Whether all that was told is taken in."""
        return not self._fields and not self._results

    # -- in any thread

    def add(self, path: str, fields: Fields, urgency: Urgency) -> None:
        """Fields of a function's record."""
        self._fields.append((path, fields))
        self._wake(urgency)

    def hand_on(self, result: Callable[[], None]) -> None:
        """Something to be done on the loop."""
        self._results.append(result)
        self._wake(NOW)

    def _wake(self, urgency: Urgency) -> None:
        if self._loop is None or self._told >= urgency:
            return
        self._told = urgency
        try:
            self._loop.call_soon_threadsafe(self._plan, context=self._context)
        except RuntimeError:
            self._told = 0  # the loop closed in between: nobody is left to tell

    # -- on the loop

    def _plan(self) -> None:
        """Take in what was told when its time has come: urgent things soon, and many together."""
        if self._loop is None:
            return
        wait = APPLY_SECONDS
        if self._told < NOW and self._waiting() > BULK:
            wait = SOON_SECONDS if self._told == SOON else BULK_SECONDS
        at = max(self._drained + wait, self._loop.time())
        if self._timer is not None:
            at = min(at, self._timer.when())
            self._timer.cancel()
        self._timer = self._loop.call_at(at, self._drain, context=self._context)

    def _drain(self) -> None:
        """Take in what was told; the rest, and what comes meanwhile, after keys and frames had a turn."""
        self._timer, self._told = None, 0
        if self._loop is not None:
            self._drained = self._loop.time()
        if self._closed:
            self._results.clear()
            self._fields.clear()
        while self._results:
            self._results.popleft()()
        self._apply()
        if not self.is_empty and self._loop is not None:
            self._timer = self._loop.call_later(REST_SECONDS, self._drain, context=self._context)

    def _apply(self) -> None:
        """One change of the store for many results: its listeners are told once."""
        changes: dict[str, Fields] = {}
        while self._fields and len(changes) < APPLY_MOST:
            path, fields = self._fields.popleft()
            changes[path] = {**changes[path], **fields} if path in changes else fields
        self._store.change_all(changes)

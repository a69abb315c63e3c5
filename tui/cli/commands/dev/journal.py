"""What the gateway tells, printed by a thread of its own: a terminal that is stopped stops no request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from tui.cli.output import OutputError, emit, say
from tui.cli.reports.dev import event_lines
from tui.running.local.events import event_record

if TYPE_CHECKING:
    from tui.running.local.events import Event

MOST_WAITING: Final = 5_000  # events; of those beyond only the number is told
GATHERED: Final = 0.02  # seconds in which events come together before they are printed: waking a thread costs as much
LAST: Final = 0.5  # seconds in which what waits is printed at the end


class Journal:
    """Prints events in order. `gone` is called, in the loop, when nobody reads any more."""

    def __init__(self, loop: asyncio.AbstractEventLoop, gone: Callable[[], object], *, as_json: bool) -> None:
        self._loop = loop
        self._gone = gone
        self._as_json = as_json
        self._gathered: list[Event] = []
        self._waiting: SimpleQueue[tuple[list[Event], int] | None] = SimpleQueue()  # events, and how many were dropped
        self._unprinted = 0  # handed to the thread, not printed yet
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Print an event soon."""
        if self._unprinted + len(self._gathered) >= MOST_WAITING:
            self._dropped += 1
            return
        if not self._gathered:
            self._loop.call_later(GATHERED, self._hand_over)
        self._gathered.append(event)

    def _hand_over(self) -> None:
        if self._gathered or self._dropped:
            self._unprinted += len(self._gathered)
            self._waiting.put((self._gathered, self._dropped))
            self._gathered, self._dropped = [], 0

    def close(self) -> None:
        """Print what waits, and end."""
        self._hand_over()
        self._waiting.put(None)
        self._thread.join(LAST)

    def _run(self) -> None:
        try:
            while (batch := self._waiting.get()) is not None:
                self._print(*batch)
                self._in_loop(self._printed, len(batch[0]))
        except (BrokenPipeError, OutputError):
            self._in_loop(self._gone)

    def _in_loop(self, then: Callable[..., object], *given: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: the gateway has ended
            self._loop.call_soon_threadsafe(then, *given)

    def _print(self, events: list[Event], dropped: int) -> None:
        if self._as_json:
            lost = [{"event": "dropped", "events": dropped}] if dropped else []
            emit(*map(event_record, events), *lost)
        else:
            lines = [line for event in events for line in event_lines(event)]
            say(*lines, *([f"  ... {dropped:,} requests more than could be printed"] if dropped else []))

    def _printed(self, count: int) -> None:
        self._unprinted -= count

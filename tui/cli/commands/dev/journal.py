"""What the gateway tells, printed by a thread of its own: a terminal that is stopped stops no request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from tui.cli.output import OutputError, emit, say
from tui.cli.reports.dev import event_lines
from tui.running.local.model import event_record

if TYPE_CHECKING:
    from tui.running.local.model import Event

MOST_WAITING: Final = 5_000  # events; of those beyond only the number is told
LAST: Final = 0.5  # seconds in which what waits is printed at the end


class Journal:
    """Prints events in order. `gone` is called, in the loop, when nobody reads any more."""

    def __init__(self, loop: asyncio.AbstractEventLoop, gone: Callable[[], object], *, as_json: bool) -> None:
        self._loop = loop
        self._gone = gone
        self._as_json = as_json
        self._waiting: SimpleQueue[Event | None] = SimpleQueue()
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Print an event soon."""
        if self._waiting.qsize() >= MOST_WAITING:
            self._dropped += 1
        else:
            self._waiting.put(event)

    def close(self) -> None:
        """Print what waits, and end."""
        self._waiting.put(None)
        self._thread.join(LAST)

    def _run(self) -> None:
        try:
            while (event := self._waiting.get()) is not None:
                self._print(event)
                self._tell_dropped()
        except (BrokenPipeError, OutputError):
            self._loop.call_soon_threadsafe(self._gone)

    def _print(self, event: Event) -> None:
        if self._as_json:
            emit(event_record(event))
        else:
            say(*event_lines(event))

    def _tell_dropped(self) -> None:
        if self._dropped and self._waiting.qsize() < MOST_WAITING // 2:
            dropped, self._dropped = self._dropped, 0
            if self._as_json:
                emit({"event": "dropped", "events": dropped})
            else:
                say(f"  ... {dropped:,} requests more than could be printed")

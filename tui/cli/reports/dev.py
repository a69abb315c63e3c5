"""What the local gateway tells, as lines for a person."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from tui.running.local.events import Event, Happening, RequestServed
from tui.text import human_bytes, plural

NAME_WIDTH: Final = 12
KIND_WIDTH: Final = 7
SHOWN_LOGS: Final = 20


def event_lines(event: Event) -> Iterator[str]:
    """One line an event; below it what the function logged, and why it failed."""
    moment = time.strftime("%H:%M:%S", time.localtime(event.at))
    if isinstance(event, Happening):
        name = f"{event.function:<{NAME_WIDTH}} " if event.function else ""
        yield f"{moment} {name}{'! ' if event.is_fault else ''}{event.words.partition(chr(10))[0]}"
        return
    yield f"{moment} {event.function:<{NAME_WIDTH}} {event.kind:<{KIND_WIDTH}} {event.status} {_figures(event)}"
    for level, line in event.logs[:SHOWN_LOGS]:
        yield f"    {level:<5} {line}"
    if len(event.logs) > SHOWN_LOGS:
        yield f"    ... and {len(event.logs) - SHOWN_LOGS} lines more"
    if event.why:
        yield from (f"    {line}" for line in event.why)
    elif event.error:
        yield f"    {event.error.partition(chr(10))[0]}"


def _figures(event: RequestServed) -> str:
    parts = [f"{event.ms:.1f} ms", f"{human_bytes(event.bytes_in)} in", f"{human_bytes(event.bytes_out)} out"]
    if event.memory:
        parts += [plural(event.host_calls, "host call"), f"memory {human_bytes(event.memory)}"]
    return ", ".join([*parts, *([event.note] if event.note else [])])

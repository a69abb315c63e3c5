"""Events cross a process as JSON and come back as they were."""

from __future__ import annotations

import json

import pytest

from tui.running.local.events import Event, Happening, RequestServed, Serving, event_of, event_record

SERVING = Serving(
    "echo", "functions/echo", "failed", "command", public=True, internal=False, build="12", size=3, error="x"
)
EVENTS: list[Event] = [
    Happening(1.5, "built in 0.3 s", "echo", SERVING),
    Happening(1.5, "looking for changes", is_fault=True),
    RequestServed(
        2.5, "echo", "invoke", 200, 1.25, 3, 4, 5, 6, "r", "c", "b", "e", ("why",), (("info", "line"),), "note"
    ),
]


@pytest.mark.parametrize("event", EVENTS)
def test_there_and_back(event: Event) -> None:
    assert event_of(json.loads(json.dumps(event_record(event)))) == event


def test_other_records_are_no_events() -> None:
    assert event_of({"event": "listening", "url": "http://127.0.0.1:1/"}) is None
    assert event_of({}) is None

"""What a message on a topic starts."""

from __future__ import annotations

import asyncio
import json

from tui.running.answer import Call
from tui.running.local.chores import Chores
from tui.running.local.events import RequestKind
from tui.running.local.triggers.triggers import MOST_AT_ONCE, Triggers

Fired = tuple[str, bytes, RequestKind, int]


async def fired(triggers: Triggers, *messages: tuple[str, bytes, int, bool]) -> tuple[list[Fired], list[str]]:
    """What the messages started, and what was said of it."""
    chores, started, said = Chores(), [], []

    async def fire(name: str, call: Call, kind: RequestKind, depth: int) -> None:
        started.append((name, call.input, kind, depth))
        await asyncio.sleep(0)

    triggers.start(chores, fire, lambda name, words: said.append(f"{name}: {words}"))
    for topic, message, depth, patterns in messages:
        triggers.published(topic, message, depth, patterns=patterns)
    await asyncio.sleep(0.01)
    await chores.stop()
    return started, said


async def test_each_function_that_listens_is_started_once() -> None:
    triggers = Triggers((), [("a", "t:*"), ("a", "t:1"), ("b", "**"), ("c", "t:2")])
    started, _ = await fired(triggers, ("t:1", b'{"x": 1}', 0, True))
    assert [(name, kind, depth) for name, _, kind, depth in started] == [("a", "pubsub", 1), ("b", "pubsub", 1)]
    given = json.loads(started[0][1])
    assert given.items() >= {"topic": "t:1", "data": {"x": 1}, "namespace": "local", "trigger_depth": 1}.items()


async def test_messages_of_triggered_runs_end_at_the_fifth() -> None:
    triggers = Triggers((), [("a", "t")])
    started, _ = await fired(triggers, ("t", b"4", 4, True), ("t", b"5", 5, True))
    assert [depth for *_, depth in started] == [5]


async def test_exec_and_publish_reaches_those_who_name_the_topic() -> None:
    triggers = Triggers((), [("wild", "*"), ("named", "t")])
    started, _ = await fired(triggers, ("t", b"1", 0, False))
    assert [name for name, *_ in started] == ["named"]


async def test_a_flood_of_messages_is_bounded() -> None:
    triggers = Triggers((), [("a", "t")])
    started, said = await fired(triggers, *[("t", str(number).encode(), 0, True) for number in range(MOST_AT_ONCE + 5)])
    assert len(started) == MOST_AT_ONCE
    assert len(said) == 5

"""Sessions behind the screen: several at once, frames both ways, bounded whatever goes through them, ended with it."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from tests.app.desk.running.functions import SOCKET, lay
from tests.app.desk.running.test_desk import Bench
from tests.cli.commands.dev.desk import descendants
from tui.app.desk.running.talk import KEPT, Talk


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    lay(tmp_path / "ws", "talk", SOCKET, "ws_persistent: true\n")
    made = Bench(tmp_path / "ws")
    yield made
    await made.desk.stop()  # a thread that waits for ever would hold up the end of all


def told(talk: Talk) -> list[tuple[str, str]]:
    return [(entry.way, entry.text) for entry in talk.view().entries]


async def test_two_sessions_side_by_side_hear_their_own(bench: Bench) -> None:
    talks = bench.desk.talks
    assert talks.say("talk", "one")
    first = talks.active("talk")
    second = talks.open("talk")
    assert first is not None
    assert second is not None
    assert talks.active("talk") is second
    assert talks.say("talk", "two")
    await bench.until(lambda: first.view().frames_out == 1 and second.view().frames_out == 1)
    assert told(first) == [("in", "one"), ("out", "one")]
    assert told(second) == [("in", "two"), ("out", "two")]
    assert [call.name for call in first.view().entries[0].calls] == ["log_info", "ws_send"]
    assert talks.turn("talk", 1)
    assert talks.active("talk") is first
    assert talks.close("talk")
    await bench.until(lambda: first.is_over)
    assert told(first)[-1] == ("said", "ws_close gave 0")
    await bench.until(lambda: bench.desk.of("talk").last)
    last = bench.desk.of("talk").last
    assert last is not None
    assert last.draft.frames == ("one",)
    assert talks.close("talk")
    assert talks.of("talk") == (second,)
    await bench.desk.stop()
    assert second.is_over


async def test_a_frame_that_traps_ends_the_session_with_the_reason(bench: Bench) -> None:
    talks = bench.desk.talks
    assert talks.say("talk", "x")
    talk = talks.active("talk")
    assert talk is not None
    await bench.until(lambda: talk.is_over)
    words = [text for way, text in told(talk) if way == "said"]
    assert words[0].startswith("ws_frame: trap: wasm error: unreachable")
    assert any(word.startswith("It failed: it trapped") for word in words)
    assert talks.say("talk", "s")  # a new one in its place
    other = talks.active("talk")
    assert other is not None
    assert other is not talk
    await bench.until(lambda: other.is_over)
    assert ("said", "ws_frame: 1: it takes no more frames") in told(other)


async def test_a_flood_is_counted_and_its_end_is_kept(bench: Bench) -> None:
    """Ten thousand frames come back; the loop goes on turning, and little is kept of them."""
    told_of: list[float] = []
    bench.desk.listen(lambda _: told_of.append(time.monotonic()))
    before = descendants(os.getpid())
    for _ in range(10):
        assert bench.desk.talks.say("talk", "flood")
    asked = len(told_of)
    talk = bench.desk.talks.active("talk")
    assert talk is not None
    began = time.monotonic()
    await bench.until(lambda: talk.view().frames_out == 10_000)
    took = time.monotonic() - began
    view = talk.view()
    assert (view.frames_in, len(view.entries), view.hidden) == (10, KEPT, 10_010 - KEPT)
    assert len(told_of) - asked <= took / 0.1 + 2  # drawn at intervals, however many come
    await bench.desk.stop()
    await bench.until(lambda: not descendants(os.getpid()) - before)


def _note_standing(made: list[Talk], seen: list[str]) -> None:
    seen.append(made[0].view().standing)


@pytest.mark.usefixtures("bench")
def test_a_session_is_compiled_opened_and_closed(tmp_path: Path) -> None:
    seen: list[str] = []
    for first in ("compiling", "opening"):  # the second time its code comes out of the cache
        made: list[Talk] = []
        talk = Talk(1, tmp_path / "ws" / "talk", tmp_path / "ws", partial(_note_standing, made, seen))
        made.append(talk)
        talk.close()
        talk.go(remember=False)
        assert [*dict.fromkeys(seen)] == [*dict.fromkeys([first, "opening", "open", "closed"])]
        seen.clear()

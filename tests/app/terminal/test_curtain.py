from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from textual import events
from textual.geometry import Size
from textual.timer import Timer

from tui.app.terminal.curtain import HELD, SECONDS, Curtain


class Play:
    """What is behind the curtain: frames drawn, keys heard, timers to be let go by hand."""

    hidden = False

    def __init__(self, *, down: bool = True) -> None:
        self.did: list[str] = []
        self.timers: dict[float, Callable[[], None]] = {}
        self.later: list[Callable[[], Awaitable[None]]] = []
        self.curtain = Curtain(self, down=down)
        self.curtain.wait()

    def draw_again(self) -> None:
        assert not self.hidden
        self.did.append("drawn")

    async def on_event(self, event: events.Event) -> None:
        assert isinstance(event, events.Key)
        self.did.append(event.key)

    def set_timer(self, delay: float, callback: Callable[[], None]) -> Timer:
        self.timers[delay] = callback
        return cast("Timer", None)

    def call_later(self, callback: Callable[[], Awaitable[None]]) -> bool:
        self.later.append(callback)
        return True

    def before(self) -> None:
        assert self.hidden
        self.did.append("told")

    async def type(self, key: str) -> None:
        """A key comes, and then what was put off."""
        if not self.curtain.keeps(events.Key(key, None)):
            self.did.append(key)
        for later in self.later:
            await later()
        self.later.clear()


async def test_held_it_goes_up_once_when_told_and_what_changed_is_shown_first() -> None:
    play = Play()
    held = [play.curtain.holds]
    play.curtain.hold(play.before)
    held.append(play.curtain.holds)
    assert not play.did
    for _ in range(2):
        play.curtain.lift()
        play.curtain.hold(play.before)
    assert [*held, play.curtain.holds] == [False, True, False]
    assert play.did == ["told", "drawn"]
    await play.type("j")
    assert play.did == ["told", "drawn", "j"]


async def test_what_is_typed_before_the_names_or_after_is_not_kept_waiting() -> None:
    early, late = Play(), Play()
    await early.type("j")
    assert not early.did
    early.curtain.hold(early.before)
    await early.type("k")
    assert early.did == ["told", "drawn", "j", "k"]
    late.curtain.hold(late.before)
    await late.type("j")
    assert late.did == ["told", "drawn", "j"]


def test_a_click_or_another_size_has_it_go_up_and_comes_at_once() -> None:
    size = Size(80, 24)
    click = events.MouseDown(None, 1, 1, 0, 0, 1, shift=False, meta=False, ctrl=False)
    for event in (click, events.Resize(size, size)):
        play = Play()
        assert not play.curtain.keeps(event)
        assert not play.did
        play.curtain.hold(play.before)
        assert not play.curtain.keeps(event)
        assert play.did == ["told", "drawn"]


@pytest.mark.parametrize("seconds", [HELD, SECONDS])
def test_it_goes_up_by_itself_in_a_while(seconds: float) -> None:
    play = Play()
    play.curtain.hold(play.before)
    play.timers[seconds]()
    assert play.did == ["told", "drawn"]
    assert not Play(down=False).timers

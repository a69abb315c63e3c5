"""Whose turn it is among builds that begin together."""

from __future__ import annotations

import asyncio

import pytest

from tui.building.process import turns
from tui.building.process.turns import Turn, Turns


async def go(turn: Turn, name: str, gone: list[str]) -> None:
    await turn.come()
    gone.append(name)
    turn.leave()


async def test_they_go_on_in_the_order_in_which_they_were_taken() -> None:
    line, gone = Turns(), list[str]()
    first, second, third, fourth = (line.take() for _ in range(4))
    assert first.asked < second.asked < third.asked < fourth.asked
    others = [asyncio.create_task(go(turn, name, gone)) for turn, name in ((fourth, "fourth"), (third, "third"))]
    second.leave()  # there is nothing to build
    await asyncio.sleep(0)
    assert gone == []
    await go(first, "first", gone)
    await asyncio.gather(*others)
    first.leave()  # once more: no effect
    assert gone == ["first", "third", "fourth"]
    await go(line.take(), "later", gone)
    assert gone[-1] == "later"


async def test_nobody_waits_for_one_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    line, gone = Turns(), list[str]()
    slow = line.take()
    await asyncio.gather(*(go(line.take(), str(number), gone) for number in range(3)))
    assert gone == ["0", "1", "2"]
    await go(slow, "slow", gone)

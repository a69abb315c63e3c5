"""What the gateway tells is printed in order; what is too much for a slow reader is counted."""

from __future__ import annotations

import asyncio
import json

import pytest

from tui.cli.commands.dev.journal import MOST_WAITING, Journal
from tui.running.local.events import Happening


@pytest.mark.parametrize("as_json", [True, False])
async def test_what_is_too_much_is_counted(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    monkeypatch.setattr("tui.cli.commands.dev.journal.LAST", 60.0)
    journal = Journal(asyncio.get_running_loop(), lambda: None, as_json=as_json)
    for number in range(MOST_WAITING + 7):  # the loop has no time to hand anything over
        journal.put(Happening(0.0, f"number {number}"))
    journal.close()
    *told, last = capfd.readouterr().out.splitlines()
    assert len(told) == MOST_WAITING
    assert f"number {MOST_WAITING - 1}" in told[-1]
    if as_json:
        assert json.loads(last) == {"event": "dropped", "events": 7}
    else:
        assert last.strip() == "... 7 requests more than could be printed"


async def test_nobody_reads_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("tui.cli.commands.dev.journal.say", broken)
    gone = asyncio.Event()
    journal = Journal(asyncio.get_running_loop(), gone.set, as_json=False)
    journal.put(Happening(0.0, "a build"))
    async with asyncio.timeout(60):
        await gone.wait()
    journal.close()

"""The local gateway behind the screen: on, its requests as they come, off; and why it did not start."""

from __future__ import annotations

import asyncio
import os
import socket
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.app.desk.running.functions import ECHO, lay
from tests.app.desk.running.test_desk import Bench
from tests.cli.commands.dev.desk import descendants
from tui.app.desk.running.gateway import LocalGateway
from tui.running.local.events import RequestServed


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    lay(tmp_path / "ws", "echo", ECHO)
    made = Bench(tmp_path / "ws")
    yield made
    await made.desk.stop()


async def test_it_serves_tells_of_requests_and_ends(bench: Bench) -> None:
    before, told = descendants(os.getpid()), []
    gateway = LocalGateway(bench.workspace, bench.heard, lambda: told.append(1), ("--listen", "127.0.0.1:0"))
    gateway.toggle()
    await bench.until(lambda: gateway.view.phase == "on")
    url = f"{gateway.view.address}v1/functions/echo/invoke"
    assert await asyncio.to_thread(lambda: urllib.request.urlopen(url, b'{"a":1}', 60).read()) == b'{"a":1}'
    await bench.until(lambda: gateway.view.requests)
    served = [event for event in gateway.view.events if isinstance(event, RequestServed)]
    assert [(event.function, event.status) for event in served] == [("echo", 200)]
    gateway.toggle()
    await bench.until(lambda: gateway.view.phase == "off")
    assert [notice.severity for notice in bench.heard.said] == ["information", "information"]
    await bench.until(lambda: not descendants(os.getpid()) - before)
    assert told


async def test_another_port_is_as_good_as_the_usual_one_that_is_taken(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("tui.app.desk.running.gateway.OPTIONS", ("--no-build", "--listen", f"127.0.0.1:{port}"))
        bench.desk.gateway.toggle()
        await bench.until(lambda: bench.desk.gateway.view.phase == "on")
        assert f":{port}/" not in bench.desk.gateway.view.address
    other = LocalGateway(bench.workspace, bench.heard, lambda: None, ("--listen", "nowhere"))
    other.toggle()
    await bench.until(lambda: bench.heard.said[-1].severity == "error")
    assert bench.heard.said[-1].text.startswith("--listen takes HOST:PORT")
    assert other.view.phase == "off"

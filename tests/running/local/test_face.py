"""The local gateway as a process with a narrow face."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.cli.commands.dev.desk import function, is_alive, says, until
from tui.running.local.events import RequestServed
from tui.running.local.face import GatewayProcess, NotStartedError

OPTIONS = ["--no-build", "--fresh", "--listen", "127.0.0.1:0"]


@pytest.fixture(autouse=True)
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))


async def test_it_starts_tells_of_requests_and_ends(tmp_path: Path) -> None:
    function(tmp_path / "workspace", "says", says(b'"in"'))
    gateway = GatewayProcess(tmp_path / "workspace", OPTIONS)
    address = await gateway.start()
    try:
        url = f"{address}v1/functions/says/invoke"
        answered = asyncio.to_thread(lambda: urllib.request.urlopen(url, b"{}", 60).read())
        asked = asyncio.ensure_future(answered)
        async with asyncio.timeout(60):
            event = await anext(event async for event in gateway.events() if isinstance(event, RequestServed))
        assert await asked == b'"in"'
        assert (event.function, event.kind, event.status, event.bytes_out) == ("says", "invoke", 200, 4)
    finally:
        await gateway.stop()
    assert not gateway.is_running
    assert [event async for event in gateway.events()] == []


async def test_why_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(NotStartedError, match=r"^--listen takes HOST:PORT"):
        await GatewayProcess(tmp_path, ["--listen", "nowhere"]).start()
    with pytest.raises(NotStartedError, match="no such directory"):
        await GatewayProcess(tmp_path / "gone", OPTIONS).start()


async def test_it_ends_with_who_started_it(tmp_path: Path) -> None:
    program = f"""
import asyncio
from pathlib import Path
from tui.running.local.face import GatewayProcess
async def main():
    gateway = GatewayProcess(Path({str(tmp_path)!r}), {OPTIONS!r})
    await gateway.start()
    print(gateway._process.pid, flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""

    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert owner.stdout is not None
    gateway = int(await owner.stdout.readline())
    os.kill(owner.pid, signal.SIGKILL)
    await owner.wait()
    assert await asyncio.to_thread(until, lambda: not is_alive(gateway))

"""The screens behind the sockets: bounded in number, size and memory, and gone when the browser or the server is."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from itertools import count
from pathlib import Path

import aiohttp
import pytest

from tests.cli.commands.serve.serving import (
    DEADLINE,
    Served,
    Socket,
    first_frame,
    memory_of,
    needs_proc,
    processes_with,
    serving,
    until,
)
from tui.cli.commands.serve.protocol import MESSAGE_LIMIT

pytestmark = needs_proc
MANY_BYTES = 400 * 1024 * 1024  # a screen of usual size holds 60 MB
# The others have SIGTERM's handler; where a screen is held up or builds, one of two stands for both.
LONG = pytest.mark.long
PATIENCE = 40.0  # seconds for an end that never comes on a machine that is busy


def longest() -> float:
    """The seconds in which all is to be gone: two, and more on a machine that others use, too."""
    return 2.0 + os.getloadavg()[0]


async def drain(opened: Socket) -> None:
    async for _ in opened:
        pass


async def test_a_closed_page_ends_its_screen(server: Served) -> None:
    async with server.socket() as opened:
        assert b"\x1b" in await first_frame(opened)
        assert len(server.screens()) == 1
    await until(lambda: not server.screens(), "the screen outlives its page")


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM, signal.SIGKILL,
        pytest.param(signal.SIGINT, marks=LONG), pytest.param(signal.SIGHUP, marks=LONG),
    ],
)  # fmt: skip
async def test_a_server_that_ends_leaves_no_screen(number: signal.Signals, server: Served) -> None:
    async with aiohttp.ClientSession() as session:
        opened = [await session.ws_connect(server.at("ws")) for _ in range(2)]
        for each in opened:
            await first_frame(each)
        assert len(server.screens()) == 2
        server.process.send_signal(number)
        taken = await until(lambda: not server.screens(), "a screen outlives its server", PATIENCE)
        await until(lambda: server.process.poll() is not None, "the server goes on", PATIENCE)
    assert taken < longest()
    assert server.process.returncode == (-number if number == signal.SIGKILL else 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=LONG)])
async def test_a_screen_that_is_held_up_ends_with_its_server_too(number: signal.Signals, server: Served) -> None:
    """The browser reads nothing, so the screen's pipe fills, and it waits there, deaf to signals."""
    async with server.socket(width="800", height="300") as opened:
        await first_frame(opened)
        (screen,) = server.screens()
        ends = time.monotonic() + DEADLINE
        for size in count():  # each draws the whole screen anew, until every buffer on the way is full
            if waits_to_write(screen):
                break
            assert time.monotonic() < ends, "it is not held up"
            await opened.send_str(json.dumps(["resize", {"width": 800 - size % 2, "height": 300}]))
            await asyncio.sleep(0.05)
        server.process.send_signal(number)
        assert await until(lambda: not server.screens(), "a screen outlives its server", PATIENCE) < longest()


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=LONG), signal.SIGKILL])
async def test_what_a_screen_builds_ends_with_the_server(
    number: signal.Signals, workspace: Path, tmp_path: Path
) -> None:
    """A fake compiler that hangs, and leaves a child in a session of its own."""
    seconds = f"300.{os.getpid()}{number.value}".encode()
    fake = tmp_path / "bin" / "go"
    fake.parent.mkdir()
    fake.write_text(
        '#!/bin/sh\n[ "$1" = version ] && exec echo go version go1.27.3 linux/amd64\n'
        f"setsid sleep {seconds.decode()} &\nexec sleep {seconds.decode()}\n"
    )
    fake.chmod(0o755)
    with serving(workspace, path=f"{fake.parent}:/usr/bin:/bin") as server:
        async with server.socket() as opened:
            reading = asyncio.create_task(drain(opened))
            await until(lambda: len(server.screens()) == 1, "no screen")
            async with asyncio.timeout(DEADLINE):
                while len(processes_with(seconds)) < 2:  # the screen takes keys once it is up
                    await opened.send_str('["stdin", "b"]')
                    await asyncio.sleep(0.3)
            server.process.send_signal(number)
            taken = await until(lambda: not processes_with(seconds), "a compiler outlives the server", PATIENCE)
            taken += await until(lambda: not server.screens(), "a screen outlives its server", PATIENCE)
            reading.cancel()
    assert taken < longest()


def waits_to_write(process: int) -> bool:
    """Whether it sleeps in a write to a pipe."""
    tasks = Path(f"/proc/{process}/task").glob("*/wchan")
    return any("pipe_write" in task.read_text() for task in tasks)


async def status(session: aiohttp.ClientSession, url: str) -> int:
    async with session.get(url) as response:
        return response.status


async def test_beyond_the_limit_a_page_says_so(workspace: Path) -> None:
    with serving(workspace, "--sessions", "2") as server:
        async with aiohttp.ClientSession() as session:
            opened = [await session.ws_connect(server.at("ws")) for _ in range(2)]
            with pytest.raises(aiohttp.WSServerHandshakeError) as answer:
                await session.ws_connect(server.at("ws"))
            assert answer.value.status == 503
            async with session.get(server.url) as response:
                assert response.status == 503
                page = await response.text()
            assert "2 sessions are open, and that is the limit" in page
            assert "--sessions 3" in page
            await until(lambda: len(server.screens()) == 2, "not two screens")
            await opened[0].close()
            await until(lambda: len(server.screens()) == 1, "the screen outlives its page")
            ends = time.monotonic() + DEADLINE
            while await status(session, server.url) != 200:  # once the server has seen its end, too
                assert time.monotonic() < ends, "the place stays taken"
            opened.append(await session.ws_connect(server.at("ws")))
            await first_frame(opened[-1])


@LONG
async def test_eight_sessions_are_the_default_also_when_all_come_at_once(server: Served) -> None:
    """In the short form `test_beyond_the_limit_a_page_says_so` has a limit of two."""
    async with aiohttp.ClientSession() as session:
        tries = [session.ws_connect(server.at("ws")) for _ in range(20)]
        ends = await asyncio.gather(*tries, return_exceptions=True)
        opened = [end for end in ends if isinstance(end, aiohttp.ClientWebSocketResponse)]
        refused = [end.status for end in ends if isinstance(end, aiohttp.WSServerHandshakeError)]
        assert (len(opened), refused) == (8, [503] * 12)
        assert len(server.screens()) <= 8


@LONG
async def test_no_size_makes_a_screen_grow(server: Served) -> None:
    """Sizes in the address and in messages. Unbounded, 6,000 x 6,000 cells held 440 MB after 16 s, and grew. In the
    short form, test_protocol.py asks what comes of such sizes."""
    async with server.socket(width="999999999", height="6000") as opened:
        reading = asyncio.create_task(drain(opened))
        await until(lambda: len(server.screens()) == 1, "no screen")
        (screen,) = server.screens()
        for size in (6_000, 10**12, -5, 0):
            await opened.send_str(json.dumps(["resize", {"width": size, "height": size}]))
        ends = time.monotonic() + 4
        highest = 0
        while time.monotonic() < ends:
            highest = max(highest, memory_of(screen))
            await asyncio.sleep(0.05)
        assert server.screens() == {screen}
        assert highest < MANY_BYTES
        reading.cancel()


async def test_what_is_no_message_changes_nothing(server: Served) -> None:
    async with server.socket() as opened:
        await first_frame(opened)
        for text in ("", "{", "[]", '["resize", {"width": -5, "height": "x"}]', '["stdin", 5]', '["quit"]'):
            await opened.send_str(text)
        await opened.send_bytes(b"\0\1")
        await opened.send_str('["ping", "7"]')
        while (message := await opened.receive(DEADLINE)).type != aiohttp.WSMsgType.TEXT:
            assert message.type == aiohttp.WSMsgType.BINARY, message
        assert message.json() == ["pong", "7"]
        assert len(server.screens()) == 1


async def test_a_message_that_is_too_long_ends_its_session_only(server: Served) -> None:
    async with server.socket() as other, server.socket() as opened:
        await first_frame(opened)
        await first_frame(other)
        await opened.send_str(json.dumps(["stdin", "x" * MESSAGE_LIMIT]))
        while (await opened.receive(DEADLINE)).type == aiohttp.WSMsgType.BINARY:
            pass
        assert opened.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        await until(lambda: len(server.screens()) == 1, "its screen goes on")
        assert not other.closed


async def test_a_flood_of_keys_leaves_server_and_screen_small(server: Served) -> None:
    async with server.socket() as opened:
        reading = asyncio.create_task(drain(opened))
        await until(lambda: len(server.screens()) == 1, "no screen")
        (screen,) = server.screens()
        ends = time.monotonic() + 2

        async def flood() -> None:
            while True:
                await opened.send_str(json.dumps(["stdin", "\x1b[200~" + "x" * 100_000]))

        flooding = asyncio.create_task(flood())
        highest = [0, 0]
        while time.monotonic() < ends:
            highest = [max(highest[0], memory_of(screen)), max(highest[1], memory_of(server.process.pid))]
            await asyncio.sleep(0.05)
        flooding.cancel()
        reading.cancel()
        await asyncio.gather(flooding, reading, return_exceptions=True)
    assert max(highest) < MANY_BYTES

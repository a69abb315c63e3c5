"""`fn-tui serve`: who may open it, that it works in a browser, and that nothing of it stays behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.cli.browser import CHROMIUM, Browser
from tests.gobuild import CACHE
from tui.cli import main
from tui.cli.commands.serve.command import is_loopback
from tui.cli.commands.serve.server import ServeOptions, allowed_host
from tui.demo.copy import copy_workspace

needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
DEADLINE = 60.0  # seconds for what a slow machine may take; each wait ends as soon as its fact holds


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    target = tmp_path / "workspace"
    copy_workspace(target)
    return target


@pytest.fixture
def server(workspace: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running server on a free port, and its address."""
    argv = [sys.executable, "-m", "tui", "serve", "--port", "0", "--json", "--compiler", "go", str(workspace)]
    environment = {"HOME": str(CACHE), **os.environ, "VISUAL": "vi"}
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())["url"]
    finally:
        process.terminate()
        process.wait(DEADLINE)
        process.stdout.close()


@asynccontextmanager
async def websocket(url: str, **headers: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}ws", headers=headers) as opened:
        yield opened


async def until(fact: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not fact():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.05)


def screens() -> set[int]:
    """The processes that show a screen to a browser."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"tui.cli.commands.serve.screen" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.3.2.1"])
def test_loopback_is_known(host: str) -> None:
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1"])
def test_what_others_reach_is_known(host: str) -> None:
    assert not is_loopback(host)


def test_other_machines_are_let_in_only_when_asked_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", str(tmp_path), "--host", "0.0.0.0"]) == 2
    assert "add --expose if that is what you want" in capsys.readouterr().err
    assert main(["serve", str(tmp_path), "--expose"]) == 2
    assert "127.0.0.1 is this machine only" in capsys.readouterr().err


def test_a_port_in_use_and_a_wrong_folder_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", str(tmp_path), "--port", str(taken.getsockname()[1])]) == 1
    assert "cannot listen on 127.0.0.1 port" in capsys.readouterr().err
    assert main(["serve", str(tmp_path), "--port", "70000"]) == 2
    assert main(["serve", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    ("header", "local", "exposed"),
    [
        ("127.0.0.1:8000", True, True),
        ("localhost:8000", True, True),
        ("LOCALHOST", True, True),
        ("[::1]:8000", True, True),
        ("mine.example:8000", True, True),
        ("192.0.2.1:8000", False, True),
        ("rebound.example:8000", False, False),
        ("localhost.rebound.example", False, False),
        ("127.0.0.1.rebound.example", False, False),
        ("", False, False),
        ("[::1", False, False),
        ("localhost@rebound.example", False, False),
    ],
)
def test_names_under_which_it_answers(header: str, local: bool, exposed: bool) -> None:
    names = frozenset({"mine.example"})
    assert allowed_host(header, ServeOptions([], "", names)) is local
    assert allowed_host(header, ServeOptions([], "", names, any_address=True)) is exposed


@needs_proc
async def test_only_its_own_page_may_open_the_socket(server: tuple[subprocess.Popen[str], str]) -> None:
    url = server[1]
    port = url.rstrip("/").rpartition(":")[2]
    refused: list[dict[str, str]] = [
        {"Origin": "http://other.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": f"https://127.0.0.1:{port}"},
        {"Origin": f"http://localhost:{port}"},  # another origin than the Host that it names
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.example", "Origin": "http://rebound.example"},
        {"Host": f"rebound.example:{port}", "Origin": f"http://rebound.example:{port}"},
    ]
    before = screens()
    for headers in refused:
        with pytest.raises(aiohttp.WSServerHandshakeError) as answer:
            async with websocket(url, **headers):
                pass
        assert answer.value.status in (403, 421), headers
    assert screens() <= before
    async with websocket(url, Origin=url.rstrip("/")) as opened:
        assert not opened.closed


async def test_a_rebound_name_gets_no_page(server: tuple[subprocess.Popen[str], str]) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(server[1], headers={"Host": "rebound.example"}) as response:
            assert response.status == 421
        async with session.get(server[1], params={"fontsize": '1"><script>'}) as response:
            page = await response.text()
            assert response.status == 200
            assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in page
    assert page.count("<script ") == 2
    assert "//fonts." not in page


@needs_proc
async def test_a_closed_page_ends_its_screen(server: tuple[subprocess.Popen[str], str]) -> None:
    before = screens()
    async with websocket(server[1]) as opened:
        assert b"\x1b" in (await opened.receive(DEADLINE)).data
        started = screens() - before
        assert len(started) == 1
    await until(lambda: not started & screens(), "the screen outlives its page")


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_a_server_that_ends_leaves_no_screen(
    number: signal.Signals, server: tuple[subprocess.Popen[str], str]
) -> None:
    process, url = server
    before = screens()
    async with aiohttp.ClientSession() as session:
        opened = await session.ws_connect(f"{url}ws")
        await opened.receive(DEADLINE)
        started = screens() - before
        assert len(started) == 1
        process.send_signal(number)
        await until(lambda: process.poll() is not None, "the server goes on")
        await until(lambda: not started & screens(), "a screen outlives its server")
    assert process.returncode == (-number if number == signal.SIGKILL else 0)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
async def test_in_a_browser(server: tuple[subprocess.Popen[str], str], workspace: Path, tmp_path: Path) -> None:
    """The page loads, a key moves the list, a build runs; a page from elsewhere stays outside."""
    _, url = server
    module = workspace / "echo/function.wasm"
    async with Browser(tmp_path / "profile") as browser:
        await browser.open(url)
        await until(lambda: "chat" in browser.text() and "presence" in browser.text(), "no list of functions")
        await until(lambda: "─ chat ─" in browser.text(), "chat is not the one in view")
        browser.frames = ""
        await browser.press("j")
        await browser.press("j")
        await until(lambda: "stdin/stdout" in browser.text(), "the list did not move")  # the life of a command
        await browser.press("b")
        await until(module.exists, "nothing was built")
        assert module.read_bytes()[:4] == b"\0asm"
        await browser.press("e")
        await until(lambda: "no editor in a browser" in browser.text(), "nothing is said of the editor")

        opens = (
            "new Promise(done => {{ const s = new WebSocket('{}');"
            " s.onopen = () => done('open'); s.onerror = () => done('refused') }})"
        )
        address = url.replace("http:", "ws:") + "ws"
        assert await browser.run(opens.format(address)) == "open"
        await browser.open("data:text/html,<title>elsewhere</title>")
        assert await browser.run(opens.format(address)) == "refused"

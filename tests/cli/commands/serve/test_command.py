"""`fn-tui serve`: its arguments, and that it works in a browser."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.cli.browser import CHROMIUM, Browser
from tests.cli.commands.serve.serving import Served, until
from tui.addresses import is_loopback
from tui.cli import main
from tui.demo.copy import copy_workspace


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


@pytest.mark.parametrize("number", ["0", "-1", "257"])
def test_how_many_sessions_is_bounded(number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", str(tmp_path), "--sessions", number]) == 2
    assert f"--sessions takes 1 to 256, not {number}" in capsys.readouterr().err


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The sample."""
    target = tmp_path / "workspace"
    copy_workspace(target)
    return target


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
async def test_in_a_browser(server: Served, workspace: Path, tmp_path: Path) -> None:
    """The page loads, a key moves the list, a build runs; a page from elsewhere stays outside."""
    module = workspace / "echo/function.wasm"
    async with Browser(tmp_path / "profile") as browser:
        await browser.open(server.url)
        await until(lambda: "chat" in browser.text() and "presence" in browser.text(), "no list of functions")
        await until(lambda: "─ chat ─" in browser.text(), "chat is not the one in view")
        assert await browser.run("window.location.href") == server.base  # the token stays out of the history
        browser.frames = ""
        await browser.press("j")
        await browser.press("j")
        await until(lambda: "stdin/stdout" in browser.text(), "the list did not move")  # the life of a command
        await browser.press("b")
        await until(module.exists, "nothing was built")
        assert module.read_bytes()[:4] == b"\0asm"
        await browser.press("e")
        await until(lambda: "no editor in a browser" in browser.text(), "nothing is said of the editor")

        browser.frames = ""
        await browser.open(server.base)  # the cookie of the first visit opens it
        await until(lambda: "chat" in browser.text() and "presence" in browser.text(), "not let in again")
        opens = (
            "new Promise(done => {{ const s = new WebSocket('{}');"
            " s.onopen = () => done('open'); s.onerror = () => done('refused') }})"
        )
        address = server.base.replace("http:", "ws:") + "ws"
        assert await browser.run(opens.format(address)) == "open"
        await browser.open("data:text/html,<title>elsewhere</title>")
        assert await browser.run(opens.format(address)) == "refused"

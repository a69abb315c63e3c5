"""Who may call `fn-tui dev`: tokens, and pages of named origins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.cli.commands.dev.desk import CHAT, PATIENCE, Dev, dev, environment, function, says

ORIGIN = "http://localhost:5173"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    workspace = tmp_path_factory.mktemp("workspace")
    function(workspace, "says", says(b'"in"'))
    function(workspace, "chat", CHAT, "ws_persistent: true\n")
    options = ["--no-build", "--fresh", "--token", "--allow-origin", ORIGIN]
    with dev(workspace, tmp_path_factory.mktemp("homes"), *options, env={"FN_TUI_DEV_TOKEN": "a-token"}) as process:
        yield process


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer a-toke"}, 401),
        ({"Authorization": "Basic a-token"}, 401),
        ({"X-Fn-Tui-Token": "é"}, 401),
        ({"Authorization": "Bearer a-token"}, 200),
        ({"X-Fn-Tui-Token": "a-token"}, 200),
    ],
)
def test_the_token(gateway: Dev, headers: dict[str, str], status: int) -> None:
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert gateway.token == "a-token"
    assert gateway.invoke("says", headers=encoded).status == status
    assert gateway.request("GET", "/", encoded).status == status


def test_the_token_of_a_socket(gateway: Dev) -> None:
    with pytest.raises(InvalidStatus), connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None):
        pass
    with connect(gateway.ws("chat") + "?fn-tui-token=a-token", open_timeout=PATIENCE, proxy=None) as socket:
        socket.send("in")
        assert socket.recv(PATIENCE) == "in"


def test_a_page_of_a_named_origin_asks_first_and_may_read(gateway: Dev) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-fn-tui-token",
        "Access-Control-Request-Private-Network": "true",
    }
    allowed = gateway.request("OPTIONS", "/v1/functions/says/invoke", asked)
    assert allowed.status == 204
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert allowed.headers["Access-Control-Allow-Headers"] == "content-type,x-fn-tui-token"
    assert allowed.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "POST" in allowed.headers["Access-Control-Allow-Methods"]
    answered = gateway.invoke("says", headers={"Origin": ORIGIN, "X-Fn-Tui-Token": "a-token"})
    assert (answered.status, answered.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    refused = gateway.invoke("says", headers={"Origin": ORIGIN})  # it may read that, too
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, ORIGIN)


@pytest.mark.parametrize("origin", ["http://localhost:5174", "https://localhost:5173", "http://evil.example"])
def test_other_pages_may_not(gateway: Dev, origin: str) -> None:
    refused = gateway.invoke("says", headers={"Origin": origin, "X-Fn-Tui-Token": "a-token"})
    assert refused.status == 403
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_other_machines_are_let_in_by_who_asks_twice_and_only_with_a_token(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tui", "dev", str(tmp_path), "--listen", "0.0.0.0:0"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment(tmp_path))
    assert done.returncode == 2
    assert "add --expose if that is what you want" in done.stderr
    function(tmp_path / "workspace", "says", says(b'"in"'))
    with dev(tmp_path / "workspace", tmp_path, "--no-build", "--fresh", "--listen", "0.0.0.0:0", "--expose") as exposed:
        assert len(exposed.token) == 43
        exposed.host = exposed.host.replace("0.0.0.0", "127.0.0.1")
        assert exposed.invoke("says").status == 401
        assert exposed.invoke("says", headers={"Authorization": f"Bearer {exposed.token}"}).status == 200
        assert exposed.invoke("says", headers={"Host": "10.1.2.3:1", "X-Fn-Tui-Token": exposed.token}).status == 200
        assert exposed.invoke("says", headers={"Host": "evil.example", "X-Fn-Tui-Token": exposed.token}).status == 421

"""Nothing outlives `fn-tui dev`, however it ends; what a guest's end does, and to whom."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.cli.commands.dev.desk import (
    BACK,
    CHAT,
    HEAP,
    LOOPS,
    PATIENCE,
    dev,
    environment,
    function,
    is_alive,
    says,
    until,
)
from tests.cli.commands.dev.desk import (
    socket as persistent,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for under /proc")
LONGEST = 2.0  # seconds that an end may take on a quiet machine
LOST = (1011, "the function's process is gone")
ADD = "INSERT INTO t VALUES (1)"
# Writes a row for each call.
WRITES = f"""(module (import "env" "db_execute_v2" (func $db (param i32 i32 i32 i32) (result i64)))
  (memory (export "memory") 1) {HEAP} (data (i32.const 0) "CREATE TABLE IF NOT EXISTS t (a)")
  (data (i32.const 64) "{ADD}")
  (func (export "_start") (drop (call $db (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
    (drop (call $db (i32.const 64) (i32.const {len(ADD)}) (i32.const 0) (i32.const 0)))))"""


@pytest.mark.parametrize("sockets", [20, pytest.param(50, marks=pytest.mark.long)])
def test_killed_amid_many_sockets_it_leaves_no_process_and_a_store_that_opens(tmp_path: Path, sockets: int) -> None:
    workspace, state = tmp_path / "workspace", tmp_path / "state"
    function(workspace, "chat", CHAT, "ws_persistent: true\n")
    function(workspace, "writes", WRITES)
    function(workspace, "loops", LOOPS)
    with ExitStack() as open_, dev(workspace, tmp_path, "--no-build", "--state", str(state)) as gateway:
        for _ in range(sockets):
            client = open_.enter_context(connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None))
            client.send("hello")
            assert client.recv(PATIENCE) == "hello"
        assert gateway.invoke("writes").status == 200
        looping = socket.create_connection(gateway.host.split(":"))
        open_.enter_context(looping)
        looping.sendall(b"POST /v1/functions/loops/invoke HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        family = gateway.children()
        assert len(family) > sockets
        gateway.process.send_signal(signal.SIGKILL)
        assert until(lambda: not any(map(is_alive, family)))
    with sqlite3.connect(state / "database.sqlite") as store:
        assert store.execute("SELECT a FROM t").fetchall() == [(1,)]
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with dev(workspace, tmp_path, "--no-build", "--state", str(state)) as gateway:
        assert gateway.invoke("writes").status == 200


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_signal_ends_it_soon_and_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    workspace = tmp_path / "workspace"
    function(workspace, "chat", CHAT, "ws_persistent: true\n")
    function(workspace, "loops", LOOPS)
    with (
        dev(workspace, tmp_path, "--no-build", "--fresh", env={"TMPDIR": str(tmp_path)}) as gateway,
        ExitStack() as open_,
    ):
        clients = [
            open_.enter_context(connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None)) for _ in range(5)
        ]
        looping = open_.enter_context(connect(gateway.ws("loops"), open_timeout=PATIENCE, proxy=None))
        looping.send("{}")
        clients[0].send("hello")
        assert clients[0].recv(PATIENCE) == "hello"
        family = gateway.children()
        began = monotonic()
        gateway.process.send_signal(number)
        assert gateway.process.wait(PATIENCE) == 128 + number
        assert monotonic() - began < LONGEST + os.getloadavg()[0]  # of a machine that others use, too
        assert not [pid for pid in family if is_alive(pid)]
    assert not list(tmp_path.glob("fn-tui-dev-*"))


def test_a_function_hears_that_the_gateway_ends_also_where_another_client_left_before(tmp_path: Path) -> None:
    thinks = """(local i32) (loop (br_if 0 (i32.lt_u
      (local.tee 2 (i32.add (local.get 2) (i32.const 1))) (i32.const 5000000))))"""
    function(tmp_path / "workspace", "chat", persistent(f"{BACK} i32.const 0", closed=thinks), "ws_persistent: true\n")
    with dev(tmp_path / "workspace", tmp_path, "--no-build", "--fresh") as gateway:
        with connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None) as first:
            assert echoes(first)
        gateway.wait(lambda event: event.get("kind") == "close")
        gateway.forget()
        with connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None) as client:
            assert echoes(client)
            gateway.process.send_signal(signal.SIGTERM)
            heard = gateway.wait(lambda event: event.get("kind") == "close")
    assert (heard["status"], heard["error"]) == (200, "")


def echoes(client: ClientConnection) -> bool:
    """Whether a connection still answers."""
    try:
        client.send("hello")
        return client.recv(PATIENCE) == "hello"
    except ConnectionClosed:
        return False


def test_a_guest_that_crashes_hurts_its_own_connection_only(tmp_path: Path) -> None:
    function(tmp_path / "workspace", "chat", CHAT, "ws_persistent: true\n")
    function(tmp_path / "workspace", "says", says(b'"well"'))
    with dev(tmp_path / "workspace", tmp_path, "--no-build", "--fresh") as gateway, ExitStack() as open_:
        clients = [
            open_.enter_context(connect(gateway.ws("chat"), open_timeout=PATIENCE, proxy=None)) for _ in range(3)
        ]
        assert all(map(echoes, clients))
        guests = [pid for pid in gateway.children() if Path(f"/proc/{pid}/comm").read_text() == "fn:chat\n"]
        for guest in guests:
            os.kill(guest, signal.SIGKILL)
            assert until(lambda guest=guest: not is_alive(guest))  # type: ignore[misc]
            left = [client for client in clients if echoes(client)]
            gone = [client for client in clients if client not in left]
            assert len(gone) <= 1
            assert [(client.close_code, client.close_reason) for client in gone] == [LOST] * len(gone)
            clients = left
        assert not clients
        assert gateway.invoke("says").body == b'"well"'


def test_the_nursery_is_made_anew_when_it_is_gone(tmp_path: Path) -> None:
    function(tmp_path / "workspace", "says", says(b'"well"'))
    with dev(tmp_path / "workspace", tmp_path, "--no-build", "--fresh") as gateway:
        assert gateway.invoke("says").body == b'"well"'
        family = gateway.children()
        os.kill(family[0], signal.SIGKILL)
        assert until(lambda: not any(map(is_alive, family)))
        assert until(lambda: gateway.invoke("says").status == 200)


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        argv = [sys.executable, "-m", "tui", "dev", str(tmp_path), "--listen", f"127.0.0.1:{port}"]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment(tmp_path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"fn-tui: cannot listen on 127.0.0.1 port {port}: address already in use (--listen names another)\n"
    )

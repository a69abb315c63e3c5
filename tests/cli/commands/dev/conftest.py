from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands.dev.desk import CHAT, ECHO, LOOPS, TRAPS, Dev, dev, function, says, socket, text

RESPONSES = Path(__file__).parents[3] / "running" / "cases" / "response.jsonl"
STDOUT = [one for line in RESPONSES.read_text().splitlines() if set((one := json.loads(line))["given"]) == {"stdout"}]
CALLER = '(import "env" "get_caller_wallet" (func $who (result i64)))'
# Answers with who called.
WHO = f"""(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32))) {CALLER}
  (memory (export "memory") 1) (global $top (mut i32) (i32.const 1024))
  (func (export "orama_alloc") (param i32) (result i32) (local i32)
    (local.set 1 (global.get $top)) (global.set $top (i32.add (local.get 1) (local.get 0))) (local.get 1))
  (func (export "_start") (local i64) (local.set 0 (call $who))
    (i32.store (i32.const 0) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
    (i32.store (i32.const 4) (i32.wrap_i64 (local.get 0)))
    (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""


def raw(status: int, headers: bytes, body: bytes) -> str:
    """A command that sets its own response."""
    return f"""(module (import "env" "set_http_response" (func $set (param i32 i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1) (data (i32.const 16) "{text(headers)}") (data (i32.const 4096) "{text(body)}")
      (func (export "_start") (drop (call $set (i32.const {status}) (i32.const 16) (i32.const {len(headers)})
        (i32.const 4096) (i32.const {len(body)})))))"""


def lay_out(workspace: Path) -> None:
    for number, case in enumerate(STDOUT):
        function(workspace, f"out{number}", says(case["given"]["stdout"].encode()))
    function(workspace, "echo", ECHO, "public: true\nmemory: 16\n")
    function(workspace, "who", WHO, "public: true\n")
    function(workspace, "private", says(b'"in"'))
    function(workspace, "hidden", says(b'"in"'), "internal: true\n")
    function(workspace, "loops", LOOPS, "timeout: 1\n")
    function(workspace, "traps", TRAPS)
    function(workspace, "again", TRAPS, "retry: {count: 1, delay: 1}\n")
    headers = b'{"X-Mine":"a\\nb","Content-Length":"3","X-Orama-Y":"1","X-Request-ID":"me","Content-Type":"text/x"}'
    function(workspace, "raw", raw(418, headers, b"tea"), "raw_http_response: true\n")
    function(workspace, "control", raw(200, b'{"X-Mine":"a\\u007fb"}', b"x"), "raw_http_response: true\n")
    function(workspace, "plain", raw(201, b"", b"<html >"), "raw_http_response: true\n")
    function(workspace, "chat", CHAT, "ws_persistent: true\npublic: true\n")
    function(workspace, "closed", socket("i32.const 0", opened="i32.const 1"), "ws_persistent: true\n")
    function(workspace, "stops", socket("i32.const 1"), "ws_persistent: true\nws_max_inflight_per_conn: -5\n")
    function(workspace, "hangs", socket("(loop (br 0)) i32.const 0"), "ws_persistent: true\ntimeout: 1\n")
    function(workspace, "odd name", says(b'"odd"'))
    for twin in ("one", "two"):
        function(workspace, twin, says(b'"twin"'))
        (workspace / twin / "function.yaml").write_text("name: twin\n")
    (workspace / "unbuilt").mkdir()
    (workspace / "unbuilt" / "function.yaml").write_text("name: unbuilt\n")
    (workspace / "unbuilt" / "function.go").write_text("package main\n")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dev]:
    """One gateway for all tests that change nothing of it; nothing is built there."""
    workspace = tmp_path_factory.mktemp("served")
    lay_out(workspace)
    with dev(workspace, tmp_path_factory.mktemp("homes"), "--no-build", "--fresh") as process:
        yield process

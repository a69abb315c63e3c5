"""What functions behind `fn-tui dev` share: the store, its seed, secrets, recorded answers to fetches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.commands.dev.desk import HEAP, dev, function, says, text, until
from tui.building.record.runs import last_run, stamp_of


def asks(call: str, types: str, *arguments: bytes) -> str:
    """A command that prints what a host call gives."""
    places, data = [], ""
    for number, argument in enumerate(arguments, 1):
        places += [f"(i32.const {number * 256})", f"(i32.const {len(argument)})"]
        data += f'(data (i32.const {number * 256}) "{text(argument)}")'
    return f"""(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
      (import "env" "{call}" (func $ask (param {types}) (result i64))) (memory (export "memory") 2) {HEAP} {data}
      (func (export "_start") (local i64) (local.set 0 (call $ask {" ".join(places)}))
        (i32.store (i32.const 0) (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
        (i32.store (i32.const 4) (i32.wrap_i64 (local.get 0)))
        (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""


def test_the_store_the_seed_the_secrets_and_the_recording(tmp_path: Path) -> None:
    workspace, url = tmp_path / "workspace", "http://api.example/?key=hush-hush"
    function(workspace, "rows", asks("db_query", "i32 i32 i32 i32", b"SELECT a FROM seeded", b""))
    function(workspace, "adds", asks("db_execute_v2", "i32 i32 i32 i32", b"INSERT INTO seeded VALUES (2)", b""))
    function(workspace, "secret", asks("get_secret", "i32 i32", b"KEY"))
    function(workspace, "fetch", asks("http_fetch", " ".join(["i32"] * 8), b"GET", url.encode(), b"", b""))
    (tmp_path / "seed.sql").write_text("CREATE TABLE seeded (a); INSERT INTO seeded VALUES (1);")
    (tmp_path / "secrets").write_text("KEY=hush-hush\n")
    veiled = url.replace("hush-hush", "<secret KEY>")
    fetches = [{"method": "GET", "url": veiled, "status": 200, "body": answer} for answer in ("first", "second")]
    (tmp_path / "http.json").write_text(json.dumps({"fetches": fetches}))
    files = [f"--{name}={tmp_path / file}" for name, file in (("secrets", "secrets"), ("http", "http.json"))]
    with dev(
        workspace, tmp_path, "--no-build", "--state", str(tmp_path / "state"), f"--seed={tmp_path}/seed.sql", *files
    ) as it:
        assert it.invoke("adds").json["rows_affected"] == 1
        assert it.invoke("rows").json == [{"a": 1}, {"a": 2}]
        assert json.loads(it.invoke("secret").body)["output"] == "hush-hush"
        # In order, whichever process asks.
        assert [it.invoke("fetch").json["body"] for _ in range(3)] == ["first", "second", "second"]
    with dev(workspace, tmp_path, "--no-build", "--state", str(tmp_path / "state")) as it:
        assert it.invoke("rows").json == [{"a": 1}, {"a": 2}]
    with dev(workspace, tmp_path, "--no-build", "--fresh") as it:
        assert json.loads(it.invoke("rows").body)["output"] == ""


def test_what_a_function_logs_is_told_without_its_secrets(tmp_path: Path) -> None:
    module = f"""(module (import "env" "log_info" (func $log (param i32 i32))) (memory (export "memory") 1)
      (data (i32.const 0) "{text(b"the key is hush-hush")}")
      (func (export "_start") (call $log (i32.const 0) (i32.const 20)) unreachable))"""
    function(tmp_path / "workspace", "logs", module)
    (tmp_path / "secrets").write_text("KEY=hush-hush\n")
    with dev(tmp_path / "workspace", tmp_path, "--no-build", "--fresh", f"--secrets={tmp_path}/secrets") as gateway:
        assert gateway.invoke("logs").status == 500
        event = gateway.wait(lambda event: event["event"] == "request")
        assert event["logs"] == [["info", "the key is <secret KEY>"]]
        assert event["why"][0] == "It failed: it trapped (unreachable)"
        assert (event["status"], event["host_calls"]) == (500, 1)


def test_a_module_that_is_there_and_cannot_be_read_is_told(tmp_path: Path) -> None:
    (function(tmp_path / "workspace", "fn", "(module)") / "function.wasm").unlink()
    (tmp_path / "workspace" / "fn" / "function.wasm").mkdir()
    with dev(tmp_path / "workspace", tmp_path, "--no-build", "--fresh") as gateway:
        told = gateway.wait(lambda event: event["event"] == "notice")
    assert (told["function"], told["words"], told["is_fault"]) == (
        "fn",
        "function.wasm is not read: Is a directory",
        True,
    )


def test_a_call_counts_as_the_last_run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = function(tmp_path / "workspace", "says", says(b'"in"'))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "homes" / "cache"))
    with dev(tmp_path / "workspace", tmp_path / "homes", "--no-build", "--fresh") as server:
        assert server.invoke("says").status == 200
        stamp = stamp_of(folder / "function.wasm")
        assert until(lambda: last_run(folder, stamp) is not None, 20)
    kept = last_run(folder, stamp)
    assert kept is not None
    assert (kept.answered, kept.host_calls) == (True, 0)

"""What `fn-tui run` keeps between runs, and what it makes of an unfit store, seed, secrets, recording."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app.desk.running.functions import ECHO
from tests.running.conftest import wat
from tui.cli import main

Run = Callable[..., tuple[int, str, str]]
MEMORY = '(memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) i32.const 4096)'
COUNT = f"""(module (import "env" "cache_incr" (func $incr (param i32 i32) (result i64))) {MEMORY}
    (data (i32.const 0) "visits") (func (export "_start") (drop (call $incr (i32.const 0) (i32.const 6)))))"""
QUERY = "SELECT name FROM fruit"
ASK = f"""(module (import "env" "db_query" (func $query (param i32 i32 i32 i32) (result i64))) {MEMORY}
    (data (i32.const 0) "{QUERY}")
    (func (export "_start") (drop (call $query (i32.const 0) (i32.const {len(QUERY)}) (i32.const 0) (i32.const 0)))))"""
TELL = f"""(module (import "env" "get_secret" (func $secret (param i32 i32) (result i64)))
    (import "env" "log_info" (func $log (param i32 i32))) {MEMORY}
    (data (i32.const 0) "TOKEN")
    (func (export "_start") (local $got i64) (local.set $got (call $secret (i32.const 0) (i32.const 5)))
        (call $log (i32.wrap_i64 (i64.shr_u (local.get $got) (i64.const 32))) (i32.wrap_i64 (local.get $got)))))"""
URL = "https://example.com/a"
FETCH = f"""(module (import "env" "http_fetch" (func $fetch (param i32 i32 i32 i32 i32 i32 i32 i32) (result i64)))
    (import "env" "log_info" (func $log (param i32 i32))) {MEMORY}
    (data (i32.const 0) "GET") (data (i32.const 16) "{URL}")
    (func (export "_start") (local $got i64) (local.set $got (call $fetch (i32.const 0) (i32.const 3) (i32.const 16)
        (i32.const {len(URL)}) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
        (call $log (i32.wrap_i64 (i64.shr_u (local.get $got) (i64.const 32))) (i32.wrap_i64 (local.get $got)))))"""
OTHER = f"""(module (import "env" "function_invoke" (func $invoke (param i32 i32 i32 i32) (result i64)))
    (import "env" "log_info" (func $log (param i32 i32))) {MEMORY}
    (data (i32.const 0) "visits")
    (func (export "_start") (local $got i64) (local.set $got (call $invoke (i32.const 0) (i32.const 6) (i32.const 0)
        (i32.const 6))) (call $log (i32.wrap_i64 (i64.shr_u (local.get $got) (i64.const 32))) (i32.wrap_i64
        (local.get $got)))))"""


@pytest.fixture
def fn_run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`fn-tui run` as it is dispatched; gives exit code, stdout and stderr."""
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))

    def run(*argv: object) -> tuple[int, str, str]:
        code = main(["run", *map(str, argv)])
        out, err = capfd.readouterr()
        return code, out, err

    return run


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., Path]:
    """Lays a function of a workspace out on disk."""

    def make(text: str, name: str = "visits") -> Path:
        folder = tmp_path / "workspace" / name
        folder.mkdir(parents=True)
        (folder / "function.yaml").write_text(f"name: {name}\n")
        (folder / "function.wasm").write_bytes(wat(text))
        return folder

    return make


def calls(out: str) -> list[Any]:
    return [call["result"] for call in json.loads(out)["host_calls"]]


def one_sentence(told: tuple[int, str, str], words: str) -> None:
    code, out, err = told
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_state_is_kept_and_lies_outside_the_workspace(fn_run: Run, function: Callable[..., Path]) -> None:
    folder = function(COUNT)
    before = sorted(folder.parent.rglob("*"))
    found = [calls(fn_run(folder, "--json")[1]) for _ in range(3)]
    assert found == [[1], [2], [3]]
    assert calls(fn_run(folder, "--json", "--fresh")[1]) == [1]
    assert calls(fn_run(folder, "--json")[1]) == [4]
    assert sorted(folder.parent.rglob("*")) == before
    (kept,) = (Path(os.environ["XDG_STATE_HOME"]) / "fn-tui" / "run").iterdir()
    assert kept.name.startswith("workspace-")
    with sqlite3.connect(kept / "cache.sqlite") as any_tool:
        assert any_tool.execute("SELECT value FROM cache").fetchall() == [(b"4",)]
    any_tool.close()


def test_workspaces_share_nothing(fn_run: Run, function: Callable[..., Path], tmp_path: Path) -> None:
    folder = function(COUNT)
    assert calls(fn_run(folder, "--json")[1]) == [1]
    assert calls(fn_run(folder, "--json", "--workspace", tmp_path)[1]) == [1]
    assert calls(fn_run(folder, "--json", "--state", tmp_path / "mine")[1]) == [1]
    assert (tmp_path / "mine" / "cache.sqlite").is_file()


def test_a_seed_is_kept_whole_or_not_at_all(fn_run: Run, function: Callable[..., Path], tmp_path: Path) -> None:
    folder, seed = function(ASK), tmp_path / "seed.sql"
    seed.write_text(
        "CREATE TABLE fruit(name TEXT);\nINSERT INTO fruit VALUES('fig');\nINSERT INTO nowhere VALUES(1);\n"
    )
    one_sentence(fn_run(folder, "--seed", seed), "seed.sql: no such table: nowhere; nothing of it was kept")
    assert calls(fn_run(folder, "--json")[1]) == [""]
    seed.write_text("CREATE TABLE fruit(name TEXT);\nINSERT INTO fruit VALUES('fig');\n")
    assert calls(fn_run(folder, "--json", "--seed", seed, "--fresh")[1]) == ['[{"name":"fig"}]']
    assert calls(fn_run(folder, "--json", "--seed", seed)[1]) == ['[{"name":"fig"}]']
    assert calls(fn_run(folder, "--json")[1]) == ['[{"name":"fig"}]']
    seed.write_text(f"ATTACH '{tmp_path}/elsewhere.sqlite' AS e; CREATE TABLE e.x(y);")
    one_sentence(fn_run(folder, "--seed", seed), "nothing of it was kept")
    assert not (tmp_path / "elsewhere.sqlite").exists()


def test_a_seed_that_is_a_pipe_is_not_waited_for(fn_run: Run, function: Callable[..., Path], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "seed.sql")
    one_sentence(fn_run(function(ASK), "--seed", tmp_path / "seed.sql"), "not a regular file")


def linked(store: Path) -> None:
    (store.parent / "precious").mkdir()
    store.symlink_to(store.parent / "precious")


def linked_companion(store: Path) -> None:
    store.mkdir()
    (store.parent / "precious").write_bytes(b"mine")
    (store / "cache.sqlite-wal").symlink_to(store.parent / "precious")


def pipe(store: Path) -> None:
    store.mkdir()
    os.mkfifo(store / "database.sqlite")


def of_another_version(store: Path) -> None:
    store.mkdir()
    connection = sqlite3.connect(store / "database.sqlite")
    connection.executescript("PRAGMA user_version = 9; CREATE TABLE precious(x);")
    connection.close()


def no_database(store: Path) -> None:
    store.mkdir()
    (store / "cache.sqlite").write_bytes(bytes(range(256)) * 40)


def torn(store: Path) -> None:
    store.mkdir()
    connection = sqlite3.connect(store / "database.sqlite")
    connection.executescript("CREATE TABLE precious(x); INSERT INTO precious VALUES(zeroblob(9000));")
    connection.close()
    whole = (store / "database.sqlite").read_bytes()
    (store / "database.sqlite").write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


HOSTILE = [
    (linked, "it is a link"), (linked_companion, "is a link"), (pipe, "is not a regular file"),
    (of_another_version, "is of version 9, this fn-tui knows 1"), (no_database, "file is not a database"),
    (torn, "is damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), HOSTILE, ids=lambda one: one.__name__ if callable(one) else "")
def test_a_store_that_is_none_of_ours(
    make: Callable[[Path], None], words: str, fn_run: Run, function: Callable[..., Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    make(store)
    before = content(store)
    one_sentence(fn_run(function(COUNT), "--state", store), words)
    after = content(store)
    assert {name: after[name] for name in before} == before
    precious = tmp_path / "precious"
    assert not precious.exists() or precious.is_dir() or precious.read_bytes() == b"mine"


WRITING = f"""(module (import "env" "cache_incr" (func $incr (param i32 i32) (result i64)))
    (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32))) {MEMORY}
    (data (i32.const 0) "visits") (func (export "_start")
        (loop (drop (call $incr (i32.const 0) (i32.const 6))) (br 0))))"""


def test_what_is_killed_in_mid_run_leaves_a_store_that_opens(
    fn_run: Run, function: Callable[..., Path], tmp_path: Path
) -> None:
    folder, store = function(WRITING), tmp_path / "store"
    argv = [sys.executable, "-m", "tui.cli.main", "run", str(folder), "--state", str(store), "--timeout", "50"]
    argv[1:3] = ["-c", "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))"]
    with subprocess.Popen(argv, stdout=-1, stderr=-1, start_new_session=True) as child:
        while child.poll() is None and visits(store) < 20:
            pass
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate(timeout=60)
    assert child.returncode == -signal.SIGKILL
    reached = visits(store)
    assert reached >= 20
    (folder / "function.wasm").write_bytes(wat(COUNT))
    code, out, _ = fn_run(folder, "--state", store, "--json")
    assert code == 0
    assert calls(out)[0] > reached - 1


def visits(store: Path) -> int:
    """The number that is kept, 0 before there is one."""
    try:
        connection = sqlite3.connect(f"file:{store / 'cache.sqlite'}?mode=ro", uri=True)
        try:
            return int(connection.execute("SELECT value FROM cache").fetchone()[0])
        finally:
            connection.close()
    except (sqlite3.Error, TypeError):
        return 0


def test_a_secret_is_never_shown(fn_run: Run, function: Callable[..., Path], tmp_path: Path) -> None:
    folder, secrets = function(TELL), tmp_path / "secrets.env"
    secrets.write_text("# mine\nTOKEN='hunter2-hunter2'\n")
    for arguments in ([], ["--json"], ["--verbose"]):
        code, out, err = fn_run(folder, "--secrets", secrets, *arguments)
        assert code == 0
        assert "hunter2" not in out + err
        assert "<secret TOKEN>" in out
    own = tmp_path / "config" / "fn-tui" / "secrets.env"
    own.parent.mkdir(parents=True)
    own.write_text("TOKEN=hunter2-hunter2\n")
    assert calls(fn_run(folder, "--json")[1])[0] == "<secret TOKEN>"
    secrets.write_text("TOKEN=x\nhunter2-alone\n")
    told = fn_run(folder, "--secrets", secrets)
    one_sentence(told, "secrets.env:2: a line is KEY=VALUE")
    assert "hunter2" not in told[2]


def test_fetches_are_answered_from_a_recording(fn_run: Run, function: Callable[..., Path], tmp_path: Path) -> None:
    folder, recording = function(FETCH), tmp_path / "fetches.json"
    fetch = {"method": "GET", "url": URL, "status": 203, "headers": {"X-A": "b"}, "body": "hello"}
    recording.write_text(json.dumps({"fetches": [fetch]}))
    code, out, _ = fn_run(folder, "--json", "--http", recording)
    assert code == 0
    assert json.loads(calls(out)[0]) == {"body": "hello", "headers": {"X-A": ["b"]}, "status": 203}
    recording.write_text('{"fetches":[{"method":1}]}')
    one_sentence(fn_run(folder, "--http", recording), "fetch 1: method must be a text")
    one_sentence(fn_run(folder, "--http", recording, "--record", recording), "give one of the two")
    one_sentence(fn_run(folder, "--record", tmp_path / "nowhere" / "x"), "no such folder")
    one_sentence(fn_run(folder, "--record", tmp_path), "is a folder")


def test_a_recording_is_made(fn_run: Run, function: Callable[..., Path], tmp_path: Path) -> None:
    """Of a refusal, too, and answered from again: no network is needed for either."""
    folder = function(FETCH.replace("https://example.com/a", "https://10.255.0.1:1/"))
    recording = tmp_path / "made.json"
    code, _, _ = fn_run(folder, "--record", recording)
    assert code == 0
    assert json.loads(recording.read_text()) == {"fetches": []}  # refused before anything is dialled


def test_a_function_invokes_another(fn_run: Run, function: Callable[..., Path]) -> None:
    folder = function(OTHER, "asker")
    function(ECHO, "visits")
    code, out, _ = fn_run(folder, "--json", "--workspace", folder.parent)
    assert (code, calls(out)) == (0, ["visits", None])
    assert json.loads(out)["logs"] == [{"level": "info", "line": "visits"}]

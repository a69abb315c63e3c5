"""`fn-tui run`: its one line of JSON, its exit codes, and what a person is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running.conftest import wat
from tests.running.modulecases import ModuleCase, module_cases, said
from tui.cli.commands.run import command
from tui.cli.commands.run.words import UsageError, call_of
from tui.running.answer import Answer, HostCall
from tui.running.process import guest_process
from tui.running.process.start import Started, start

CASES = {case.id: case for case in module_cases()}
KEYS = [
    "dir", "kind", "driven_as", "ok", "stage", "output", "output_b64", "output_len", "exit_code", "error", "frames",
    "sent", "ws_close", "logs", "host_calls", "client", "duration_ms", "memory_peak_bytes", "compile_ms", "cached",
]  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fn_run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command as it is dispatched; gives exit code, stdout and stderr."""
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))

    def run(*argv: object) -> tuple[int, str, str]:
        parser = ArgumentParser()
        command.add_arguments(parser)
        code = command.run(parser.parse_args([str(one) for one in argv]))
        out, err = capfd.readouterr()
        return code, out, err

    return run


@pytest.fixture
def function(tmp_path: Path) -> Callable[[str], Path]:
    """Lays a case's function out on disk."""

    def make(name: str) -> Path:
        return laid_out(CASES[name], tmp_path / name)

    return make


def laid_out(case: ModuleCase, folder: Path) -> Path:
    folder.mkdir()
    target = case.target()
    (folder / "function.wasm").write_bytes(target.wasm)
    kind = {"persistent": "ws_persistent: true\n", "reactor": "reactor: true\n"}.get(case.given["kind"], "")
    (folder / "function.yaml").write_text(f"name: f\nmemory: {target.memory}\ntimeout: {target.timeout}\n{kind}")
    return folder


def record_of(out: str) -> dict[str, Any]:
    """The one object on the one line."""
    assert out.count("\n") == 1
    found: dict[str, Any] = json.loads(out)
    assert list(found) == KEYS
    return found


RUNS = ["mod-base-command", "mod-base-reactor", "mod-base-persistent", "mod-dyn-exit256", "mod-dyn-log",
        "mod-ps-frame-stop", "mod-ps-frame-trap", "mod-mem-1mb-17", "mod-re-h-badptr", "mod-alloc-orama"]  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_the_object_says_what_the_engine_said(name: str, fn_run: Run, function: Callable[[str], Path]) -> None:
    case = CASES[name]
    frames = [word for frame in case.given.get("frames", ()) for word in ("--frame", frame)]
    wallet = (case.given.get("host_answers") or {}).get("get_caller_wallet", "")
    code, out, _ = fn_run(
        function(name), "--json", "--data", case.given["input"], "--caller", f"wallet={wallet}", *frames
    )
    found, want = record_of(out), case.expect
    assert code == (0 if want["ok"] else 1)
    for key in ("ok", "stage", "error", "frames", "ws_close", "driven_as"):
        assert found[key] == want.get(key), key
    assert (found["output"], found["output_len"]) == (want.get("output", ""), want.get("output_len", 0))
    assert found["kind"] == case.given["kind"]
    if "client_sees" in want:
        assert found["client"]["status"] == want["client_sees"]["status"]
    if "host_calls" in want:
        calls = [HostCall(one["name"], tuple(one["args"]), one["result"], one["ms"]) for one in found["host_calls"]]
        assert [said(one) for one in calls] == want["host_calls"]


def test_a_wasm_file_works_as_well(fn_run: Run, function: Callable[[str], Path]) -> None:
    folder = function("mod-base-command")
    code, out, _ = fn_run(folder / "function.wasm", "--json")
    assert (code, record_of(out)["output"]) == (0, '{"ok":1}')
    (folder / "function.wasm").rename(folder / "other.wasm")
    code, out, _ = fn_run(folder / "other.wasm", "--json")
    assert (code, record_of(out)["ok"]) == (0, True)


def test_what_a_person_is_shown(fn_run: Run, function: Callable[[str], Path]) -> None:
    code, out, err = fn_run(function("mod-dyn-log"))
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == 'Invoking function "f"...'
    assert lines[lines.index("Output:") + 1] == '{"ok":1}'
    assert '  info  {"ok":1}' in lines[lines.index("Logged:") :]
    assert "Called the host 1 time:" in lines
    assert lines[-1].startswith("command: ")


def test_a_failure_is_explained(fn_run: Run, function: Callable[[str], Path]) -> None:
    code, out, _ = fn_run(function("mod-dyn-oobload"))
    assert code == 1
    assert "It failed: it trapped (out of bounds memory access)" in out
    assert "invocation failed: status 500" in out


def test_nothing_of_the_function_moves_the_cursor(fn_run: Run, tmp_path: Path) -> None:
    text = r"""(module (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (data (i32.const 0) "\10\00\00\00\09\00\00\00") (data (i32.const 16) "\1b[2J\07\9b3Jx")
        (func (export "_start") (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))"""
    (tmp_path / "f.wasm").write_bytes(wat(text))
    for arguments in ([], ["--json"], ["--verbose"]):
        _, out, err = fn_run(tmp_path / "f.wasm", *arguments)
        assert "\x1b" not in out + err
        assert "\x07" not in out + err


@pytest.mark.parametrize(
    ("arguments", "code", "words_said"),
    [
        (["nowhere"], 2, "nowhere: no such file or directory"),
        ([".", "--data", "not json"], 2, "--data is not JSON"),
        ([".", "--data", "@nowhere"], 2, "--data: nowhere: No such file or directory"),
        ([".", "--caller", "who=me"], 2, "none of wallet, sub, device, claim.NAME"),
        ([".", "--trigger", "sunrise"], 2, "--trigger is cron or pubsub:TOPIC"),
        ([".", "--trigger", "pubsub:t", "--data", "hello", "--raw"], 2, "starts no function"),
        ([".", "--timeout", "0"], 2, "--timeout takes seconds"),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: list[str], code: int, words_said: str, fn_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    got, out, err = fn_run(*arguments, "--json")
    assert got == code
    assert words_said in err
    assert err.count("\n") == 1
    found = record_of(out)
    assert (found["ok"], words_said in found["error"]) == (False, True)


def test_a_function_that_is_not_built(fn_run: Run, tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: f\nws_persistent: true\n")
    code, out, err = fn_run(tmp_path, "--json")
    assert code == 3
    assert "is not built" in record_of(out)["error"]
    assert "fn-tui build" in err


def test_a_refused_config_is_said_in_its_own_words(fn_run: Run, tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: f\nmemory: many\n")
    code, _, err = fn_run(tmp_path)
    assert code == 1
    assert "cannot unmarshal" in err


def test_without_an_engine(fn_run: Run, function: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "is_available", lambda: False)
    code, out, err = fn_run(function("mod-base-command"), "--json")
    assert code == 4
    assert "pip install 'fn-tui[run]'" in err
    assert record_of(out)["kind"] == "command"


def test_a_profile_is_a_table_and_a_page(fn_run: Run, tmp_path: Path) -> None:
    text = """(module (func $hot (local i32) (loop (local.set 0 (i32.add (local.get 0) (i32.const 1)))
        (br_if 0 (i32.lt_u (local.get 0) (i32.const 200000000))))) (func $main (export "_start") (call $hot)))"""
    (tmp_path / "busy.wasm").write_bytes(wat(text))
    code, out, _ = fn_run(tmp_path / "busy.wasm", "--profile")
    assert code == 0
    table = out[out.index("Time by function") :]
    assert table.index("hot") < table.index("main")
    (page,) = (tmp_path / "state" / "fn-tui" / "profiles").iterdir()
    assert str(page) in out
    assert "hot" in page.read_text()


def test_a_function_too_quick_for_a_profile_is_told(fn_run: Run, tmp_path: Path) -> None:
    (tmp_path / "quick.wasm").write_bytes(wat('(module (func (export "_start")))'))
    code, out, err = fn_run(tmp_path / "quick.wasm", "--profile")
    assert code == 0
    assert "Time by function" not in out
    assert "no profile: the function ended before" in err
    assert not (tmp_path / "state" / "fn-tui" / "profiles").exists()


def test_frames_are_for_persistent_functions(fn_run: Run, function: Callable[[str], Path]) -> None:
    code, _, err = fn_run(function("mod-base-command"), "--frame", "hi")
    assert code == 2
    assert "ws_persistent: true" in err


def test_it_builds_first_where_that_is_asked_for(fn_run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "echo"
    folder.mkdir()
    (folder / "function.yaml").write_text("name: echo\n")
    (folder / "function.go").write_text(ECHO)
    (folder / "go.mod").write_text("module example.com/echo\n\ngo 1.24\n")
    code, out, _ = fn_run(folder, "--build", "--compiler", "go", "--json", "--data", '{"a":[1]}')
    assert (code, record_of(out)["output"]) == (0, '{"a":[1]}')
    (folder / "function.go").write_text("package main\n\nfunc main() { nothing() }\n")
    code, out, err = fn_run(folder, "--build", "--compiler", "go", "--json")
    assert code == 3
    assert record_of(out)["ok"] is False
    assert "nothing" in err


ECHO = 'package main\n\nimport (\n\t"io"\n\t"os"\n)\n\nfunc main() { io.Copy(os.Stdout, os.Stdin) }\n'
SOCKET = """(module (import "env" "ws_send" (func $send (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "ws_close") (param i32 i32))
    (func (export "orama_alloc") (param i32) (result i32) i32.const 1024)
    (func (export "ws_open") (param i32 i32) (result i32) i32.const 0)
    (func (export "ws_frame") (param i32 i32) (result i32)
        (drop (call $send (i32.const 0) (i32.const 0) (local.get 0) (local.get 1))) i32.const 0))"""


def test_a_conversation_on_a_terminal(tmp_path: Path) -> None:
    """Lines typed are frames, what is sent back is shown, the end of the input closes the connection."""
    (tmp_path / "function.wasm").write_bytes(wat(SOCKET))
    (tmp_path / "function.yaml").write_text("name: echo\nws_persistent: true\n")
    ours, theirs = os.openpty()
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    argv = [sys.executable, "-c", RUNNER, str(tmp_path)]
    with subprocess.Popen(argv, stdin=theirs, stdout=-1, stderr=-1, env=environment, text=True) as child:
        os.write(ours, b"hello\nand again\n\x04")
        out, err = child.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert (child.returncode, out.splitlines()) == (0, ["hello", "and again"])
    assert "connected to echo" in err
    assert "Called the host 2 times:" in err


def test_a_terminal_is_told_that_a_module_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "function.wasm").write_bytes(wat(SOCKET))
    (tmp_path / "function.yaml").write_text("name: echo\nws_persistent: true\n")
    said = [_stderr_on_a_terminal(tmp_path, "--frame", "hi") for _ in range(2)]
    assert said[0] == b"compiling echo (%d B)\r\x1b[K" % len(wat(SOCKET))  # and taken away again
    assert said[1] == b""  # it comes out of the cache
    assert _stderr_on_a_terminal(tmp_path, "--frame", "hi", XDG_CACHE_HOME=str(tmp_path / "empty"), TERM="dumb") == b""


def _stderr_on_a_terminal(folder: Path, *words: str, **variables: str) -> bytes:
    ours, theirs = os.openpty()
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "TERM": "xterm"} | variables
    argv = [sys.executable, "-c", RUNNER, str(folder), *words]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=-1, stderr=theirs, env=environment) as child:
        os.close(theirs)
        child.communicate(timeout=60)
    try:
        return os.read(ours, 4096)
    except OSError:  # the other side is closed, and nothing was written
        return b""
    finally:
        os.close(ours)


RUNNER = """import sys
from argparse import ArgumentParser
from tui.cli.commands.run import command
parser = ArgumentParser()
command.add_arguments(parser)
sys.exit(command.run(parser.parse_args(sys.argv[1:])))"""


@pytest.fixture
def arguments() -> Callable[..., Any]:
    parser = ArgumentParser()
    command.add_arguments(parser)
    return lambda *argv: parser.parse_args(argv)


def test_the_input(arguments: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"a": 1}\n')
    assert call_of(arguments()).input == b"{}"
    assert call_of(arguments("--data", "")).input == b""
    assert call_of(arguments("--data", f"@{tmp_path}/in.json")).input == b'{"a": 1}\n'
    assert call_of(arguments("--data", "hello", "--raw")).input == b"hello"
    assert call_of(arguments("--trigger", "cron")).input == b'{"trigger":"cron"}'
    sent = json.loads(call_of(arguments("--trigger", "pubsub:a:b", "--data", '{"n": 1}')).input)
    assert (sent["topic"], sent["data"], sent["trigger_depth"]) == ("a:b", {"n": 1}, 1)


def test_a_pipe_is_not_waited_for(arguments: Callable[..., Any], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="not a regular file"):
        call_of(arguments("--data", f"@{tmp_path}/pipe"))


def test_the_record_of_nothing_has_every_key() -> None:
    from tui.cli.reports.run import refusal_record

    assert list(refusal_record("x", None, "words")) == KEYS
    assert Answer(None, "compile", "words").ok is False


@pytest.fixture(autouse=True)
def no_processes_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    started: list[Started] = []

    def noted() -> Started:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(guest_process, "start", noted)
    yield
    for one in started:
        with pytest.raises(ChildProcessError):
            os.waitpid(one.pid, os.WNOHANG)

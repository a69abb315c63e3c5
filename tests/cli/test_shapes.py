"""The shapes that programs read from `--json`, seen from outside: every key there, of its type, one object a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building.faking import FakeCompiler
from tui.cli import main

Make = Callable[..., Path]
Records = Callable[..., tuple[list[dict[str, Any]], int]]
OPTIONAL_TEXT, OPTIONAL_NUMBER = (str, type(None)), (int, type(None))

CONFIG = {
    "name": str, "public": bool, "internal": bool, "memory": int, "timeout": int, "retry": dict,
    "env": (dict, type(None)), "ws_persistent": bool, "ws_idle_timeout_sec": int, "ws_max_frame_bytes": int,
    "ws_max_inflight_per_conn": int, "reactor": bool, "raw_http_response": bool, "ws_auth": str,
}  # fmt: skip
PLAN = {"argv": list, "mode": str, "reason": str}
FULL_PLAN = {**PLAN, "dir": str, "path": str, "cwd": str, "output": str, "executable": OPTIONAL_TEXT}
WASM = {"size": OPTIONAL_NUMBER, "modified": OPTIONAL_TEXT, "stale": bool}
REFUSED = {"dir": str, "path": str, "ok": bool, "stage": str, "error": str, "line": OPTIONAL_NUMBER}
END = {
    "event": str, "dir": str, "path": str, "status": str, "exit_code": OPTIONAL_NUMBER, "seconds": float,
    "size": OPTIONAL_NUMBER, "error": OPTIONAL_TEXT,
}  # fmt: skip
MODULE = {
    "file": str, "size": int, "kind": str, "mode": str, "sections": list, "imports": list, "exports": list,
    "memories": list, "producers": dict, "target_features": list, "toolchain": OPTIONAL_TEXT, "functions": dict,
    "errors": list, "warnings": list,
}  # fmt: skip
SECTION = {"id": int, "name": str, "offset": int, "header": int, "size": int, "count": OPTIONAL_NUMBER}
FINDING = {
    "check": str, "severity": str, "message": str, "at_run_time": str, "remedy": str, "where": OPTIONAL_TEXT,
}  # fmt: skip
HOSTILE = ["with space", "ünï日本", "-dash", "[/x]", "esc\x1b[31m", "new\nline", "bad\udcff", "q'uo\"te$HOME`id`"]


@pytest.fixture
def records(
    tmp_path: Path, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Records:
    """What `fn-tui ARGS --json` prints in the test's folder, and its exit code; a process where bytes are handed over
    that are no text, else asked in this one."""
    monkeypatch.chdir(tmp_path)

    def run(command: str, *paths: str) -> tuple[list[dict[str, Any]], int]:
        argv = [command, "--json", *(["--"] if paths else []), *paths]
        if any("\udcff" in path for path in paths):
            process = [sys.executable, "-m", "tui", *argv]
            done = subprocess.run(process, capture_output=True, check=False, timeout=60)
            output, code = done.stdout, done.returncode
        else:
            capfdbinary.readouterr()
            code = main(argv)
            output = capfdbinary.readouterr().out
        text = output.decode("utf-8")
        assert len(text.splitlines()) == output.count(b"\n")  # no other kind of line end in a line
        assert "\x1b" not in text
        return [restored(json.loads(line)) for line in text.splitlines()], code

    return run


def restored(value: Any) -> Any:
    """A record with each text as the disk has it, from the field beside it that holds its exact bytes."""
    if isinstance(value, list):
        return [restored(one) for one in value]
    if not isinstance(value, dict):
        return value
    record = {name: restored(one) for name, one in value.items() if not name.endswith("_b64")}
    for name, raw in value.items():
        if name.endswith("_b64"):
            texts = [os.fsdecode(b64decode(one)) for one in (raw if isinstance(raw, list) else [raw])]
            record[name.removesuffix("_b64")] = texts if isinstance(raw, list) else texts[0]
    return record


def shaped(record: dict[str, Any], shape: dict[str, Any]) -> None:
    """Fails unless each key of the shape is there, with a value of its type."""
    for key, kind in shape.items():
        assert key in record, (key, record)
        assert isinstance(record[key], kind), (key, record[key])
        assert kind is not int or not isinstance(record[key], bool), (key, record[key])


@pytest.mark.parametrize("name", HOSTILE)
def test_every_command_on_a_directory_of_any_name(name: str, function_directory: Make, records: Records) -> None:
    directory = function_directory(name)
    argv = ["tinygo", "build", "-o", f"{directory}/function.wasm", "-target", "wasi", "."]

    (listed,), code = records("list", ".")
    assert (code, listed["path"], listed["dir"], listed["name"], listed["wasm"]) == (
        0,
        str(directory),
        name,
        "fn",
        None,
    )
    shaped(listed["config"], CONFIG)
    shaped(listed["plan"], PLAN)

    (read,), code = records("config", name)
    assert (code, read["dir"], read["ok"], read["warnings"]) == (0, name, True, [])
    shaped(read["config"], CONFIG)

    (plan,), code = records("plan", name)
    shaped(plan, FULL_PLAN)
    assert (plan["dir"], plan["path"]) == (name, str(directory))
    assert (code, plan["argv"], plan["cwd"], plan["mode"]) == (0, argv, str(directory), "command")

    (start, end), code = records("build", name)
    assert (code, start["event"], start["dir"], start["argv"]) == (0, "start", name, argv)
    shaped(end, END)
    assert (end["status"], end["exit_code"], end["size"], end["error"]) == ("built", 0, 100, None)

    (listed,), _ = records("list", ".")
    shaped(listed["wasm"], WASM)
    (module,), _ = records("inspect", name)
    shaped(module, MODULE)
    assert module["file"] == f"{name}/function.wasm"

    (checked,), code = records("check", name)
    assert (code, checked["dir"], checked["verdict"]) == (1, name, "blocked")
    for finding in checked["findings"]:
        shaped(finding, FINDING)


def test_a_real_module(function_directory: Make, records: Records, persistent_reactor: bytes) -> None:
    function_directory(wasm=persistent_reactor)
    (module,), code = records("inspect", "fn")
    shaped(module, MODULE)
    assert (code, module["kind"], module["mode"], module["errors"]) == (0, "core", "reactor", [])
    for section in module["sections"]:
        shaped(section, SECTION)
    assert 8 + sum(section["header"] + section["size"] for section in module["sections"]) == module["size"]
    frame = next(export for export in module["exports"] if export["name"] == "ws_frame")
    shaped(frame, {"kind": str, "index": int})
    assert (frame["params"], frame["results"]) == (["i32", "i32"], ["i32"])
    assert all(set(memory) >= {"min", "max"} for memory in module["memories"])
    assert set(module["functions"]) == {"imported", "defined", "code_bytes"}


def test_refused_configs_and_what_is_no_directory(function_directory: Make, records: Records, tmp_path: Path) -> None:
    function_directory("types", yaml="name: a\nmemory: x\ntimeout: y\n")
    function_directory("syntax", yaml="name: [\n")
    function_directory("limits", yaml="name: a\ntimeout: 301\n")
    function_directory("bare", yaml=None)
    (tmp_path / "file").write_text("x")
    read, code = records("config", "types", "syntax", "limits", "bare", "none")
    for record in read:
        shaped(record, REFUSED)
    assert code == 2
    assert [record["stage"] for record in read] == ["parse", "parse", "validate", "read", "read"]
    assert [record["line"] for record in read] == [2, 2, 2, None, None]
    assert [record["dir"] for record in read] == ["types", "syntax", "limits", "bare", "none"]
    assert records("config", "types")[1] == 1

    planned, code = records("plan", "types", "bare", "none", "file")
    assert code == 2
    assert [set(record) for record in planned] == [{"dir", "path", "error"}] * 4

    inspected, code = records("inspect", "none", "bare", "file")
    assert code == 2
    assert [("error" in record, record["file"]) for record in inspected] == [
        (True, "none"),
        (True, "bare/function.wasm"),
        (False, "file"),
    ]
    shaped(inspected[2], MODULE)
    assert inspected[2]["errors"] == [{"offset": 0, "message": "not a WebAssembly module: text"}]


def test_the_deploy_tool_s_words_in_its_order(function_directory: Make, records: Records, tmp_path: Path) -> None:
    """Each thing wrong hides those after it. tui/gateway/GATEWAY.md, "Build mode"."""
    directory = tmp_path / "fn"
    words: Iterator[str] = iter(
        [
            f"directory does not exist: {directory}",
            f"{directory} is not a directory",
            f"function.go not found in {directory}",
            f"function.yaml not found in {directory}",
            "failed to load function.yaml: function.yaml: 'name' is required",
            "tinygo not found in PATH. Install it: https://tinygo.org/getting-started/install/",
        ]
    )

    def fails() -> None:
        (end,), code = records("build", "fn")
        shaped(end, END)
        assert (code, end["event"], end["status"], end["exit_code"]) == (1, "end", "failed", None)
        assert end["error"] == next(words)

    fails()
    directory.touch()
    fails()
    directory.unlink()
    directory.mkdir()
    (tmp_path / ".bin/tinygo").unlink()
    fails()
    (directory / "function.go").touch()
    fails()
    (directory / "function.yaml").touch()
    fails()
    (directory / "function.yaml").write_text("name: fn\n")
    fails()


def test_the_compiler_gets_exactly_the_plan(
    function_directory: Make, records: Records, fake: FakeCompiler, tmp_path: Path
) -> None:
    directory = function_directory(yaml="name: fn\nreactor: true\n")
    fake.does(f"record:{tmp_path}/record.json", "module:100")
    (plan,), _ = records("plan", "fn")
    (start, end), _ = records("build", "fn")
    facts = json.loads((tmp_path / "record.json").read_text())
    assert plan["argv"] == start["argv"]
    assert facts["argv"][1:] == plan["argv"][1:]
    assert (Path(facts["argv"][0]).name, plan["argv"][0]) == ("tinygo", "tinygo")
    assert "-buildmode=c-shared" in plan["argv"]
    assert facts["cwd"] == os.path.realpath(plan["cwd"])
    assert facts["environment"]["PWD"] == plan["cwd"]
    assert (facts["stdin"], facts["leads_session"], facts["temporary_there"], facts["same_device"]) == (
        "",
        True,
        True,
        True,
    )
    assert facts["descriptors"] == 3
    assert not Path(facts["environment"]["TMPDIR"]).exists()
    assert end["status"] == "built"
    fake.nothing_left(directory)


def test_the_doctor(records: Records) -> None:
    found, code = records("doctor")
    assert code in (0, 1)
    for record in found:
        shaped(
            record,
            {"check": str, "ok": bool, "found": OPTIONAL_TEXT, "version": OPTIONAL_TEXT, "message": str,
             "advice": OPTIONAL_TEXT},
        )  # fmt: skip
    assert {"tinygo", "go", "wasm-opt"} <= {record["check"] for record in found}

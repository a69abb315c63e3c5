from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workspace.configcases import cases
from tui.cli import main

MakeDirectory = Callable[..., Path]


def records(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_every_recorded_config_is_printed_as_recorded(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    asked = cases()[::40]
    paths = []
    for number, case in enumerate(asked):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "function.yaml").write_bytes(case.source)
        paths.append(str(folder))
    assert main(["config", "--json", *paths]) == 1
    for case, path, record in zip(asked, paths, records(capfd), strict=True):
        assert (record["dir"], record["ok"]) == (path, case.ok)
        if case.ok:
            assert record["config"] == case.expected["config"]
        else:
            assert (record["stage"], record["error"]) == (case.expected["stage"], case.expected["error"])


def test_a_good_config(function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory(yaml="name: fn\nmemory: 64.9\n")
    assert main(["config", "--json", str(directory)]) == 0
    (record,) = records(capfd)
    assert record["config"]["memory"] == 64
    assert record["warnings"] == [
        {
            "code": "truncated-number",
            "key": "memory",
            "message": "memory: 64.9 becomes 64: only whole numbers are kept",
            "hint": "write 64",
            "line": 2,
            "column": 1,
        }
    ]


def test_a_refused_config(function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory(yaml='name: fn\nmemory: "64"\ntimeout: [1]\n')
    assert main(["config", "--json", str(directory)]) == 1
    (record,) = records(capfd)
    assert (record["ok"], record["stage"], record["line"], record["column"]) == (False, "parse", 2, 9)
    assert [problem["line"] for problem in record["problems"]] == [2, 3]


def test_for_people(function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory(yaml="name: fn\nMemory: 3\ntimeout: 90\nenv:\n  API_TOKEN: hunter2\n---\nx\n")
    assert main(["config", str(directory)]) == 0
    lines = capfd.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split() for line in lines if line.startswith("  ") and line[2] not in " !"}
    assert lines[0] == f"{directory}: ok"
    assert rows["memory"] == ["memory", "64", "MB", "default"]
    assert rows["timeout"] == ["timeout", "90", "s", "line", "3"]
    assert "the gateway refuses it" in lines[lines.index(next(line for line in lines if "timeout " in line)) + 1]
    assert any("did you mean memory?" in line for line in lines)
    assert "hunter2" not in "\n".join(lines)
    assert lines[-1].startswith("  ! line 6: only the first document")
    assert main(["config", "--reveal", str(directory)]) == 0
    assert "hunter2" in capfd.readouterr().out


def test_a_refusal_for_people_shows_the_lines(
    function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory(yaml='name: fn\nmemory: "64"\nenv:\n  TOKEN: [hunter2]\n')
    assert main(["config", str(directory)]) == 1
    out = capfd.readouterr().out
    assert f"{directory}: failed to parse function.yaml: yaml: unmarshal errors:\n" in out
    assert '      2 | memory: "64"\n        |         ^\n' in out
    assert "cannot unmarshal !!seq into string" in out
    assert "hunter2" not in out


def test_a_crash_of_the_tool_for_people(function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory(yaml="name: fn\nenv: {[a]: 1, <<: {B: 2}}\n")
    assert main(["config", str(directory)]) == 1
    assert "the deploy tool itself crashes on this file: runtime error" in capfd.readouterr().out


def test_what_would_be_sent(function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory(yaml="name: fn\nenv:\n  A: <b>\n  TOKEN: hunter2\n")
    assert main(["config", "--form", "--json", str(directory)]) == 0
    (record,) = records(capfd)
    assert record["fields"][:2] == [["name", "fn"], ["is_public", "false"]]
    assert record["metadata"] == '{"env_vars":{"A":"\\u003cb\\u003e","TOKEN":"hunter2"}}'
    assert main(["config", "--form", str(directory)]) == 0
    out = capfd.readouterr().out
    assert "memory_limit_mb      64" in out
    assert "hunter2" not in out
    assert main(["config", "--form", "--reveal", str(directory)]) == 0
    assert "hunter2" in capfd.readouterr().out


def test_no_metadata(function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory()
    assert main(["config", "--form", "--json", str(directory)]) == 0
    assert records(capfd)[0]["metadata"] is None


def test_a_file_is_as_good_as_its_directory(
    function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    file = function_directory() / "function.yaml"
    assert main(["config", "--json", str(file)]) == 0
    assert records(capfd)[0]["config"]["name"] == "fn"


def test_what_is_not_there(
    tmp_path: Path, function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    good = str(function_directory())
    missing = str(tmp_path / "none")
    assert main(["config", "--json", good, missing]) == 2
    first, second = records(capfd)
    assert first["ok"]
    assert (second["stage"], second["line"]) == ("read", None)
    assert second["error"] == f"failed to read function.yaml: open {missing}/function.yaml: no such file or directory"
    assert main(["config", missing]) == 2
    assert "no such file or directory" in capfd.readouterr().out


def test_hostile_texts_reach_the_terminal_harmless(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / os.fsdecode(b"[b]\x1b[2J\xff")
    folder.mkdir()
    (folder / "function.yaml").write_text('name: fn\nenv:\n  "\\e]0;t\\a": "\\e[31m\\u202e"\n"\\e[2J": 1\n')
    assert main(["config", str(folder)]) == 0
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\e[31m\\u202e" in out
    assert main(["config", "--json", str(folder)]) == 0
    (record,) = records(capfd)
    assert record["config"]["env"] == {"\x1b]0;t\x07": "\x1b[31m\u202e"}


def test_octets_that_are_no_text_are_kept_apart(
    function_directory: MakeDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory(yaml="name: fn\nenv: {A: !!binary /w==, B: c}\n")
    assert main(["config", "--json", str(directory)]) == 0
    config = records(capfd)[0]["config"]
    assert (config["env"], config["env_raw"]) == ({"B": "c"}, [["A", {"b64": "/w=="}]])

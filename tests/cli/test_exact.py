"""Names that are not UTF-8: every form that programs read is valid, and the exact bytes can be had again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building.faking import FakeCompiler
from tui.cli import main
from tui.cli.exact import bytes_of, exact, readable_only

RAW = b"lat\xe9"
NAME = os.fsdecode(RAW)
SHOWN = "lat\\xe9"


@given(st.dictionaries(st.text(st.characters(codec=None), min_size=1), st.text(st.characters(codec=None))))
def test_any_record_becomes_valid_and_keeps_its_bytes(record: dict[str, str]) -> None:
    told = exact(record)
    json.dumps(told, ensure_ascii=False).encode()
    for name, value in record.items():
        try:
            name.encode()
            value.encode()
        except UnicodeEncodeError:
            continue
        assert told[name] == value


def test_texts_lists_and_lists_of_lists() -> None:
    record = {"dir": NAME, "argv": ["go", NAME], "inner": {"file": NAME}, "rows": [[NAME, "a"]], NAME: 1}
    assert exact(record) == {
        "dir": SHOWN, "dir_b64": "bGF06Q==",
        "argv": ["go", SHOWN], "argv_b64": ["Z28=", "bGF06Q=="],
        "inner": {"file": SHOWN, "file_b64": "bGF06Q=="},
        "rows": [[{"b64": "bGF06Q=="}, "a"]],
        SHOWN: 1, f"{SHOWN}_name_b64": "bGF06Q==",
    }  # fmt: skip
    assert bytes_of("\ud800") == b"\xed\xa0\x80"
    assert readable_only({NAME: [NAME, 1]}) == {SHOWN: [SHOWN, 1]}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one function in a folder whose name is Latin-1."""
    compiler = FakeCompiler(monkeypatch, tmp_path / ".bin")
    compiler.install()
    compiler.does("module:100")
    directory = tmp_path / "ws" / NAME
    try:
        directory.mkdir(parents=True)
    except OSError:
        pytest.skip("this file system takes no name that is not UTF-8")
    (directory / "function.yaml").write_text("name: fn\nreactr: true\n")
    (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
    (directory / "go.mod").write_text("module example.com/fn\n")
    (directory / "function.wasm").write_bytes(b"\0asm\1\0\0\0")
    return tmp_path / "ws"


Run = Callable[..., bytes]


def as_process(argv: tuple[str | bytes, ...]) -> tuple[bytes, bytes]:
    done = subprocess.run([sys.executable, "-m", "tui", *argv], capture_output=True, check=False, timeout=60)
    return done.stdout, done.stderr


@pytest.fixture
def run(workspace: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """What a command prints on stdout; on stderr there is valid text, too. A process where it is handed bytes."""
    monkeypatch.chdir(workspace)

    def start(*argv: str | bytes) -> bytes:
        if RAW in argv:
            out, err = as_process(argv)
        else:
            capfdbinary.readouterr()
            main([os.fsdecode(word) for word in argv])
            out, err = capfdbinary.readouterr()
        err.decode()
        assert b"udce9" not in out + err
        assert b"Traceback" not in err
        return out

    return start


def records(output: bytes) -> list[dict[str, Any]]:
    """JSON lines, as the strictest reader takes them."""
    text = output.decode("utf-8", "strict")
    found = [json.loads(line) for line in text.splitlines()]
    json.dumps(found, ensure_ascii=False).encode("utf-8", "strict")
    return found


# command -> the field with the function's path
FIELDS = {
    ("list",): "dir", ("check",): "dir", ("config", RAW): "dir", ("plan", RAW): "dir", ("build", "--all"): "dir",
    ("inspect", RAW): "file", ("diff", RAW, RAW): "old",
}  # fmt: skip


@pytest.mark.parametrize("command", FIELDS, ids=lambda command: command[0])
def test_json_of_every_command(command: tuple[str | bytes, ...], run: Run) -> None:
    found = records(run(*command, "--json"))
    assert found
    field = FIELDS[command]
    for record in found:
        assert SHOWN in record[field]
        assert RAW in b64decode(record[f"{field}_b64"])


def test_the_path_leads_to_the_function(run: Run) -> None:
    (record,) = records(run("list", "--json"))
    assert (Path(os.fsdecode(b64decode(record["path_b64"]))) / "function.yaml").is_file()
    assert RAW in b64decode(record["plan"]["argv_b64"][3])


def test_text_shows_the_byte(run: Run) -> None:
    assert f" {SHOWN} " in run("list").decode()
    assert SHOWN in run("check").decode()


def test_values_of_a_config_that_are_no_text(run: Run, workspace: Path) -> None:
    (workspace / NAME / "function.yaml").write_text("name: fn\nenv:\n  A: !!binary /w==\n  B: b\n")
    (record,) = records(run("list", "--json"))
    assert record["config"]["env"] == {"B": "b"}
    assert record["config"]["env_raw"] == [["A", {"b64": "/w=="}]]
    (record,) = records(run("config", RAW, "--json", "--form"))
    assert all(isinstance(field, list) for field in record["fields"])


def test_junit_github_and_sarif(run: Run, workspace: Path) -> None:
    run("build", "--all", "--junit", "report.xml")
    case = next(ET.parse(workspace / "report.xml").iter("testcase"))
    assert case.get("name") == SHOWN
    prop = case.find("properties/property")
    assert prop is not None
    assert b64decode(prop.get("value", "")) == RAW
    assert SHOWN.encode() in run("build", "--all", "--format", "github")
    assert SHOWN.encode() in run("check", "--format", "github")
    log = json.loads(run("check", "--format", "sarif").decode("utf-8", "strict"))
    json.dumps(log, ensure_ascii=False).encode("utf-8", "strict")
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].startswith("lat%E9/")


def test_a_crash_report(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui.cli.crash import crash_text

    monkeypatch.setattr(sys, "argv", ["fn-tui", NAME])
    text = crash_text(OSError(2, "gone", NAME))
    text.encode("utf-8", "strict")
    assert "\\udce9" not in text.splitlines()[6]
    assert f"argv: {[SHOWN]!r}" in text


HOSTILE = [
    ["list", "a", "\x1b[31mred"],
    ["\x1b[31mred"],
    ["list", "--\x1b[31m=x"],
    ["check", "--format", "\x1b[31m"],
]


@pytest.mark.parametrize("argv", HOSTILE)
def test_arguments_in_a_usage_error_are_escaped(argv: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui", *argv], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert b"\x1b" not in done.stderr + done.stdout
    assert b"[31m" in done.stderr


def test_bytes_in_a_usage_error_are_shown(tmp_path: Path) -> None:
    argv: list[str | bytes] = [sys.executable, "-m", "tui", "list", "a", b"\xe9"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert b"unrecognized arguments: \\xe9" in done.stderr

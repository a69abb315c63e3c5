from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.wasm.binary import custom, module, name, section, vec
from tests.wasm.features import assemble
from tests.wasm.tinygo import tinygo_module
from tui.cli import main


def inspect(capsysbinary: pytest.CaptureFixture[bytes], *argv: str | Path) -> tuple[int, list[dict[str, Any]]]:
    code = main(["inspect", "--json", *map(str, argv)])
    return code, [json.loads(line) for line in capsysbinary.readouterr().out.splitlines()]


def test_a_file_and_a_directory(
    capsysbinary: pytest.CaptureFixture[bytes], function_directory: Callable[..., Path], persistent_reactor: bytes
) -> None:
    directory = function_directory(wasm=persistent_reactor)
    code, records = inspect(capsysbinary, directory, directory / "function.wasm")
    assert code == 0
    assert records[0] == records[1]
    assert records[0]["file"] == str(directory / "function.wasm")
    assert (records[0]["mode"], records[0]["kind"]) == ("reactor", "core")
    assert {e["name"] for e in records[0]["exports"]} >= {"_initialize", "ws_open", "ws_frame", "ws_close"}


def test_a_malformed_module_gives_what_was_read(
    capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, echo_command: bytes
) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(echo_command[:50_000])
    code, records = inspect(capsysbinary, path)
    assert code == 1
    assert records[0]["exports"][0]["name"] == "_start"
    assert records[0]["errors"][0]["offset"] > 0
    assert "code section needs" in records[0]["errors"][0]["message"]


def test_exit_codes(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    good, text, missing = tmp_path / "good.wasm", tmp_path / "text.wasm", tmp_path / "missing.wasm"
    good.write_bytes(module())
    text.write_text("(module)")
    assert inspect(capsysbinary, good)[0] == 0
    code, records = inspect(capsysbinary, good, text)
    assert (code, records[1]["kind"]) == (1, "not-wasm")
    code, records = inspect(capsysbinary, missing, good)
    assert code == 2
    assert records[0] == {"file": str(missing), "error": "No such file or directory"}
    assert records[1]["kind"] == "core"
    assert inspect(capsysbinary, tmp_path)[0] == 2


def test_sizes_and_validation(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(tinygo_module())
    code, records = inspect(capsysbinary, "--sizes", "--validate", path)
    assert code == 0
    sizes = records[0]["sizes"]
    assert sum(row["size"] for row in sizes["rows"]) == sizes["code_bytes"]
    assert sizes["retained_note"] is None
    assert records[0]["validation"]["outcome"] == "valid"
    path.write_bytes(assemble("(module (func (result i32) i64.const 1))"))
    code, records = inspect(capsysbinary, "--validate", path)
    assert code == 1
    assert records[0]["validation"]["function"] == 0


def test_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(tinygo_module())
    assert main(["inspect", "--sizes", "--validate", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "command (_start)" in shown
    assert "encoding/json" in shown
    assert "full validation: valid" in shown
    assert main(["inspect", str(tmp_path / "none")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_hostile_names_reach_no_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    evil = "\x1b]0;owned\a\u202e[/x]\n\0" + "n" * 100_000
    imports = section(2, vec(name(evil) + name(evil) + b"\3\x7f\0"))
    path.write_bytes(
        module(imports, custom(evil), custom("producers", vec(name("sdk") + vec(name(evil) + name(evil)))))
    )
    assert main(["inspect", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\e]0;owned" in shown
    assert all(len(line) < 2000 for line in shown.splitlines())


def test_json_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(assemble('(module (func (export "grüße 世界")))'))
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    argv = [sys.executable, "-m", "tui", "inspect", "--json", str(path)]
    done = subprocess.run(argv, capture_output=True, check=True, env=environment)
    assert json.loads(done.stdout.decode("utf-8"))["exports"][0]["name"] == "grüße 世界"


def test_inspecting_loads_neither_wasmtime_nor_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "m.wasm"
    path.write_bytes(module())
    code = (
        "import sys; from tui.cli import main; main(['inspect', '--json', sys.argv[1]]);"
        "sys.stderr.write(' '.join({'wasmtime', 'textual', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr == ""

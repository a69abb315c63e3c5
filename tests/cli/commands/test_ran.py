"""What ran here is shown by `check` and `list` for as long as the module is the same, and held against the verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands.run.test_store import COUNT, MEMORY
from tests.running.conftest import wat
from tui.building.record.runs import RUNS, RunRecord, last_run, note_run, stamp_of
from tui.cli import main
from tui.settings.store.files import default_store

Fn = Callable[..., str]
UNKNOWN = f"""(module (import "env" "no_such_call" (func $f)) {MEMORY} (func (export "_start") (call $f)))"""


@pytest.fixture
def fn(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fn:
    """fn-tui in a workspace of one function; gives stdout."""
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    (tmp_path / "workspace" / "visits").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "workspace")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    Path("visits/function.yaml").write_text("name: visits\n")

    def call(*argv: str) -> str:
        if argv[0] == "run":  # a process of its own, as it is a person's: this one may have compiled by now
            subprocess.run([sys.executable, "-m", "tui", *argv], stdout=-1, check=False, timeout=60)
            return ""
        main(list(argv))
        return capfd.readouterr().out

    return call


def checked(fn: Fn) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fn("check", "--json", "visits"))
    return found


def kept() -> RunRecord:
    stamp = stamp_of(Path("visits/function.wasm"))
    assert stamp is not None
    return RunRecord(stamp, 1.8e9, 3.2, 12, "done")


def test_what_ran_is_shown_until_the_module_changes(fn: Fn) -> None:
    Path("visits/function.wasm").write_bytes(wat(COUNT))
    assert "ran" not in checked(fn)
    fn("run", "visits")
    found = checked(fn)
    assert (found["ran"]["ok"], found["ran"]["host_calls"], found["ran"]["error"]) == (True, 1, None)
    assert found["ran"]["ms"] > 0
    assert "; ran " in fn("list")
    assert ", 1 host call" in fn("list")
    assert ", 1 host call" in fn("check", "visits")
    assert json.loads(fn("list", "--json"))["ran"] == found["ran"]
    assert "run-contradicts" not in {one["check"] for one in found["findings"]}
    Path("visits/function.wasm").write_bytes(wat(COUNT + "\n;; another") + b"\0\3\1x1")
    assert "ran" not in checked(fn)
    assert "; ran " not in fn("list")


def test_a_failure_is_shown(fn: Fn) -> None:
    Path("visits/function.wasm").write_bytes(wat(UNKNOWN))
    fn("run", "visits")
    found = checked(fn)
    assert found["ran"]["ok"] is False
    assert '"no_such_call" is not exported in module "env"' in found["ran"]["error"]
    assert "failed here" in fn("list")
    assert "run-contradicts" not in {one["check"] for one in found["findings"]}


def test_a_run_that_contradicts_the_verdict_is_a_finding(fn: Fn) -> None:
    Path("visits/function.wasm").write_bytes(wat(UNKNOWN))
    before = checked(fn)
    assert before["verdict"] == "blocked"
    assert note_run(Path("visits"), kept()) is None
    after = checked(fn)
    assert after["verdict"] == "blocked"
    (finding,) = [one for one in after["findings"] if one not in before["findings"]]
    assert (finding["check"], finding["severity"], finding["where"]) == ("run-contradicts", "warning", "function.wasm")
    assert "it answered when it ran here" in finding["message"]


def test_a_good_module_that_did_not_start_is_a_finding(fn: Fn) -> None:
    Path("visits/function.wasm").write_bytes(wat(COUNT))
    assert not [one for one in checked(fn)["findings"] if one["severity"] == "error"]
    note_run(Path("visits"), kept()._replace(stage="instantiate", error="failed to instantiate module: x\nmore"))
    (finding,) = [one for one in checked(fn)["findings"] if one["check"] == "run-contradicts"]
    assert finding["at_run_time"] == "failed to instantiate module: x"
    assert checked(fn)["verdict"] == "warnings"
    note_run(Path("visits"), kept()._replace(stage="run", error="trapped"))
    assert "run-contradicts" not in {one["check"] for one in checked(fn)["findings"]}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"version":1}', '{"version":1,"stamp":[1,2],"at":1,"ms":1,"host_calls":1,"stage":"done"}',
     '{"version":1,"stamp":[1,2,3],"at":1e300,"ms":1,"host_calls":1,"stage":"done"}', "x" * 100_000],
)  # fmt: skip
def test_a_damaged_record_is_none(text: str, fn: Fn) -> None:
    Path("visits/function.wasm").write_bytes(wat(COUNT))
    note_run(Path("visits"), kept())
    place = default_store().path(RUNS, str(Path("visits").absolute()))
    assert last_run(Path("visits"), kept().stamp) == kept()
    place.write_text(text)
    assert last_run(Path("visits"), kept().stamp) is None
    assert "ran" not in checked(fn)
    place.unlink()
    os.mkfifo(place)
    assert last_run(Path("visits"), kept().stamp) is None

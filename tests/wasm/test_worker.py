from __future__ import annotations

import json
import subprocess
import sys

from tests.wasm.tinygo import tinygo_module


def work(*argv: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tui.wasm.worker", *argv]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def test_retained_and_validate() -> None:
    source = tinygo_module()
    done = work("retained", str(len(source)), stdin=source)
    assert done.returncode == 0
    assert set(json.loads(done.stdout)) == {"first", "functions", "dominators", "rows", "seconds", "note"}
    done = work("validate", str(len(source)), stdin=source)
    assert json.loads(done.stdout)["verdict"][0] == "valid"


def test_a_parent_that_went_away_is_noticed() -> None:
    done = work("retained", "1000", stdin=b"\0asm")
    assert (done.returncode, done.stdout) == (1, b"")


def test_wrong_usage() -> None:
    assert work("retained", stdin=b"").returncode == 2

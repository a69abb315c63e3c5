"""`fn-tui test`, and `fn-tui run --save`."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.app.desk.running.functions import ECHO
from tests.cli.commands.run.test_store import COUNT, FETCH, URL
from tests.running.conftest import wat
from tui.cli import main

Fn = Callable[..., tuple[int, str, str]]


@pytest.fixture
def fn(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fn:
    """fn-tui in the workspace; gives exit code, stdout and stderr."""
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    (tmp_path / "workspace").mkdir()
    monkeypatch.chdir(tmp_path / "workspace")

    def call(*argv: object) -> tuple[int, str, str]:
        code = main([str(one) for one in argv])
        out, err = capfd.readouterr()
        return code, out, err

    return call


def function(name: str, text: str, calls: str | None = None) -> Path:
    """A function without its source in the current folder."""
    folder = Path(name)
    folder.mkdir()
    (folder / "function.yaml").write_text(f"name: {name}\n")
    (folder / "function.wasm").write_bytes(wat(text))
    if calls is not None:
        (folder / "calls.yaml").write_text(calls)
    return folder


def test_all_functions_of_a_workspace_are_tested(fn: Fn) -> None:
    function("echo", ECHO, "same:\n  input: {a: 1}\n  expect: {output: {a: 1}}\nplain:\n  raw: hi\n")
    function("visits", COUNT, "once: {expect: {calls: [cache_incr]}}\nagain: {expect: {calls: [cache_incr]}}\n")
    function("silent", ECHO)
    code, out, err = fn("test")
    assert (code, err) == (0, "")
    assert [line.rpartition("  ")[0] or line for line in out.splitlines()] == [
        "ok   echo: same", "ok   echo: plain", "ok   visits: once", "ok   visits: again", "4 calls as expected",
    ]  # fmt: skip
    code, out, _ = fn("test", "echo", "--json")
    assert [json.loads(line)["call"] for line in out.splitlines()] == ["same", "plain"]


def test_what_differs_is_shown_and_reported(fn: Fn, tmp_path: Path) -> None:
    function("echo", ECHO, "good: {}\nbad:\n  input: {a: 1}\n  expect: {output: {a: 2}, status: 201}\n")
    code, out, _ = fn("test", "--junit", tmp_path / "report.xml")
    assert code == 1
    assert "NO   echo: bad" in out
    assert '       -  "a": 2\n       +  "a": 1\n' in out
    assert "     status: expected 201, got 200" in out
    assert out.splitlines()[-1] == "1 call as expected, 1 not"
    suite = ET.parse(tmp_path / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [case.get("name") for case in suite.iter("testcase")] == ["good", "bad"]
    assert len(list(suite.iter("failure"))) == 1


def test_a_broken_file_is_said_with_its_place_and_the_others_are_tested(fn: Fn) -> None:
    function("broken", ECHO, "a:\n  ouput: 1\n")
    function("echo", ECHO, "a: {}\n")
    code, out, _ = fn("test")
    assert code == 1
    assert f"NO   broken{os.sep}calls.yaml:2:3: 'ouput' is none of input, raw" in out
    assert "ok   echo: a" in out


def test_one_that_cannot_be_built(fn: Fn) -> None:
    folder = function("broken", ECHO, "a: {}\n")
    (folder / "function.go").write_text("package main\n\nfunc main() { nothing() }\n")
    (folder / "go.mod").write_text("module example.com/broken\n\ngo 1.24\n")
    code, out, err = fn("test", "--compiler", "go")
    assert code == 3
    assert "broken could not be built: function.go:3:15: undefined: nothing" in out
    assert "nothing" in err


def test_what_is_expected_is_updated_only_when_that_is_wanted(fn: Fn) -> None:
    folder = function("echo", ECHO, "# mine\nbad:\n  input: {a: 1}\n  expect: {output: {a: 2}}\n")
    code, _, err = fn("test", "--update")
    assert code == 2
    assert "without a terminal add --yes" in err
    code, _, err = fn("test", "--update", "--yes")
    assert code == 0
    assert "expects from now on what came of bad" in err
    assert (folder / "calls.yaml").read_text() == '# mine\nbad:\n  input: {a: 1}\n  expect: {"output": {"a": 1}}\n'
    assert fn("test")[0] == 0


def test_a_run_is_saved_and_tested(fn: Fn) -> None:
    folder = function("echo", ECHO)
    code, _, err = fn("run", "echo", "--data", '{"a":1}', "--caller", "wallet=0xabc", "--save", "first one")
    assert code == 0
    assert "kept as first one in echo/calls.yaml" in err
    assert (folder / "calls.yaml").read_text() == (
        '"first one":\n  input:\n    a: 1\n  caller:\n    wallet: "0xabc"\n  expect:\n    output:\n      a: 1\n'
    )
    assert fn("run", "echo", "--data", "x", "--raw", "--save", "second")[0] == 0
    code, out, _ = fn("test")
    assert (code, out.splitlines()[-1]) == (0, "2 calls as expected")
    code, _, err = fn("run", "echo", "--save", "second")
    assert code == 2
    assert "has a call second already" in err


def test_seeds_and_recordings_lie_beside_the_function(fn: Fn) -> None:
    folder = function(
        "fetch",
        FETCH,
        'a:\n  http: a.json\n  expect: {logs: ["{\\"body\\":\\"x\\",\\"headers\\":{},\\"status\\":200}"]}\n',
    )
    (folder / "a.json").write_text(json.dumps({"fetches": [{"method": "GET", "url": URL, "status": 200, "body": "x"}]}))
    assert fn("test")[0] == 0
    (folder / "a.json").write_text("{")
    code, out, _ = fn("test")
    assert code == 1
    assert "a.json: not JSON" in out
    code, _, err = fn("run", "fetch", "--save", "b", "--http", "elsewhere.json")
    assert code == 2
    assert "keeps files of the function's folder only" in err


def test_a_loop_is_ended_and_told(fn: Fn) -> None:
    function(
        "loop", '(module (func (export "_start") (loop br 0)))', "a: {}\nb: {expect: {error: deadline exceeded}}\n"
    )
    Path("loop/function.yaml").write_text("name: loop\ntimeout: 1\n")
    code, out, _ = fn("test")
    assert code == 1
    assert "context deadline exceeded" in out
    assert "ok   loop: b" in out


def test_nothing_to_test_and_nowhere(fn: Fn) -> None:
    code, _, err = fn("test")
    assert code == 0
    assert "no functions in" in err
    assert fn("test", "nowhere")[0] == 2


def test_watching_tests_again_on_a_save(fn: Fn) -> None:
    folder = function("echo", ECHO, "a: {input: 1, expect: {output: 2}}\n")
    argv = [
        sys.executable,
        "-c",
        "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))",
        "test",
        "--watch",
    ]
    with subprocess.Popen(argv, stdout=-1, stderr=-1, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        seen = ""
        while "1 not" not in seen:
            seen += child.stdout.readline()
        assert "watching" in child.stderr.readline()
        while not select.select([child.stdout], [], [], 0.5)[0]:  # saved until it is seen: a watch takes time to begin
            (folder / "new").write_text("a: {input: 1, expect: {output: 1}}\n")
            (folder / "new").replace(folder / "calls.yaml")
        again = [child.stdout.readline(), child.stdout.readline()]
        child.send_signal(signal.SIGINT)
        child.communicate(timeout=60)
    assert again[0].startswith("ok   echo: a")
    assert again[1] == "1 call as expected\n"
    assert child.returncode == 130


def test_what_was_tested_has_run(fn: Fn) -> None:
    """The last call that it answered is what is said of it, though the last of all is one that fails."""
    function("echo", ECHO, "a: {input: 1}\n")
    function("bad", '(module (func (export "_start") unreachable))', "a: {expect: {status: 500}}\n")
    assert fn("test")[0] == 0
    listed = [json.loads(line) for line in fn("list", "--json")[1].splitlines()]
    ran = {one.get("name"): one.get("ran") for one in listed}
    assert ran["echo"]["error"] is None
    assert "unreachable" in ran["bad"]["error"]

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.assessment.kept.test_kept import settle
from tests.building.faking import FakeCompiler
from tui.building.compilers import by_name
from tui.building.events import BuildEnded, BuildResult
from tui.cli import main
from tui.cli.folders import no_functions
from tui.cli.reports.build import reporter_of

NO_TINYGO = by_name("tinygo").words.missing

Make = Callable[..., Path]


@pytest.fixture
def events(capfd: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, object]]]:
    """What `--json` printed since the last look."""
    return lambda: [json.loads(line) for line in capfd.readouterr().out.splitlines()]


Events = Callable[[], list[dict[str, object]]]


def test_events_as_json(function_directory: Make, fake: FakeCompiler, events: Events) -> None:
    directory = function_directory()
    fake.does("say:hello", "scold:\x1b[31mred", "module:100")
    assert main(["build", "--json", str(directory)]) == 0
    start, first, second, end = events()
    assert (start["event"], start["dir"], start["mode"]) == ("start", str(directory), "command")
    assert start["argv"] == ["tinygo", "build", "-o", f"{directory}/function.wasm", "-target", "wasi", "."]
    assert [(each["event"], each["stream"], each["line"]) for each in (first, second)] == [
        ("output", "stdout", "hello"),
        ("output", "stderr", "\x1b[31mred"),
    ]
    assert (end["event"], end["status"], end["exit_code"], end["size"]) == ("end", "built", 0, 100)
    assert end["error"] is None
    assert end["note"] is None


def test_the_second_time_it_is_skipped(function_directory: Make, fake: FakeCompiler, events: Events) -> None:
    directory = function_directory()
    statuses = []
    for arguments in ([], [], ["--force"]):
        assert main(["build", "--json", *arguments, str(directory)]) == 0
        statuses.append(events()[-1]["status"])
    assert statuses == ["built", "skipped", "built"]


def test_without_tinygo(
    function_directory: Make, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    directory = function_directory()
    assert main(["build", str(directory)]) == 1
    out = capfd.readouterr().out
    assert NO_TINYGO in out
    assert "fn-tui build --compiler go" in out
    assert main(["build", "--json", str(directory)]) == 1
    record = json.loads(capfd.readouterr().out)
    assert (record["event"], record["status"], record["error"]) == ("end", "failed", NO_TINYGO)


def test_all_and_stale(function_directory: Make, fake: FakeCompiler, events: Events, tmp_path: Path) -> None:
    for name in ("a", "b"):
        function_directory(name)
    assert main(["build", "--json", str(tmp_path / "a")]) == 0
    events()
    assert main(["build", "--json", "--stale", str(tmp_path)]) == 0
    assert {event["dir"] for event in events()} == {str(tmp_path / "b")}
    assert main(["build", "--json", "--all", str(tmp_path)]) == 0
    assert [(event["event"], event["status"]) for event in events()] == [("end", "skipped")] * 2
    assert main(["build", "--json", "--stale", str(tmp_path)]) == 0
    assert events() == []


def test_what_nothing_has_changed_of_is_not_even_looked_into(
    function_directory: Make, fake: FakeCompiler, events: Events, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        function_directory(name=name)
    settle(tmp_path)  # what is written in the moment in which it is read may change unseen
    assert main(["build", "--all", "--json", str(tmp_path)]) == 0
    events()
    with monkeypatch.context() as patch:
        patch.setattr("tui.cluster.client.Cluster.connect", None)  # nobody goes to a cluster for it, either
        assert main(["build", "--all", "--json", "--cluster", "tcp://127.0.0.1:1", str(tmp_path)]) == 0
    assert [(each["event"], each["status"]) for each in events()] == [("end", "skipped")] * 2
    (tmp_path / "two/function.go").write_text("package main\n\nfunc main() { }\n")
    for words, expected in ((["--all"], {"one": "skipped", "two": "built"}), (["--stale"], {})):
        assert main(["build", *words, "--json", str(tmp_path)]) == 0
        ends = {Path(str(each["dir"])).name: each["status"] for each in events() if each["event"] == "end"}
        assert ends == expected


def test_one_directory_named_twice_is_built_once(function_directory: Make, fake: FakeCompiler, events: Events) -> None:
    directory = function_directory()
    (directory.parent / "link").symlink_to(directory)
    assert main(["build", "--json", str(directory), f"{directory}/.", str(directory.parent / "link")]) == 0
    assert [event["event"] for event in events()] == ["start", "end"]


def test_people_see_output_by_function_and_a_summary(
    function_directory: Make, fake: FakeCompiler, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = ["a", "b", "c"]
    directories = [function_directory(name) for name in names]
    (directories[1] / "function.yaml").write_text("name: ''\n")
    fake.does("say:one", "sleep:0.05", "say:two \x1b[2J", "module:100")
    assert main(["build", "--jobs", "3", *map(str, directories)]) == 1
    out = capfd.readouterr().out
    assert "\x1b" not in out
    for name in ("a", "c"):
        where = os.path.relpath(tmp_path / name)
        shown = str(tmp_path / name) if where.startswith("..") else where
        block = f"Building {shown}...\n  command mode: "
        assert block in out
        assert "\none\ntwo \nBuilt " in out[out.index(block) :]
    assert "2 built, 1 failed in " in out
    assert out.rstrip().splitlines()[-1].startswith("  failed: ")


def test_an_error_of_several_lines_is_told_in_several_lines(
    function_directory: Make, fake: FakeCompiler, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever a value in them holds: nothing of it reaches the terminal raw."""
    bad = function_directory("bad", yaml='name: bad\nmemory: "a\\e[2J\\n"\ntimeout: soon\n')
    good = function_directory("good")
    assert main(["build", str(bad), str(good)]) == 1
    out = capfd.readouterr().out
    lines = (
        "failed to load function.yaml: failed to parse function.yaml: yaml: unmarshal errors:\n"
        "  line 2: cannot unmarshal !!str `a\\e[2J\\n` into int\n"
        "  line 3: cannot unmarshal !!str `soon` into int\n"
    )
    assert f"bad: {lines}" in out
    assert out.count("failed to load") == 1
    assert out.splitlines()[-1].startswith("  failed: ")
    assert "\\n  line" not in out
    assert "\x1b" not in out


def test_the_deploy_tools_own_note_on_a_reactor_build(
    function_directory: Make, fake: FakeCompiler, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = function_directory(yaml="name: fn\nws_persistent: true\n")
    monkeypatch.chdir(directory)
    assert main(["build", "."]) == 0
    head, note, reason, end = capfd.readouterr().out.splitlines()
    assert head == f"Building {directory}..."
    assert note == "  (ws_persistent=true → using -buildmode=c-shared for WASI-reactor semantics)"
    assert reason.startswith("  reactor mode: ws_persistent: true")
    assert end.startswith("Built ./function.wasm (100 bytes) in ")


def test_a_workspace_with_nothing_to_build(
    function_directory: Make, fake: FakeCompiler, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert main(["build", "--all", "--json", str(empty)]) == 0
    assert capfd.readouterr() == (
        "",
        f"fn-tui: {no_functions(str(empty))}\n",
    )
    directory = function_directory()
    assert main(["build", str(directory)]) == 0
    capfd.readouterr()
    assert main(["build", "--stale", str(directory)]) == 0
    assert capfd.readouterr().err == "fn-tui: nothing to build: no function here is stale\n"


def test_lines_of_megabytes_are_not_piled_up(
    function_directory: Make, fake: FakeCompiler, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What is held back until its function has ended is bounded by characters too, and the report by each line."""
    directories = [function_directory(name) for name in "ab"]
    fake.does(*["long:9000000"] * 5, "say:the end", "exit:1")
    report = tmp_path / "report.xml"
    assert main(["build", "--jobs", "2", "--junit", str(report), *map(str, directories)]) == 1
    out = capfd.readouterr().out
    assert out.count("(4 earlier lines left out)\n") + out.count("(3 earlier lines left out)\n") == 2
    assert out.count("\nthe end\n") == 2
    assert len(out) < 40_000_000
    assert report.stat().st_size < 200_000


def test_fail_fast(function_directory: Make, fake: FakeCompiler, events: Events) -> None:
    fake.does("exit:1")
    directories = [str(function_directory(name)) for name in "abc"]
    assert main(["build", "--json", "--fail-fast", "--jobs", "1", *directories]) == 1
    assert [event["status"] for event in events() if event["event"] == "end"] == ["failed", "cancelled", "cancelled"]


def test_timeout(function_directory: Make, fake: FakeCompiler, events: Events) -> None:
    fake.does("hang")
    directory = function_directory()
    assert main(["build", "--json", "--timeout", "0.3", str(directory)]) == 1
    # A Python that is interrupted while it starts says so; that is the fake's own voice.
    told = [event for event in events() if event["event"] != "output"]
    assert [event["event"] for event in told][:2] == ["start", "cancelling"]
    assert (told[-1]["status"], told[-1]["error"]) == ("failed", "timed out after 0.3 s")
    fake.nothing_left(directory)


def test_junit(function_directory: Make, fake: FakeCompiler, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good, bad = function_directory("good"), function_directory("bad <&\x01>")
    (bad / "function.go").unlink()
    fake.does("say:\x1b[31m<red>&\x0b", "bytes:fffe0a", "module:100")
    report = tmp_path / "report.xml"
    assert main(["build", "--junit", str(report), str(good), str(bad)]) == 1
    suites = ET.parse(report).getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    cases = {case.get("name", "").rpartition("/")[2]: case for case in suites.iter("testcase")}
    assert cases["good"].findtext("system-out") == "\ufffd[31m<red>&\ufffd\n\ufffd\ufffd"
    failure = cases["bad <&\ufffd>"].find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("function.go not found in ")
    assert main(["build", "--junit", str(tmp_path / "gone" / "x.xml"), str(good)]) == 2


def test_github(function_directory: Make, fake: FakeCompiler, capfd: pytest.CaptureFixture[str]) -> None:
    directory = function_directory()
    fake.does("scold:# example.com/fn", "scold:function.go:5:14: undefined: x", "say:::error::injected", "exit:1")
    assert main(["build", "--format", "github", str(directory)]) == 1
    lines = capfd.readouterr().out.splitlines()
    place = os.path.relpath(directory / "function.go")
    assert f"::error file={place},line=5,col=14::undefined: x" in lines
    injected = lines.index("::error::injected")
    token = lines[injected - 1].removeprefix("::stop-commands::")
    assert lines[injected - 1].startswith("::stop-commands::")
    assert lines[injected + 1] == f"::{token}::"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--all", "a", "b"],
        ["--all", "/nonexistent"],
        ["--all", "--stale"],
        ["--jobs", "0", "x"],
        ["--jobs", "two", "x"],
        ["--timeout", "-1", "x"],
        ["--timeout", "nan", "x"],
        ["--compiler", "gcc", "x"],
    ],
)
def test_wrong_usage(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(["build", *arguments])
    except SystemExit as stop:
        code = int(str(stop.code))
    assert code == 2
    assert capfd.readouterr().err


def test_state_that_cannot_be_written_is_survived_with_a_word(
    function_directory: Make, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc")
    assert main(["build", str(function_directory())]) == 0
    assert "cannot" in capfd.readouterr().err


def test_a_reader_that_leaves(function_directory: Make, fake: FakeCompiler) -> None:
    """`fn-tui build | head -1` ends, and nothing of the build stays."""
    directory = function_directory()
    fake.does("flood:500000", "hang")
    process = subprocess.Popen([sys.executable, "-m", "tui", "build", str(directory)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"Building ")
    process.stdout.close()
    assert process.wait(20) == 1  # it was stopped: who goes on as if it was built would deploy old code
    fake.nothing_left(directory)


def test_a_reader_that_leaves_after_the_build(function_directory: Make, fake: FakeCompiler, tmp_path: Path) -> None:
    directory, gone = function_directory(), tmp_path / "gone"
    fake.does("module:100", f"until:{gone}")
    process = subprocess.Popen([sys.executable, "-m", "tui", "build", str(directory)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"Building ")
    process.stdout.close()
    gone.touch()
    assert process.wait(20) == 0
    assert (directory / "function.wasm").stat().st_size == 100


def test_a_missing_compiler_is_one_fact(
    function_directory: Make, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    for name in ("a", "b", "c"):
        function_directory(name)
    function_directory("refused", yaml="memory: 1\n")
    monkeypatch.chdir(tmp_path)
    assert main(["build", "--all"]) == 1
    out = capfd.readouterr().out
    assert out.count(NO_TINYGO) == out.count("fn-tui build --compiler go") == 1
    assert "\n  not built: a, b, c\n" in out
    assert out.count("'name' is required") == 1
    assert sorted(out.splitlines()[-1].removeprefix("  failed: ").split(", ")) == ["a", "b", "c", "refused"]
    assert main(["build", "--all", "--json"]) == 1
    errors = [json.loads(line)["error"] for line in capfd.readouterr().out.splitlines()]
    assert errors.count(NO_TINYGO) == 3
    report = tmp_path / "report.xml"
    assert main(["build", "--all", "--junit", str(report)]) == 1
    failures = [failure.get("message") for failure in ET.parse(report).getroot().iter("failure")]
    assert failures.count(NO_TINYGO) == 3


def test_a_run_without_an_end_tells_of_a_missing_compiler_at_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """`watch` has no summary that could be waited for."""
    failed = BuildEnded(tmp_path, BuildResult(tmp_path, "failed", None, 0.0, error=NO_TINYGO))
    reporter_of("text", live=True, endless=True).handle(failed)
    assert f": {NO_TINYGO}\n  stock Go can stand in" in capfd.readouterr().out

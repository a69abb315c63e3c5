"""What compilers and disks do wrong, with real processes: nothing is left, the last module is, a sentence says it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler, wait_until
from tui.building.events import BuildCancelling, BuildEnded, BuildEvent, BuildOutputBatch, BuildResult, BuildStarted
from tui.building.guard.process import Child
from tui.building.process.options import BuildOptions
from tui.building.process.queue import BuildQueue
from tui.building.process.runner import Build
from tui.building.process.stopping import Step

GOOD = b"\0asm\1\0\0\0\0\x15\x14the last good module"
QUICK = (Step(signal.SIGINT, 0.2), Step(signal.SIGTERM, 0.2), Step(signal.SIGKILL, None))

Make = Callable[..., Path]


@pytest.fixture
def function(function_directory: Make) -> Path:
    """A function with a last good module."""
    return function_directory(wasm=GOOD)


async def follow(build: Build, act: Callable[[BuildEvent], None] | None = None) -> list[BuildEvent]:
    """Run a build to its end; `act` sees each event as it comes."""
    events = []
    async for event in build.events():
        events.append(event)
        if act is not None:
            act(event)
    return events


async def ending(directory: Path, options: BuildOptions | None = None) -> BuildResult:
    return result_of(await follow(Build(directory, options)))


def result_of(events: list[BuildEvent]) -> BuildResult:
    last = events[-1]
    assert isinstance(last, BuildEnded)
    assert sum(isinstance(event, BuildEnded) for event in events) == 1
    return last.result


def lines_of(events: list[BuildEvent]) -> list[str]:
    return [line for event in events if isinstance(event, BuildOutputBatch) for line in event.lines]


def kept(function: Path, fake: FakeCompiler) -> None:
    """What must be so after every build that did not end well."""
    fake.nothing_left(function)
    assert (function / "function.wasm").read_bytes() == GOOD


def gone(pid_file: Path) -> None:
    """The process that wrote the file is dead; nobody may have reaped it yet."""
    status = Path(f"/proc/{pid_file.read_text()}/status")

    def dead() -> bool:
        try:
            return "State:\tZ" in status.read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True

    wait_until(dead, "the grandchild lives")


async def test_good_build_replaces_the_module(function: Path, fake: FakeCompiler) -> None:
    fake.does("say:hello", "module:100")
    result = await ending(function)
    assert (result.status, result.exit_code, result.size, result.error) == ("built", 0, 100, None)
    fake.nothing_left(function)
    assert (function / "function.wasm").stat().st_size == 100


async def test_failed_build(function: Path, fake: FakeCompiler) -> None:
    fake.does("scold:# example.com/fn", "scold:function.go:5:14: undefined: x", "exit:1")
    events = await follow(Build(function))
    result = result_of(events)
    assert (result.status, result.exit_code, result.error) == ("failed", 1, "function.go:5:14: undefined: x")
    assert result.tool_error == "tinygo build failed: exit status 1"
    assert lines_of(events) == ["# example.com/fn", "function.go:5:14: undefined: x"]
    kept(function, fake)


@pytest.mark.parametrize(
    ("acts", "error"),
    [
        (["half"], "build produced invalid WASM: file too small to be a valid WASM binary (5 bytes)"),
        (["text:"], "build produced invalid WASM: file too small to be a valid WASM binary (0 bytes)"),
        (
            ["text:#!/bin/sh no module"],
            "build produced invalid WASM: file is not a valid WASM binary (bad magic bytes)",
        ),
        ([], "build produced invalid WASM: function.wasm was not written, though the compiler exited with 0"),
    ],
    ids=["half", "empty", "no-module", "nothing-written"],
)
async def test_exit_0_without_a_module(function: Path, fake: FakeCompiler, acts: list[str], error: str) -> None:
    fake.does(*acts)
    result = await ending(function)
    assert (result.status, result.exit_code, result.error) == ("failed", 0, error)
    kept(function, fake)


async def test_invalid_output_is_removed_where_no_module_was(function_directory: Make, fake: FakeCompiler) -> None:
    directory = function_directory()
    fake.does("text:no module at all")
    result = await ending(directory)
    assert result.error == "build produced invalid WASM: file is not a valid WASM binary (bad magic bytes)"
    assert sorted(path.name for path in directory.iterdir()) == ["function.go", "function.yaml", "go.mod"]


async def test_no_output_where_no_module_was(function_directory: Make, fake: FakeCompiler) -> None:
    directory = function_directory()
    result = await ending(directory)
    path = directory / "function.wasm"
    words = f"failed to open WASM file: open {path}: no such file or directory"
    assert result.error == f"build produced invalid WASM: {words}"


async def test_half_a_file_then_failure(function: Path, fake: FakeCompiler) -> None:
    before = (function / "function.wasm").stat().st_mtime_ns
    fake.does("half", "scold:no space left", "exit:1")
    assert (await ending(function)).status == "failed"
    kept(function, fake)
    assert (function / "function.wasm").stat().st_mtime_ns == before


async def test_half_a_file_then_failure_where_no_module_was(function_directory: Make, fake: FakeCompiler) -> None:
    directory = function_directory()
    fake.does("half", "exit:1")
    assert (await ending(directory)).status == "failed"
    assert not (directory / "function.wasm").exists()
    fake.nothing_left(directory)


@pytest.mark.parametrize(("number", "words"), [(9, "killed"), (11, "segmentation fault"), (6, "aborted")])
async def test_death_by_signal(function: Path, fake: FakeCompiler, number: int, words: str) -> None:
    fake.does("half", f"die:{number}")
    result = await ending(function)
    assert (result.status, result.exit_code) == ("failed", None)
    assert result.error == f"tinygo build failed: signal: {words}"
    kept(function, fake)


async def test_cancel_of_a_hanging_compiler(function: Path, fake: FakeCompiler) -> None:
    fake.does("half", "tmpdir:tinygo123", "say:started", "hang")
    build = Build(function)
    events = await follow(build, lambda event: build.cancel() if lines_of([event]) else None)
    result = result_of(events)
    assert (result.status, result.error) == ("cancelled", "cancelled")
    assert [event.signal for event in events if isinstance(event, BuildCancelling)] == ["SIGINT"]
    kept(function, fake)


async def test_cancel_climbs_to_sigkill(function: Path, fake: FakeCompiler) -> None:
    fake.does("ignore", "say:started", "hang")
    build = Build(function, BuildOptions(ladder=QUICK))
    events = await follow(build, lambda event: build.cancel() if lines_of([event]) else None)
    climbed = [(event.signal, event.next_in) for event in events if isinstance(event, BuildCancelling)]
    assert climbed == [("SIGINT", 0.2), ("SIGTERM", 0.2), ("SIGKILL", None)]
    assert result_of(events).status == "cancelled"
    kept(function, fake)


async def test_second_cancel_kills_at_once(function: Path, fake: FakeCompiler) -> None:
    fake.does("ignore", "say:started", "hang")
    build = Build(function)

    def harder(event: BuildEvent) -> None:
        if isinstance(event, BuildCancelling):
            build.kill()
        elif lines_of([event]):
            build.cancel()

    events = await follow(build, harder)
    assert [event.signal for event in events if isinstance(event, BuildCancelling)] == ["SIGINT", "SIGKILL"]
    kept(function, fake)


async def test_cancel_before_the_start(function: Path, fake: FakeCompiler) -> None:
    fake.does("module")
    build = Build(function)
    build.cancel()
    events = await follow(build)
    assert result_of(events).status == "cancelled"
    assert not any(isinstance(event, BuildStarted) for event in events)
    kept(function, fake)


async def test_timeout(function: Path, fake: FakeCompiler) -> None:
    fake.does("half", "ignore", "hang")
    result = await ending(function, BuildOptions(timeout=0.5, ladder=QUICK))
    assert (result.status, result.error) == ("failed", "timed out after 0.5 s")
    kept(function, fake)


@pytest.mark.parametrize("how", ["grandchild", "escaped"])
async def test_a_stubborn_grandchild_that_holds_the_pipe(
    function: Path, fake: FakeCompiler, tmp_path: Path, how: str
) -> None:
    fake.does(f"{how}:{tmp_path / 'pid'}", "module:50", "say:done")
    events = await follow(Build(function))
    result = result_of(events)
    assert (result.status, lines_of(events)) == ("built", ["done"])
    fake.nothing_left(function)


async def test_a_grandchild_that_dropped_its_environment_and_session(
    function: Path, fake: FakeCompiler, tmp_path: Path
) -> None:
    fake.does(f"nameless:{tmp_path / 'pid'}", "module:50")
    assert (await ending(function)).status == "built"
    gone(tmp_path / "pid")
    fake.nothing_left(function)


async def test_a_daemon_that_let_go_of_the_pipes(function: Path, fake: FakeCompiler, tmp_path: Path) -> None:
    fake.does(f"daemon:{tmp_path / 'pid'}", "module:50")
    assert (await ending(function)).status == "built"
    fake.nothing_left(function)


@pytest.mark.parametrize("how", ["grandchild", "escaped"])
async def test_cancel_with_a_stubborn_grandchild(function: Path, fake: FakeCompiler, tmp_path: Path, how: str) -> None:
    fake.does(f"{how}:{tmp_path / 'pid'}", "say:started", "hang")
    build = Build(function)
    events = await follow(build, lambda event: build.cancel() if lines_of([event]) else None)
    assert result_of(events).status == "cancelled"
    kept(function, fake)


async def test_closing_the_iterator_kills(function: Path, fake: FakeCompiler, tmp_path: Path) -> None:
    fake.does("half", "ignore", f"escaped:{tmp_path / 'pid'}", "say:started", "hang")
    events = Build(function).events()
    async for event in events:
        if lines_of([event]):
            break
    await events.aclose()
    kept(function, fake)


async def test_cancelling_the_task_kills(function: Path, fake: FakeCompiler, tmp_path: Path) -> None:
    fake.does("half", "ignore", f"ready:{tmp_path / 'ready'}", "hang")
    task = asyncio.create_task(ending(function))
    await asyncio.to_thread(wait_until, (tmp_path / "ready").exists, "the compiler was not started")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    kept(function, fake)


async def test_flood_is_carried_whole_and_in_order(function: Path, fake: FakeCompiler) -> None:
    fake.does("flood:100000", "scold:after", "module")
    events = await follow(Build(function))
    lines = lines_of(events)
    assert len(lines) == 100_001
    assert set(lines) == {"\x1b[31mfunction.go:1:1: a line of a flood\x1b[0m", "after"}
    assert result_of(events).status == "built"


async def test_a_slow_reader_makes_the_compiler_wait(function: Path, fake: FakeCompiler, tmp_path: Path) -> None:
    fake.does("flood:200000", f"ready:{tmp_path / 'ready'}", "module")
    events = Build(function).events()
    child = None
    async for event in events:
        if isinstance(event, BuildOutputBatch):
            child = event
            break
    assert child is not None
    await asyncio.sleep(0.3)  # the compiler has time to write all of it, if nothing holds it back
    assert not (tmp_path / "ready").exists()
    assert sum([len(event.lines) async for event in events if isinstance(event, BuildOutputBatch)]) > 100_000
    assert (tmp_path / "ready").exists()


async def test_a_line_of_ten_megabytes(function: Path, fake: FakeCompiler) -> None:
    fake.does("long:10000000", "say:next", "module")
    lines = lines_of(await follow(Build(function)))
    assert [len(line) for line in lines] == [10_000_000, 4]
    assert lines[1] == "next"


async def test_odd_bytes(function: Path, fake: FakeCompiler) -> None:
    fake.does(f"bytes:{b'crlf'.hex()}0d0aff{b'x'.hex()}0a{b'no newline'.hex()}", "module")
    assert lines_of(await follow(Build(function))) == ["crlf", "\ufffdx", "no newline"]


async def test_workspace_deleted_in_mid_build(function: Path, fake: FakeCompiler, tmp_path: Path) -> None:
    fake.does(f"ready:{tmp_path / 'ready'}", "sleep:0.2", "exit:1")
    events = Build(function).events()
    seen: list[BuildEvent] = []
    async for event in events:
        seen.append(event)
        if isinstance(event, BuildStarted):
            await asyncio.to_thread(wait_until, (tmp_path / "ready").exists, "the compiler was not started")
            shutil.rmtree(function)
    result = result_of(seen)
    assert result.status == "failed"
    assert result.error == f"directory does not exist: {function}: it was removed during the build"
    assert not function.exists()
    fake.nothing_left(function.parent)


async def test_the_executable_vanishes(function: Path, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch) -> None:
    program = fake.folder / "tinygo"
    start = Child.__init__

    def unlinked(self: Child) -> None:
        program.unlink()
        start(self)

    monkeypatch.setattr(Child, "__init__", unlinked)
    result = await ending(function)
    assert (result.status, result.error) == ("failed", f"cannot run {program}: it is not there any more")
    kept(function, fake)


async def test_a_program_that_cannot_run(function: Path, fake: FakeCompiler) -> None:
    program = fake.folder / "tinygo"
    program.unlink()
    program.write_bytes(b"\x7fELF not really")
    program.chmod(0o755)
    result = await ending(function)
    assert result.error == f"cannot run {program}: it is not a program that this machine can run"
    kept(function, fake)


def on_disk(mount: Path, wasm: bytes = GOOD) -> Path:
    directory = mount / "fn"
    directory.mkdir()
    (directory / "function.yaml").write_text("name: fn\n")
    (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
    (directory / "function.wasm").write_bytes(wasm)
    return directory


async def test_no_space_for_the_module(small_disk: Path, fake: FakeCompiler) -> None:
    directory = on_disk(small_disk)
    fake.does("module:1000000")
    result = await ending(directory)
    assert (result.status, result.tool_error) == ("failed", "tinygo build failed: exit status 1")
    assert result.error is not None
    assert "No space left on device" in result.error
    kept(directory, fake)


async def test_no_space_to_keep_the_last_module(small_disk: Path, fake: FakeCompiler) -> None:
    big = GOOD + b"\0" * 200_000
    directory = on_disk(small_disk, big)
    fake.does("module")
    result = await ending(directory)
    assert (result.status, result.error) == ("failed", f"cannot write in {directory}: no space left on its file system")
    fake.nothing_left(directory)
    assert (directory / "function.wasm").read_bytes() == big


async def test_read_only_output(small_disk: Path, fake: FakeCompiler) -> None:
    directory = on_disk(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    fake.does("module")
    result = await ending(directory)
    assert (result.status, result.error) == ("failed", f"cannot write in {directory}: its file system is read-only")
    kept(directory, fake)


async def test_a_cut_module_does_not_replace_a_good_one(function: Path, fake: FakeCompiler) -> None:
    fake.does("cut:5000")
    result = await ending(function)
    words = "the module is cut short: the custom section needs 9,986 bytes, 4,986 left (at byte 8)"
    assert (result.status, result.exit_code, result.error) == ("failed", 0, f"build produced invalid WASM: {words}")
    kept(function, fake)


async def test_a_folder_in_the_modules_place(function: Path, fake: FakeCompiler) -> None:
    fake.does("folder", "exit:1")
    result = await ending(function)
    folder = next(function.glob(".fn-tui-*"))
    why = f"the last good module cannot be put back (a folder is in its place): it is kept at {folder / '.kept'}"
    assert result.error == f"tinygo build failed: exit status 1; {why}"
    assert (folder / ".kept").read_bytes() == GOOD
    assert (function / "function.wasm/file").exists()  # not ours to remove
    shutil.rmtree(function / "function.wasm")
    fake.does("exit:1")
    await ending(function)
    kept(function, fake)


@pytest.mark.parametrize("acts", [["module:50"], ["into:rubbish", "exit:1"], ["half", "exit:1"], ["half"]])
async def test_a_link_in_the_modules_place(function: Path, fake: FakeCompiler, tmp_path: Path, acts: list[str]) -> None:
    """What it leads to is as it was in every case; the link stays where the build fails, and a good build says so."""
    target = tmp_path / "target.wasm"
    (function / "function.wasm").rename(target)
    (function / "function.wasm").symlink_to(target)
    fake.does(*acts)
    result = await ending(function)
    assert target.read_bytes() == GOOD
    fake.nothing_left(function)
    assert (function / "function.wasm").is_symlink() == (result.status == "failed")
    told = f"function.wasm was a link: it is a file of its own now, and {target} is as it was"
    assert result.note == (told if result.status == "built" else None)


async def test_a_deep_tree_in_the_temporary_folder(function: Path, fake: FakeCompiler) -> None:
    fake.does("deep:3000", "exit:1")
    assert (await ending(function)).error == "tinygo build failed: exit status 1"
    kept(function, fake)


async def test_folders_of_others_are_left(function: Path, fake: FakeCompiler, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/file").touch()
    (function / ".fn-tui-cache").symlink_to(tmp_path / "theirs")
    (function / ".fn-tui-notes").mkdir()
    (function / ".fn-tui-notes/note").touch()
    fake.does("module:50")
    assert (await ending(function)).status == "built"
    assert (tmp_path / "theirs/file").exists()
    assert (function / ".fn-tui-notes/note").exists()


@pytest.mark.slow
@pytest.mark.parametrize("count", [30, pytest.param(100, marks=pytest.mark.long)])
async def test_many_functions_at_four_jobs(function_directory: Make, fake: FakeCompiler, count: int) -> None:
    directories = [function_directory(f"f{number:03}", wasm=GOOD) for number in range(count)]
    fake.does("say:hello", "module:64")
    queue = BuildQueue(jobs=4)
    queue.submit_all(directories)
    queue.finish()
    most, results = 0, []
    async for event in queue.events():
        most = max(most, len(queue.state.building))
        if isinstance(event, BuildEnded):
            results.append(event.result)
    assert {result.directory for result in results} == set(directories)
    assert {result.status for result in results} == {"built"}
    assert most == 4
    for directory in directories:
        assert sorted(path.name for path in directory.iterdir()) == [
            "function.go",
            "function.wasm",
            "function.yaml",
            "go.mod",
        ]
    fake.nothing_left(directories[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGKILL,
        signal.SIGTERM,
        *(pytest.param(each, marks=pytest.mark.long) for each in (signal.SIGHUP, signal.SIGINT)),
    ],
)
@pytest.mark.parametrize("how", ["grandchild", "escaped", "nameless"])
def test_the_end_of_fn_tui(
    function: Path, fake: FakeCompiler, tmp_path: Path, number: signal.Signals, how: str
) -> None:
    """However fn-tui ends: no child, no grandchild, no folder, the last good module."""
    fake.does("half", "tmpdir:tinygo1", f"{how}:{tmp_path / 'pid'}", f"ready:{tmp_path / 'ready'}", "hang")
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "build", str(function)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_until((tmp_path / "ready").exists, "the compiler was not started")
    os.kill(process.pid, number)
    code = process.wait(40)
    assert code == (-9 if number == signal.SIGKILL else 128 + number)
    gone(tmp_path / "pid")
    kept(function, fake)

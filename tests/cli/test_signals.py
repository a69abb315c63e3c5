"""INT and TERM end every subcommand within two seconds, whatever it is at: printing, asking, reading, running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.building.faking import all_processes, named_processes, wait_until
from tests.cli.test_not_files import GO_SOURCE
from tui.cli import COMMANDS
from tui.running.availability import is_available

PROMISED = 2.0  # seconds from a signal to the end
SLACK = 4.0  # ... on a machine that is busy with other tests
START = 60.0
BUSY = 0.5  # seconds of CPU after which a command is surely past its start
STILL = 0.3  # seconds without any CPU after which a command surely waits ...
STARTING = (
    0.05  # ... one that has had less than so many seconds of CPU may still wait for the disk: three times as long
)
BOTH = (signal.SIGINT, signal.SIGTERM)
SCREEN = ""  # what is no subcommand

# Each with arguments with which it prints: on a pipe that nobody reads it waits for ever.
PRINTS: dict[str, list[str]] = {
    "list": ["list"],
    "config": ["config", "fn"],
    "plan": ["plan", "fn"],
    "build": ["build", "fn"],
    "watch": ["watch"],
    "inspect": ["inspect", "fn"],
    "diff": ["diff", "fn", "fn"],
    "check": ["check"],
    "run": ["run", "fn"],
    "test": ["test", "kept"],
    "dev": ["dev", "--listen", "127.0.0.1:0", "--no-build"],
    "new": ["new", "other"],
    "doctor": ["doctor"],
    "demo": ["demo", "made", "--no-open"],
    "cluster-status": ["cluster-status", "--help"],  # what it prints else comes from a cluster
    "serve": ["serve", "--port", "0"],
    "completions": ["completions", "bash"],
    "config-path": ["config-path"],
    "init-settings": ["init-settings", "--print"],
    SCREEN: [],  # without a terminal: the list
}
IS_THE_END = {"serve"}  # ctrl+c is how one ends it: 0
# A compiler that never says its version.
ASKS: tuple[list[str], ...] = (
    ["doctor"], ["build", "fn"], ["watch"], ["list"], ["check"], ["test", "kept"],
    [],
)  # fmt: skip
# Forty gigabytes that are embedded, hundreds of modules and configs.
READS = (
    ["build", "--force", "--compiler", "go", "holes"], ["list", "holes"],
    ["inspect", *["big.wasm"] * 200], ["diff", "big.wasm", "big.wasm"],
    ["check", *(f"big{number}" for number in range(40))], ["config", *["large.yaml"] * 500],
)  # fmt: skip
# They read what those read, by the same functions.
READ_ALIKE = (
    ["check", "holes"], ["build", "--stale", "--compiler", "go", "holes"], ["watch", "--compiler", "go", "holes"],
    ["holes"], ["inspect", "--sizes", "--json", *["big.wasm"] * 200], ["plan", *["large"] * 500],
)  # fmt: skip
# A call that never returns, an input that never comes.
RUNS = (["run", "loop"], ["run", "loop", "--data", "-"], ["test", "loop"])


def in_turn(commands: Sequence[list[str]]) -> pytest.MarkDecorator:
    """Each command with one of the two signals: that both are heard by all, the long `test_while_nobody_reads...`
    holds."""
    cases = [
        pytest.param(argv, BOTH[place % 2], id=f"{' '.join(argv[:3]) or 'screen'}-{BOTH[place % 2].name[3:]}")
        for place, argv in enumerate(commands)
    ]
    return pytest.mark.parametrize(("argv", "number"), cases)


def test_no_subcommand_is_left_out() -> None:
    assert set(PRINTS) == {*COMMANDS, SCREEN}


@dataclass
class Started:
    """A command under way."""

    argv: list[str]
    process: subprocess.Popen[bytes]
    before: float = -1.0  # seconds of CPU that it had had ...
    since: float = 0.0  # ... at this moment, and has still

    def used(self) -> tuple[str, float]:
        """Its state, and the seconds of CPU that it has had."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return fields[0], sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def is_at_it(self) -> bool:
        """Whether it waits for something, or has worked for so long that it is at its work; asked again and again."""
        assert self.process.poll() is None, f"{self.argv} came to its end"
        state, now = self.used()
        if now != self.before or state == "R":
            self.since, self.before = time.monotonic(), now
        return now > BUSY or time.monotonic() - self.since > (STILL if now > STARTING else 3 * STILL)

    def at_it(self) -> None:
        """Wait for that."""
        wait_until(self.is_at_it, "it neither works nor waits", START)

    def ends_by(self, number: int) -> None:
        """It does so in time, and says by its exit code which signal it was."""
        self.process.send_signal(number)
        assert self.end() in self.ends(number)

    def end(self) -> int | None:
        """Its exit code, where it ends in time."""
        try:
            return self.process.wait(PROMISED + SLACK)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.process.kill()

    def ends(self, number: int) -> tuple[int, ...]:
        """The exit codes that say that it was this signal."""
        return (128 + number, -number, *([0] if set(self.argv[:1]) & IS_THE_END else []))


def all_end(under_way: Sequence[tuple[Started, int]]) -> None:
    """Each ends by its signal, in time; they wait side by side, for waiting is what takes long."""
    try:
        waits = [each for each, _ in under_way]
        wait_until(lambda: sum(each.is_at_it() for each in waits) == len(waits), "one neither works nor waits", START)
        for each, number in under_way:
            each.process.send_signal(number)
        assert [(each.argv, end) for each, number in under_way if (end := each.end()) not in each.ends(number)] == []
    finally:
        for each, _ in under_way:
            each.process.kill()


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Started]:
    """Starts a command in a workspace with one function, `fn`, and one that has a call, `kept`."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("what a process is at is read from /proc")

    def begin(
        argv: list[str], path: str = os.environ["PATH"], stdout: int = subprocess.DEVNULL, place: str = ""
    ) -> Started:
        workspace = tmp_path / place
        workspace.mkdir(exist_ok=True)
        function(workspace / "fn")
        (function(workspace / "kept") / "calls.yaml").write_text("one: {input: {}}\n")
        # The test's own copy of the pipe is open for as long as the command runs.
        process = subprocess.Popen(
            [sys.executable, "-m", "tui", *argv], cwd=workspace, stdin=subprocess.PIPE, stdout=stdout,
            stderr=subprocess.DEVNULL, env={**os.environ, "PATH": path, "XDG_CACHE_HOME": str(tmp_path / ".cache")},
        )  # fmt: skip
        return Started(argv, process)

    return begin


def function(directory: Path, source: str = "package main\n\nfunc main() {}\n") -> Path:
    directory.mkdir()
    (directory / "function.yaml").write_text("name: fn\n")
    (directory / "function.go").write_text(source)
    (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.20\n")
    (directory / "function.wasm").write_bytes(b"\0asm\1\0\0\0")
    return directory


@pytest.mark.parametrize("first", [0, pytest.param(1, marks=pytest.mark.long)])
def test_while_nobody_reads_what_they_print(first: int, start: Callable[..., Started], tmp_path: Path) -> None:
    """One signal for each in the short form, the other one in the long form: one handler hears both."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writing, True)
    try:
        all_end(
            [
                (start(argv, stdout=writing, place=f"at {name}"), BOTH[(first + place) % 2])
                for place, (name, argv) in enumerate(PRINTS.items())
            ]
        )
    finally:
        os.close(reading)
        os.close(writing)


def test_while_a_compiler_does_not_say_its_version(start: Callable[..., Started], tmp_path: Path) -> None:
    mark = f"{600 + os.getpid() / 1e7:.7f}"
    for name in ("tinygo", "go"):
        program = tmp_path / ".bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\nexec sleep {mark}\n")
        program.chmod(0o755)
    path = f"{tmp_path}/.bin:/usr/bin:/bin"
    all_end([(start(argv, path, place=f"at {place}"), BOTH[place % 2]) for place, argv in enumerate(ASKS)])
    wait_until(lambda: not named_processes(mark), "the compiler lives on", PROMISED + SLACK)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A workspace of what takes long to read; what is large is a hole, or the same file again."""
    holes = function(tmp_path / "holes", GO_SOURCE.replace("data.bin", "holes"))
    (holes / "holes").mkdir()
    for number in range(40):
        with (holes / "holes" / str(number)).open("wb") as file:
            file.truncate(1 << 30)
    with (tmp_path / "big.wasm").open("wb") as file:
        file.write(b"\0asm\1\0\0\0\1" + b"\xd5\xaa\xd5\x09" + b"\xd1\xaa\xd5\x04" + b"\x60\0\0" * 6_640_000)
    for number in range(40):
        os.link(tmp_path / "big.wasm", replaced(function(tmp_path / f"big{number}") / "function.wasm"))
    (tmp_path / "large.yaml").write_text("name: fn\nenv:\n" + "".join(f"  KEY{n}: v\n" for n in range(20_000)))
    os.link(tmp_path / "large.yaml", replaced(function(tmp_path / "large") / "function.yaml"))
    return tmp_path


def replaced(path: Path) -> Path:
    path.unlink()
    return path


@pytest.mark.slow
@in_turn(READS)
def test_while_it_reads(argv: list[str], number: int, start: Callable[..., Started], hostile: Path) -> None:
    started = start(argv)
    started.at_it()
    started.ends_by(number)


@pytest.mark.long
@in_turn(READ_ALIKE)
def test_while_it_reads_the_same_for_others(
    argv: list[str], number: int, start: Callable[..., Started], hostile: Path
) -> None:
    started = start(argv)
    started.at_it()
    started.ends_by(number)


@in_turn(RUNS)
@pytest.mark.skipif(not is_available(), reason="needs the extra run")
def test_while_a_function_runs(argv: list[str], number: int, start: Callable[..., Started], tmp_path: Path) -> None:
    from tests.running.conftest import wat

    loop = function(tmp_path / "loop")
    (loop / "function.go").unlink()  # there is nothing to build it from
    (loop / "function.yaml").write_text("name: fn\ntimeout: 300\n")
    (loop / "function.wasm").write_bytes(
        wat('(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))')
    )
    (loop / "calls.yaml").write_text("one: {input: {}}\n")
    started = start(argv)
    started.at_it()
    started.ends_by(number)
    wait_until(lambda: not started_in(tmp_path), "the function runs on", PROMISED + SLACK)


def started_in(folder: Path) -> list[int]:
    """The processes whose cache lies in a folder: those that a test has started."""
    return [process for process in all_processes() if f"{folder}/.cache".encode() in environment(process)]


def environment(process: int) -> bytes:
    """The environment of a process; nothing where it has gone."""
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return b""

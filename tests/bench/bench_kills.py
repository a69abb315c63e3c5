"""SIGKILL in the middle of builds: fn-tui beside turbo and concurrently from npm, with the same compiler.

Run it as `python -m tests.bench.bench_kills [ROUNDS] [NODE_MODULES]`; without NODE_MODULES, npm installs the two into a
temporary folder. The compiler writes half a module over the good one, leaves a folder in TMPDIR and a daemon without
environment, session and pipes, and hangs. A second after the kill, and again after one more build, is counted: modules
that are not the good one any more, processes of the compilers that live, folders that are left.
"""

from __future__ import annotations

import json
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread

from tests.building.faking import all_processes, arguments, named_processes

FAKES = Path(__file__).parent.parent / "building" / "fakes"
GOOD = b"\0asm\1\0\0\0\0\x15\x14the last good module"
FUNCTIONS = 4
SECONDS = 1.0  # after the kill
NULL = subprocess.DEVNULL


@dataclass
class Runner:
    """One way to build all functions of a workspace, and which of its processes are killed."""

    name: str
    argv: list[str]
    again: list[str]  # how to build once more after the kill
    victims: Callable[[int], list[int]] = field(default=lambda process: [process])
    screen: bool = False  # it wants a terminal, and a key


@dataclass
class Count:
    """What was found in all rounds."""

    kills: int = 0
    damaged: int = 0
    alive: int = 0
    folders: int = 0
    damaged_after: int = 0
    folders_after: int = 0


def children_of(process: int) -> list[int]:
    """Child processes."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in text.split()]


def with_its_guard(process: int) -> list[int]:
    """fn-tui and the process that looks after it."""
    return [process, *children_of(process)]


def runners(modules: Path) -> list[Runner]:
    """fn-tui, and of the others those that are there."""
    fn_tui = [sys.executable, "-m", "tui"]
    build = [*fn_tui, "build", "--force", "--jobs", str(FUNCTIONS), "--all", "."]
    found = [
        Runner("fn-tui build", build, build),
        Runner("fn-tui build and its guard", build, build, with_its_guard),
        Runner("fn-tui's screen", [*fn_tui, "."], build, screen=True),
        Runner("fn-tui's screen and its guard", [*fn_tui, "."], build, with_its_guard, screen=True),
    ]
    turbo = next(modules.glob("@turbo/linux-*/bin/turbo"), None)
    if turbo is not None:
        options = ["--no-daemon", "--force", "--env-mode=loose", f"--concurrency={FUNCTIONS}", "--ui=stream"]
        argv = [str(turbo), "run", "build", *options]
        found.append(Runner("turbo", argv, argv))
    concurrently = modules / ".bin" / "concurrently"
    if concurrently.exists():
        commands = [f"cd f{number} && {BUILD}" for number in range(FUNCTIONS)]
        argv = [str(concurrently), *commands]
        found.append(Runner("concurrently", argv, argv))
    return found


BUILD = "tinygo build -o function.wasm -target wasi ."


def workspace(root: Path) -> None:
    """Functions with a good module each, which are packages for turbo too."""
    root.mkdir()
    tasks = {"tasks": {"build": {"cache": False, "outputs": ["function.wasm"]}}}
    (root / "turbo.json").write_text(json.dumps(tasks))
    package = {"name": "root", "private": True, "packageManager": "npm@10.0.0", "workspaces": ["f*"]}
    (root / "package.json").write_text(json.dumps(package))
    for number in range(FUNCTIONS):
        directory = root / f"f{number}"
        directory.mkdir()
        (directory / "function.yaml").write_text(f"name: {directory.name}\n")
        (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
        (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.24\n")
        (directory / "function.wasm").write_bytes(GOOD)
        script = {"name": directory.name, "version": "1.0.0", "scripts": {"build": BUILD}}
        (directory / "package.json").write_text(json.dumps(script))


def compilers(name: str) -> list[int]:
    """The compilers that are running, known by a variable, and the daemons that they left, known by an argument."""
    marked = f"KILLED={name}".encode()
    return sorted({*named_processes(name), *(each for each in all_processes() if _is_compiler(each, marked))})


def daemons(name: str) -> int:
    """How many compilers have come as far as to leave a daemon."""
    return sum(arguments(process)[:1] == [b"sleep"] for process in named_processes(name))


def _is_compiler(process: int, marked: bytes) -> bool:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        environment = Path(f"/proc/{process}/environ").read_bytes()
    except OSError:
        return False
    return marked in environment and any(word.endswith(b"/tinygo") for word in words[:2])


def folders(root: Path, scratch: Path) -> int:
    """Folders that builds have left."""
    return len(list(root.glob("f*/.fn-tui-*"))) + len([each for each in scratch.iterdir() if each.is_dir()])


def damaged(root: Path) -> int:
    """Modules that are not the good one any more."""
    paths = [root / f"f{number}" / "function.wasm" for number in range(FUNCTIONS)]
    return sum(not path.is_file() or path.read_bytes() != GOOD for path in paths)


def start(
    runner: Runner, root: Path, environment: dict[str, str]
) -> tuple[subprocess.Popen[bytes], Callable[[], None]]:
    """Start it, and how to press `A`, build all: on a terminal that is read to its end, where it is a screen."""
    if not runner.screen:
        null = subprocess.DEVNULL
        process = subprocess.Popen(runner.argv, cwd=root, env=environment, stdin=null, stdout=null, stderr=null)
        return process, lambda: None
    ours, theirs = pty.openpty()
    size = {"TERM": "xterm-256color", "LINES": "30", "COLUMNS": "100", "FN_TUI_JOBS": str(FUNCTIONS)}
    process = subprocess.Popen(
        runner.argv, cwd=root, env={**environment, **size}, stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL
    )
    os.close(theirs)
    Thread(target=_sit_at, args=(ours,), daemon=True).start()
    return process, partial(_press, ours)


def _press(terminal: int) -> None:
    os.write(terminal, b"A")


def _sit_at(terminal: int) -> None:
    """Read what is drawn."""
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        os.close(terminal)  # the screen has died


def one_round(runner: Runner, place: Path, count: Count) -> None:
    """Start all builds, kill at some moment, count."""
    root, scratch, programs = place / "work", place / "scratch", place / "bin"
    workspace(root)
    scratch.mkdir()
    programs.mkdir()
    (programs / "tinygo").symlink_to(FAKES / "fake-tinygo")
    name = f"600.{os.getpid()}{random.randrange(10**6):06}"
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TMPDIR": str(scratch),
        "XDG_STATE_HOME": str(place / "state"),
        "XDG_CACHE_HOME": str(place / "cache"),
        "KILLED": name,
        "FAKE": f"half;scratch;hidden:{name};hang",
        "TURBO_TELEMETRY_DISABLED": "1",
    }
    process, press = start(runner, root, environment)
    until = time.monotonic() + 60
    try:
        presses = time.monotonic() + 1  # and again, should the screen not have been ready
        while daemons(name) < FUNCTIONS:
            assert time.monotonic() < until, f"{runner.name}: the builds did not start"
            if time.monotonic() > presses:
                press()
                presses += 3
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.2))
        victims = runner.victims(process.pid)
    except BaseException:
        process.kill()
        raise
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    process.wait()
    time.sleep(SECONDS)
    left = compilers(name)
    count.kills += 1
    count.alive += len(left)
    count.damaged += damaged(root)
    count.folders += folders(root, scratch)
    for each in left:
        os.kill(each, signal.SIGKILL)
    subprocess.run(
        runner.again, cwd=root, env={**environment, "FAKE": "exit:1"}, stdin=NULL, stdout=NULL, stderr=NULL, check=False
    )
    count.damaged_after += damaged(root)
    count.folders_after += folders(root, scratch)


def installed(folder: Path) -> Path:
    """The two runners from npm; nothing where there is no npm."""
    if shutil.which("npm") is not None:
        argv = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--silent",
            "--prefix",
            str(folder),
            "turbo",
            "concurrently",
        ]
        subprocess.run(argv, check=False)
    return folder / "node_modules"


def main() -> None:
    """Print a table: what each leaves after that many kills."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        modules = Path(sys.argv[2]) if len(sys.argv) > 2 else installed(Path(folder))
        print("| runner | kills | modules damaged | processes alive after 1 s | folders left | after the next build |")
        print("|---|---|---|---|---|---|")
        for runner in runners(modules.absolute()):
            count = Count()
            for _ in range(rounds):
                with tempfile.TemporaryDirectory() as place:
                    one_round(runner, Path(place), count)
            modules_of = f"{count.damaged} of {count.kills * FUNCTIONS}"
            after = f"{count.damaged_after} damaged, {count.folders_after} folders"
            print(
                f"| {runner.name} | {count.kills} | {modules_of} | {count.alive} | {count.folders} | {after} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

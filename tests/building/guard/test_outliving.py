"""No process outlives its build, whatever it does with its environment, session, pipes and parents. Real processes."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.building.faking import PATIENT, FakeCompiler, all_processes, named_processes, wait_until
from tui.building.events import BuildEnded, BuildResult
from tui.building.guard.guard import process_guard
from tui.building.process.options import BuildOptions
from tui.building.process.runner import Build
from tui.building.process.stopping import Step

GOOD = b"\0asm\1\0\0\0\0\x15\x14the last good module"
QUICK = (Step(signal.SIGINT, 0.2), Step(signal.SIGTERM, 0.2), Step(signal.SIGKILL, None))
Make = Callable[..., Path]


@pytest.fixture
def name() -> Iterator[str]:
    """What a test's processes have among their arguments; none of them may be left for the next test."""
    chosen = f"600.{os.getpid()}{random.randrange(10**6):06}"
    yield chosen
    for process in named_processes(chosen):
        os.kill(process, signal.SIGKILL)


@pytest.fixture
def function(function_directory: Make) -> Path:
    return function_directory(wasm=GOOD)


async def ending(build: Build) -> BuildResult:
    async for event in build.events():
        last = event
    assert isinstance(last, BuildEnded)
    return last.result


@pytest.mark.parametrize("how", ["hidden", "hopping"])
@pytest.mark.parametrize("end", ["module:50", "exit:1", "die:9"])
async def test_nothing_is_left_when_a_build_has_ended(
    function: Path, fake: FakeCompiler, name: str, how: str, end: str
) -> None:
    fake.does(*[f"{how}:{name}"] * 3, end)
    result = await ending(Build(function))
    assert named_processes(name) == []  # now, not soon
    assert result.status == ("built" if end == "module:50" else "failed")


@pytest.mark.parametrize("way", ["cancel", "kill", "timeout", "aclose"])
async def test_nothing_is_left_when_a_build_was_stopped(
    function: Path, fake: FakeCompiler, name: str, way: str, tmp_path: Path
) -> None:
    fake.does("half", "ignore", f"hidden:{name}", f"hopping:{name}", f"ready:{tmp_path / 'ready'}", "hang")
    build = Build(function, BuildOptions(ladder=QUICK, timeout=2.0 if way == "timeout" else None))
    task = asyncio.create_task(ending(build))
    await asyncio.to_thread(wait_until, (tmp_path / "ready").exists, "the compiler was not started")
    if way == "aclose":
        task.cancel()
        await asyncio.wait([task])
    else:
        if way != "timeout":
            (build.cancel if way == "cancel" else build.kill)()
        assert (await task).status == ("failed" if way == "timeout" else "cancelled")
    assert named_processes(name) == []
    assert (function / "function.wasm").read_bytes() == GOOD


async def test_builds_beside_it_are_left_alone(
    function_directory: Make, fake: FakeCompiler, name: str, tmp_path: Path
) -> None:
    """What one build leaves behind is told from what another still needs."""
    one, other = function_directory("one"), function_directory("other")
    fake.does(f"hidden:{name}", f"ready:{tmp_path / 'ready'}", f"until:{tmp_path / 'go'}", "module")
    first = asyncio.create_task(ending(Build(one)))
    await asyncio.to_thread(wait_until, (tmp_path / "ready").exists, "the compiler was not started")
    await asyncio.to_thread(wait_until, lambda: bool(named_processes(name)), "it has hidden nothing")
    mine = named_processes(name)
    fake.does(f"hidden:{name}", "module")
    assert (await ending(Build(other))).status == "built"
    assert named_processes(name) == mine
    assert len(mine) >= 1
    (tmp_path / "go").touch()
    assert (await first).status == "built"
    assert named_processes(name) == []


KILLED = {
    "the screen": ("fn-tui",),
    "the screen and its guard": ("fn-tui", "guard"),
    "the guard and the screen": ("guard", "fn-tui"),
    "the screen and the launcher": ("fn-tui", "launcher"),
    "the launcher and the screen": ("launcher", "fn-tui"),
}


# Builds a function for each line, which says what the fake compiler does.
AGAIN = f"""
import asyncio, os, sys
from pathlib import Path
import tui.building.guard.guard
from tui.building.process.options import BuildOptions
from tui.building.process.runner import run_build
tui.building.guard.guard._PROGRAM = {PATIENT!r}
async def build():
    async for event in run_build(Path(sys.argv[1]), BuildOptions(force=True)):
        pass
for line in sys.stdin:
    os.environ["FAKE"] = line.strip()
    asyncio.run(build())
    print(flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("who", KILLED)
def test_a_kill(function: Path, fake: FakeCompiler, name: str, tmp_path: Path, who: str) -> None:
    killing(function, fake, name, tmp_path, who, seconds=5.0)


@pytest.mark.slow
@pytest.mark.parametrize("who", KILLED)
def test_a_kill_in_the_second_build_of_a_launcher(
    function: Path, fake: FakeCompiler, name: str, tmp_path: Path, who: str
) -> None:
    """What it was told of the first is of no use to the second: the module, and the folder, are others."""
    first = ";".join((f"ready:{tmp_path / 'first'}", f"until:{tmp_path / 'go'}", "module:50"))
    argv = [sys.executable, "-c", AGAIN, str(function)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{first}\n".encode())
        process.stdin.flush()
        wait_until((tmp_path / "first").exists, "the compiler was not started")
        launcher = parent_of(int((tmp_path / "first").read_text()))
        (tmp_path / "go").touch()
        assert process.stdout.readline() == b"\n"
        (function / "function.wasm").write_bytes(GOOD)
        process.stdin.write(f"{';'.join(hanging(name, tmp_path))}\n".encode())
        process.stdin.flush()
        assert killed(process, name, tmp_path, who, seconds=5.0) == launcher
    nothing_after_the_next_build(function, fake)


@pytest.mark.long
@pytest.mark.parametrize("number", range(60))
@pytest.mark.parametrize("who", KILLED)
def test_sixty_kills(function: Path, fake: FakeCompiler, name: str, tmp_path: Path, who: str, number: int) -> None:
    killing(function, fake, name, tmp_path, who, seconds=1.0)


def killing(function: Path, fake: FakeCompiler, name: str, tmp_path: Path, who: str, seconds: float) -> None:
    """SIGKILL in mid-build: all dead within `seconds`, the good module there, nothing on disk after the next build."""
    fake.does(*hanging(name, tmp_path))
    argv = [sys.executable, "-m", "tui", "build", str(function)]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    killed(process, name, tmp_path, who, seconds)
    nothing_after_the_next_build(function, fake)


def hanging(name: str, tmp_path: Path) -> tuple[str, ...]:
    """What a compiler does that leaves behind whatever it can, and hangs."""
    left = ("tmpdir:tinygo1", f"hidden:{name}", f"escaped:{tmp_path / 'pid'}")
    return ("half", *left, f"ready:{tmp_path / 'ready'}", "hang")


def killed(process: subprocess.Popen[bytes], name: str, tmp_path: Path, who: str, seconds: float) -> int:
    """Kill when the compiler runs, and see the rest die; the id of the launcher that there was."""
    wait_until((tmp_path / "ready").exists, "the compiler was not started")
    compiler = int((tmp_path / "ready").read_text())
    launcher = parent_of(compiler)
    victims = {"fn-tui": process.pid, "launcher": launcher, "guard": parent_of(launcher)}
    assert parent_of(victims["guard"]) == process.pid
    time.sleep(random.uniform(0, 0.05))  # any moment of it
    for each in KILLED[who]:
        with suppress(ProcessLookupError):  # the guard has ended the launcher already: it is that quick
            os.kill(victims[each], signal.SIGKILL)
    began = time.monotonic()
    process.wait()
    others = [process for each, process in victims.items() if each not in KILLED[who]]
    wait_until(lambda: not named_processes(name) and not alive(compiler), "something of the build lives", seconds)
    wait_until(lambda: not any(alive(each) for each in others), "something of fn-tui lives")
    assert time.monotonic() - began < seconds + 5 + os.getloadavg()[0]  # of a machine that others use, too
    return launcher


def nothing_after_the_next_build(function: Path, fake: FakeCompiler) -> None:
    fake.does("exit:1")
    argv = [sys.executable, "-m", "tui", "build", str(function)]
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    names = sorted(path.name for path in function.iterdir())
    assert names == ["function.go", "function.wasm", "function.yaml", "go.mod"]
    assert (function / "function.wasm").read_bytes() == GOOD
    wait_until(lambda: not fake.processes(), "processes are left")


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def alive(process: int) -> bool:
    return process in all_processes() and "State:\tZ" not in status(process)


def status(process: int) -> str:
    try:
        return Path(f"/proc/{process}/status").read_text()
    except OSError:
        return "State:\tZ"


def test_the_guard_killed_alone_does_not_end_a_build(
    function: Path, fake: FakeCompiler, name: str, tmp_path: Path
) -> None:
    fake.does(f"hidden:{name}", f"ready:{tmp_path / 'ready'}", f"until:{tmp_path / 'go'}", "module:50")
    argv = [sys.executable, "-m", "tui", "build", str(function)]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until((tmp_path / "ready").exists, "the compiler was not started")
    os.kill(parent_of(parent_of(int((tmp_path / "ready").read_text()))), signal.SIGKILL)
    (tmp_path / "go").touch()
    assert process.wait(20) == 0
    assert named_processes(name) == []
    assert (function / "function.wasm").stat().st_size == 50


async def test_the_launcher_killed_alone_fails_the_build(
    function: Path, fake: FakeCompiler, name: str, tmp_path: Path
) -> None:
    fake.does("half", f"hidden:{name}", f"ready:{tmp_path / 'ready'}", "hang")
    task = asyncio.create_task(ending(Build(function)))
    await asyncio.to_thread(wait_until, (tmp_path / "ready").exists, "the compiler was not started")
    os.kill(parent_of(int((tmp_path / "ready").read_text())), signal.SIGKILL)
    result = await task
    assert (result.status, result.error) == ("failed", "tinygo build failed: signal: killed")
    await asyncio.to_thread(wait_until, lambda: not named_processes(name), "something lives")
    assert (function / "function.wasm").read_bytes() == GOOD
    fake.nothing_left(function)


@pytest.fixture
def no_adoption(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system in which no process can adopt what others leave behind."""
    without = (
        "import tui.building.guard.processes as p; p.Kernel._prctl = lambda *_: False; "
        "from tui.building.guard.guard_process import main; main()"
    )
    start = "import sys; sys.path.append(sys.argv.pop(1)); "
    monkeypatch.setattr("tui.building.guard.guard._PROGRAM", start + without)
    monkeypatch.setattr("tui.building.guard.guard._guard", [])
    yield
    process_guard().close()


@pytest.mark.usefixtures("no_adoption")
@pytest.mark.parametrize("how", ["grandchild", "escaped", "nameless", "daemon"])
async def test_where_nobody_can_adopt_marks_and_pipes_are_gone_by(
    function: Path, fake: FakeCompiler, tmp_path: Path, how: str
) -> None:
    fake.does(f"{how}:{tmp_path / 'pid'}", "module:50")
    assert (await ending(Build(function))).status == "built"
    assert not alive(int((tmp_path / "pid").read_text()))
    fake.nothing_left(function)

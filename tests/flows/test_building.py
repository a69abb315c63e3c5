"""Building with the real Go compiler, and everything around it."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import pytest

from tests.flows.conftest import add_function
from tests.flows.stage import Stage, opened
from tui.building.compilers import by_name
from tui.building.process.stopping import Step, Stopping

pytestmark = pytest.mark.slow
SLOW_GO = """#!/bin/sh
case "$1" in version) echo "go version go1.24.0 linux/amd64"; exit 0;; list) exit 1;; esac
echo "compiling slowly" >&2
sleep 600 &
echo $! > "{pids}"
wait
"""


# TinyGo is in no registry that tests reach: these say what it, its Go and its wasm-opt would.
SAID = {
    "tinygo": """#!/bin/sh
[ "$1" = version ] && echo "tinygo version 0.41.1 linux/amd64 (using go version go1.26.6 and LLVM version 20.1.1)"
[ "$1" = version ] && exit
echo "error: could not find wasm-opt, set the WASMOPT environment variable to override" >&2
exit 1
""",
    "go": "#!/bin/sh\necho go version go1.26.6 linux/amd64\n",
}


async def test_without_wasm_opt_it_builds_says_so_once_and_the_compiler_decides(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in SAID.items():
        program = tmp_path / "said" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'said'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.delenv("WASMOPT", raising=False)
    if by_name("tinygo").lacks() is None:
        pytest.skip("a wasm-opt is installed beside the shell")
    async with opened(workspace, compiler="tinygo") as stage:
        await stage.press("b")
        await stage.until(lambda: stage.state("chat") == "failed", "TinyGo has decided")
        assert sum("install binaryen" in notice for notice in stage.notices) == 1
        await stage.shows("could not find wasm-opt")


async def test_a_wrongly_built_function_is_rebuilt_and_then_fits(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.shows("COMMAND", "REACTOR")
        await stage.press("b")
        await stage.until(lambda: stage.state("chat") in ("ready", "warnings"), "chat fits")
        await stage.shows("fits")
        await stage.shows("· $ ", "· Built ", "exit 0")  # the log of a silent build tells what ran and how it ended
        assert any(notice.startswith("built chat in ") for notice in stage.notices)
        record = stage.app.bench.store["chat"]
        assert record.previous is not None
        assert record.last is not None
        assert record.last.status == "built"
        await stage.press("d")
        await stage.until(lambda: len(stage.app.screen_stack) == 2, "the difference")
        await stage.press("escape")
        await stage.press("b")
        await stage.until(lambda: any("up to date" in notice for notice in stage.notices), "nothing to build")


async def test_a_failing_build_shows_its_first_error_and_enter_leads_there(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = tmp_path / "told"
    editor = tmp_path / "vim"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    before = (workspace / "invite" / "function.wasm").read_bytes()
    async with opened(workspace, editor=str(editor)) as stage:
        await stage.press("G", "b")
        await stage.until(lambda: stage.state("invite") == "failed", "the build failed")
        await stage.shows("undefined: bodyy", "✗ 1 failed", "exit 1")
        assert any("invite" in notice for notice in stage.notices)
        await stage.press("8")
        await stage.shows("function.go")
        monkeypatch.setattr(type(stage.app), "suspend", _not_suspended)
        await stage.press("e")
        await stage.until(told.exists, "the editor was started")
        assert "function.go" in told.read_text()
    assert (workspace / "invite" / "function.wasm").read_bytes() == before


def _not_suspended(_app: object) -> object:
    import contextlib

    return contextlib.nullcontext()


async def test_several_marked_functions_are_built(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("space", "j", "space")
        await stage.shows("2 marked")
        await stage.press("b")
        await stage.until(lambda: stage.state("chat") == "ready" and stage.state("echo") == "ready", "both are built")
        assert stage.app.bench.store.marked == []


@pytest.mark.parametrize("wanted", [True, False])
async def test_the_bell_rings_at_the_end_of_a_build_only_if_asked_for(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    rung: list[int] = []
    async with opened(workspace, bell=wanted) as stage:
        monkeypatch.setattr(type(stage.app), "bell", lambda _: rung.append(1))
        await stage.press("G", "b")  # one that fails, which takes the compiler the least
        await stage.until(lambda: stage.app.bench.store["invite"].last is not None, "it is over")
        await stage.until(lambda: stage.notices, "and said")
    assert rung == ([1] if wanted else [])


@pytest.mark.long
async def test_all_stale_are_built(workspace: Path) -> None:
    """In the short form key_table.py has this key begin a build, and marked functions are built to the end."""
    async with opened(workspace) as stage:
        await stage.press("B")
        await stage.until(lambda: stage.state("echo") == "ready" and stage.state("chat") == "ready", "both are built")


def slow_go(folder: Path) -> tuple[str, Path]:
    """A compiler that never ends, with a grandchild; where it writes the grandchild's pid."""
    pids = folder / "pids"
    program = folder / "bin" / "go"
    program.parent.mkdir()
    program.write_text(SLOW_GO.format(pids=pids))
    program.chmod(0o755)
    return str(program.parent), pids


async def building(stage: Stage, pids: Path) -> int:
    """Start the build that never ends; the pid of its grandchild."""
    await stage.press("j", "j", "b")
    await stage.until(lambda: pids.exists() and pids.read_text().strip(), "the compiler runs")
    await stage.until(lambda: stage.state("echo") == "building", "echo builds")
    return int(pids.read_text())


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def stubborn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """It hears no SIGINT; here the harder signals come soon after."""
    quick = (Step(signal.SIGINT, 0.1), Step(signal.SIGTERM, 1.0), Step(signal.SIGKILL, None))
    monkeypatch.setattr("tui.building.process.runner.Stopping", lambda _: Stopping(quick))
    folder, pids = slow_go(tmp_path)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return pids


async def test_while_something_builds_everything_else_goes_on(workspace: Path, stubborn: Path) -> None:
    async with opened(workspace) as stage:
        await building(stage, stubborn)
        await stage.shows("compiling slowly")
        started = time.perf_counter()
        for key in "kkjj":
            await stage.press(key)
        assert stage.app.main.boxes.functions.path == "echo"
        assert time.perf_counter() - started < 10
        await stage.shows("◐ 1", "building")
        await stage.press("x")
        await stage.until(lambda: stage.state("echo") == "cancelled", "cancelled")
        await stage.shows("cancelled")


async def test_quitting_asks_only_while_something_builds_and_leaves_nothing(workspace: Path, stubborn: Path) -> None:
    async with opened(workspace) as stage:
        pid = await building(stage, stubborn)
        await stage.press("q")
        await stage.shows("Quit?", "1 build is under way")
        await stage.press("n")
        assert stage.app.is_running
        stage.app.leaving.go_on_to(workspace.parent)
        await stage.shows("Open ", "Leaving stops it", "y leaves")
        await stage.press("n")
        assert stage.app.leaving.following is None
        await stage.press("ctrl+q")
        await stage.shows("Quit?")
        await stage.press("y")
    assert not alive(pid)
    assert sorted(p.name for p in (workspace / "echo").iterdir()) == ["function.go", "function.yaml", "go.mod"]


async def test_a_save_is_rebuilt_and_it_is_said_why(workspace: Path) -> None:
    async with opened(workspace, watch=True) as stage:
        await stage.shows("watching")
        watch = stage.app.bench.watch.mode
        assert watch is not None
        await stage.until(lambda: watch.breaker is not None, "the planner has learnt the workspace")
        source = workspace / "echo" / "function.go"
        source.write_text(source.read_text() + "\n// changed\n")
        await stage.until(lambda: stage.state("echo") == "ready", "rebuilt")
        await stage.until(lambda: "rebuilt echo: function.go changed" in stage.notices, str(stage.notices))
        await stage.press("w")
        await stage.shows("watch off")


async def test_without_tinygo_the_stand_in_is_one_key_away(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with opened(workspace, compiler="tinygo") as stage:
        await stage.until(lambda: stage.app.bench.toolchain is not None, "compilers were looked for")
        await stage.shows("no TinyGo")
        await stage.press("b")
        await stage.shows("tinygo not found in PATH", "stock Go (stand-in)")
        await stage.press("enter")
        await stage.until(lambda: stage.state("chat") == "ready", "built by the stand-in")
        await stage.shows("stand-in")


async def test_a_function_whose_folder_goes_away_while_it_builds(workspace: Path, stubborn: Path) -> None:
    import shutil

    async with opened(workspace) as stage:
        pid = await building(stage, stubborn)
        shutil.rmtree(workspace / "echo")
        await stage.until(lambda: "echo" not in stage.app.bench.store, "echo is gone")
        await stage.press("X")
        await stage.until(lambda: not alive(pid), "nothing builds")


async def test_new_functions_build_as_they_are(workspace: Path) -> None:
    async with opened(workspace) as stage:
        await stage.press("a")
        await stage.shows("New function")
        await stage.press("9")
        await stage.shows("must start with a letter")
        await stage.press("backspace", *"fresh", "tab", "down", "enter")
        await stage.until(lambda: "fresh" in stage.app.bench.store, "made")
        await stage.until(lambda: stage.app.main.boxes.functions.path == "fresh", "the cursor is on it")
        await stage.until(lambda: stage.state("fresh") == "unbuilt")
        await stage.press("b")
        await stage.until(lambda: stage.state("fresh") in ("ready", "warnings"), "built")


async def test_many_functions_one_key(tmp_path: Path) -> None:
    for number in range(6):
        add_function(tmp_path, f"fn{number}", f"name: fn{number}\n", "package main\n\nfunc main() {}\n")
    async with opened(tmp_path, jobs=3) as stage:
        await stage.press("A")
        assert any("building 6 functions, 3 at once" in notice for notice in stage.notices)
        await stage.until(lambda: any(notice.startswith("6 built in ") for notice in stage.notices), "summed up")
        assert len(stage.notices) <= 2  # the first may be gone by then
        await stage.until(lambda: all(stage.state(f"fn{n}") == "ready" for n in range(6)), "all six")
        assert stage.app.main.boxes.functions.path == "fn0"


async def test_a_build_that_failed_is_not_forgotten_at_the_next_start(workspace: Path) -> None:
    (workspace / "invite" / "function.wasm").unlink()
    async with opened(workspace) as stage:
        await stage.press("G", "b")
        await stage.until(lambda: stage.state("invite") == "failed", "the build failed")
    async with opened(workspace) as stage:
        await stage.press("G")
        assert stage.state("invite") == "failed"
        await stage.shows("✗ 1 failed", "✗ failed", "undefined: bodyy")
        await stage.press("8")
        await stage.until(lambda: "no errors" not in stage.text, "the errors tell it")
        source = workspace / "invite" / "function.go"
        source.write_text(source.read_text().replace("bodyy", "body"))
        await stage.until(lambda: stage.state("invite") == "unbuilt", "the inputs are others now")


async def until_said(stage: Stage, times: int) -> None:
    """Wait for so many notices, and see that there are no more."""
    await stage.until(lambda: len(stage.notices) >= times, "said")
    assert len(stage.notices) == times


@pytest.mark.parametrize("compiler", ["tinygo", "go"])
async def test_without_any_compiler_it_is_said_once_and_no_state_changes(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, compiler: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tui.building.compilers.locate.packaged_go", lambda: None)
    async with opened(workspace, compiler=compiler) as stage:
        await stage.shows("no compiler")
        states = {path: stage.state(path) for path in stage.app.bench.store.paths}
        for number, key in enumerate("AbB", 1):
            await stage.press(key)
            await until_said(stage, number)
        assert all("not found in PATH. Install it" in notice for notice in stage.notices)
        assert all("build with" in notice for notice in stage.notices)
        assert {path: stage.state(path) for path in stage.app.bench.store.paths} == states
        assert stage.app.bench.builds.busy == 0
        assert all(record.last is None for record in stage.app.bench.store)

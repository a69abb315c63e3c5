"""The library's face: six functions, typed, loaded when they are asked for."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import tui
from tests.assessment.workspaces import fresh
from tests.make_readme import README
from tui.building.events import BuildEnded, BuildEvent, BuildStarted
from tui.demo.copy import copy_workspace
from tui.gateway.contract.contract import ContractError


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    copy_workspace(tmp_path / "functions")
    return tmp_path / "functions"


def run(code: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_the_script_of_the_readme_works(demo: Path) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    lines = run(script, demo).splitlines()
    assert "chat: blocked, to deploy it: blocked" in lines
    assert any(line.startswith("  error: built as a command, must be a reactor") for line in lines)
    assert any(line.startswith("  $ tinygo build -o ") and line.endswith(" -target wasi .") for line in lines)
    assert len([line for line in lines if not line.startswith(" ")]) == len(tui.find(demo)[0])


def test_the_script_is_typed(tmp_path: Path) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    (tmp_path / "script.py").write_text(script + 'reveal_type(tui.build(".").seconds)\n')
    root = Path(tui.__file__).parents[1]
    argv = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(tmp_path / "script.py")]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=False)
    assert 'Revealed type is "float"' in done.stdout or "builtins.float" in done.stdout, done.stdout
    assert "error:" not in done.stdout


def test_importing_it_loads_nothing_more(tmp_path: Path) -> None:
    code = "import sys, tui; assert tui.__version__; print(sorted(n for n in sys.modules if n.startswith('tui')))"
    assert run(code, tmp_path) == "['tui']\n"
    code = (
        "import sys, tui; tui.find('.'); print({'textual', 'rich', 'yaml', 'asyncio', 'wasmtime'} & set(sys.modules))"
    )
    assert run(code, tmp_path) == "set()\n"


def test_what_it_offers_is_there_and_nothing_else() -> None:
    assert {name for name in tui.__all__ if not getattr(tui, name)} == set()
    assert dir(tui) == sorted(tui.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = tui.nothing  # type: ignore[attr-defined]
    for name in ("find", "read_config", "plan", "assess", "build", "inspect"):
        assert len(getattr(tui, name).__doc__) > 200


def test_a_config_or_its_error(demo: Path) -> None:
    good, refused = tui.read_config(demo / "echo"), tui.read_config(str(demo / "digest"))
    assert good.config is not None
    assert good.config.memory == 16
    assert refused.error is not None
    assert refused.error.line == 3


def test_a_plan_or_why_there_is_none(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(demo)
    planned = tui.plan("chat", compiler="go")
    assert isinstance(planned, tui.BuildPlan)
    assert planned.cwd == demo / "chat"
    assert planned.argv[0] == "go"
    assert "-buildmode=c-shared" in planned.argv
    assert isinstance(tui.plan("digest"), tui.ConfigError)
    with pytest.raises(LookupError, match="rustc"):
        tui.plan("chat", compiler="rustc")


def test_what_is_known_of_a_function(demo: Path, tmp_path: Path) -> None:
    functions, problems = tui.find(demo)
    assert problems == []
    for function in functions:
        assert tui.assess(function).state == tui.assess(function.directory).state
    chat = tui.assess(demo / "chat")
    assert (chat.state, chat.verdict_word) == ("blocked", "blocked")
    assert chat.module is not None
    assert chat.findings[0].severity == "error"
    assert tui.assess(tmp_path / "nowhere").state == "refused"
    with pytest.raises(ContractError):
        tui.assess(demo / "chat", contract=tmp_path / "no.json")


def test_a_module_by_file_folder_or_bytes(tmp_path: Path, echo_command: bytes) -> None:
    directory = fresh(tmp_path, "fn", echo_command)
    whole = tui.inspect(echo_command)
    assert whole.ok
    assert tui.inspect(directory) == tui.inspect(directory / "function.wasm") == whole
    assert not tui.inspect(b"no module").ok
    with pytest.raises(FileNotFoundError):
        tui.inspect(tmp_path / "nowhere.wasm")


def test_a_build_and_what_is_known_after_it(function_directory: Callable[..., Path]) -> None:
    directory = function_directory("fn")
    assert tui.assess(directory, compiler="go").state == "unbuilt"
    events: list[BuildEvent] = []
    result = tui.build(directory, compiler="go", told=events.append)
    assert (result.status, result.error) == ("built", None)
    assert result.size == (directory / "function.wasm").stat().st_size
    assert isinstance(events[0], BuildStarted)
    assert isinstance(events[-1], BuildEnded)
    assert tui.assess(directory, compiler="go").state == "ready"
    assert tui.build(directory, compiler="go").status == "skipped"
    (directory / "function.go").write_text("package main\n\nfunc main() { nope() }\n")
    failed = tui.build(directory, compiler="go")
    assert failed.status == "failed"
    assert failed.diagnostics[0].line == 3
    found = tui.assess(directory, compiler="go")
    assert (found.state, found.verdict_word) == ("failed", "failed")
    assert "undefined: nope" in found.findings[0].message


async def test_inside_a_loop_it_goes_to_a_thread(tmp_path: Path) -> None:
    directory = fresh(tmp_path, "fn", None)
    (directory / "function.go").unlink()
    result = await asyncio.to_thread(tui.build, directory)
    assert result.status == "failed"
    assert "function.go not found" in (result.error or "")

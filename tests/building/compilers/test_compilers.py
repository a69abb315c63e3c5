"""Each compiler is a file; a third one, made for this test alone, is everywhere that compilers are."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.gobuild import go_executable
from tui.app.desk.compilers import compiler_words, no_compiler
from tui.app.dialogs.choices.compiler import compiler_choices, stand_in_screen
from tui.app.rows.glyphs import Glyphs
from tui.building import compilers
from tui.building.compilers import DEFAULT, by_name, every, names, stands_in
from tui.building.compilers.compiler import Compiler
from tui.building.compilers.toolchain import find_toolchain
from tui.building.inputs.constraints import may_build
from tui.building.plan.plan import plan_build
from tui.cli import main
from tui.settings.settings import settings_path
from tui.workspace.function import FunctionConfig

PACKAGE = Path(compilers.__file__).parent
TUI = PACKAGE.parents[1]
# Stock Go that leaves the names out of what it builds: a compiler that really builds.
SCRATCH = '''
"""Stock Go without the names."""
from tui.building.compilers import go
from tui.building.compilers.compiler import Compiler, Found, Tool, Words


def find():
    return {program!r}


def examine():
    return Found(Tool("scratch", find(), "7.0", ok=True, message="scratch 7.0 can build"), go_version="1.27.3")


COMPILER = go.COMPILER._replace(
    name="scratch",
    words=Words("Scratch", "the scratch compiler", "scratch not found in PATH. Write it", install="write it"),
    flags=("-ldflags=-s -w",),
    tags={{"scratch": True, "gc": True, "tinygo": False}},
    find=find,
    known_version=lambda program: "7.0",
    examine=examine,
)
'''


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Compiler]:
    """A third compiler: one file more in the folder of compilers, and nothing else."""
    folder = tmp_path / "compilers"
    folder.mkdir()
    (folder / "scratch.py").write_text(SCRATCH.format(program=go_executable()))
    monkeypatch.setattr(compilers, "__path__", [*compilers.__path__, str(folder)])
    by_name.cache_clear()
    yield by_name("scratch")
    by_name.cache_clear()
    sys.modules.pop("tui.building.compilers.scratch", None)


def test_each_file_is_about_all_compilers_or_is_one() -> None:
    assert names() == ("tinygo", "go")
    for compiler in every():
        assert by_name(compiler.name) is compiler
        assert (PACKAGE / f"{compiler.name}.py").is_file()
        assert compiler.stand_in is (compiler.name != DEFAULT)
    for name in compilers._ABOUT_ALL:
        assert "COMPILER: Final" not in (
            (PACKAGE / f"{name}.py").read_text() if (PACKAGE / f"{name}.py").exists() else ""
        )


def test_a_name_that_is_none_is_refused() -> None:
    for name in ("", "gcc", "locate", "__init__", "../tinygo", "TinyGo"):
        with pytest.raises(LookupError):
            by_name(name)
    assert stands_in("gcc")  # on record from another fn-tui: it was not the deploy tool's
    assert not stands_in("tinygo")


def test_no_other_file_asks_which_compiler_it_is() -> None:
    """Comparing with a compiler's name is what the object is there to spare.

    The gateway's room and that of modules know by which compiler a module was made, and nothing of those on a machine.
    """
    for file in (file for room in ("building", "app", "cli", "settings") for file in (TUI / room).rglob("*.py")):
        if file.parent == PACKAGE:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                compared = {side.value for side in sides if isinstance(side, ast.Constant)}
                named = any("compiler" in ast.unparse(side) for side in sides)
                assert not (named and compared & set(names())), f"{file}:{node.lineno}"


def test_a_third_compiler_is_listed_planned_and_told(scratch: Compiler, tmp_path: Path) -> None:
    assert names() == ("tinygo", "go", "scratch")
    plan = plan_build(tmp_path, FunctionConfig("fn", reactor=True), "scratch")
    flags = ("-ldflags=-s -w", "-buildmode=c-shared")
    assert plan.argv == ("scratch", "build", "-o", str(tmp_path / "function.wasm"), *flags, ".")
    assert (plan.compiler, plan.env["GOOS"]) == ("scratch", "wasip1")
    assert may_build(b"//go:build scratch\n", "scratch")
    assert not may_build(b"//go:build !scratch\n", "scratch")
    tools = find_toolchain()
    assert tools.can_build("scratch")
    assert compiler_words("scratch", tools, "c") == ("Scratch 7.0 · Go 1.27.3 (stand-in)", "warn")
    assert compiler_words("scratch", None, "c")[0] == "the scratch compiler"
    assert [choice.label for choice in compiler_choices(tools, Glyphs())] == [
        "TinyGo",
        "stock Go (stand-in)",
        "the scratch compiler (stand-in)",
    ]
    assert "Or: write it, and build with the scratch compiler" in no_compiler("tinygo").text
    assert (
        stand_in_screen(tools, "tinygo", "scratch", Glyphs()).dialog_title == "Build with the scratch compiler instead?"
    )


def test_a_third_compiler_is_an_option_and_a_setting_and_in_doctor(
    scratch: Compiler, function_directory: Callable[..., Path], capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory()
    assert main(["plan", str(directory), "--json", "--compiler", "scratch"]) == 0
    assert json.loads(capfd.readouterr().out)["compiler"] == "scratch"
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('compiler = "scratch"\n')
    assert main(["plan", str(directory), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["compiler"] == "scratch"
    assert main(["plan", "--help"]) == 0
    assert "{tinygo,go,scratch}" in capfd.readouterr().out
    settings_path().write_text('compiler = "scratsh"\n')
    main(["plan", str(directory)])
    assert 'takes "tinygo" or "go" or "scratch", not "scratsh": did you mean "scratch"?' in capfd.readouterr().err
    settings_path().unlink()
    main(["doctor", "--json"])
    checks = {check["check"]: check for check in map(json.loads, capfd.readouterr().out.splitlines())}
    assert checks["scratch"]["message"] == "scratch 7.0 can build"


@pytest.mark.slow
def test_a_third_compiler_builds(
    scratch: Compiler, function_directory: Callable[..., Path], capfd: pytest.CaptureFixture[str]
) -> None:
    directory = function_directory()
    assert main(["build", str(directory), "--compiler", "scratch"]) == 0
    assert "with the scratch compiler, a stand-in for TinyGo" in capfd.readouterr().out
    small = (directory / "function.wasm").stat().st_size
    assert main(["build", str(directory), "--compiler", "scratch", "--json"]) == 0
    ended = [json.loads(line) for line in capfd.readouterr().out.splitlines()][-1]
    assert ended["status"] == "skipped"  # it is on record as this compiler's
    main(["list", str(directory), "--compiler", "go", "--json"])
    assert json.loads(capfd.readouterr().out)["wasm"]["reason"] == "built by scratch, go is chosen now"
    assert main(["build", str(directory), "--compiler", "go"]) == 0
    assert small < (directory / "function.wasm").stat().st_size

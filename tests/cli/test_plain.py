"""Plain command lines are read without argparse: to the same end."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli import COMMANDS, plainly
from tui.cli.options import PLAIN
from tui.cli.parser import command_parser

NAMES = ["a", "b.wasm", ".", "with space", "", "=", "ä\udcff"]
ODD = [
    "-",
    "--",
    "-1",
    "-x",
    "-x y",
    "--js",
    "--json=1",
    "--settings",
    "--settings=s",
    "--ascii=",
    "--no-col",
    "---",
    "@a",
]


def by_argparse(name: str, words: list[str]) -> dict[str, Any] | None:
    """What argparse makes of them; None where it complains or helps."""
    try:
        return vars(command_parser(name, import_module(f"tui.cli.commands.{COMMANDS[name][0]}")).parse_args(words))
    except SystemExit:
        return None


def options(name: str) -> list[str]:
    parser = command_parser(name, import_module(f"tui.cli.commands.{COMMANDS[name][0]}"))
    return [word for action in parser.declared() for word in action.option_strings]


@pytest.fixture(scope="module", params=[True, False], ids=["in a function", "elsewhere"])
def here(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """In a function's folder its name may be left out."""
    folder = tmp_path_factory.mktemp("here")
    if request.param:
        (folder / "function.yaml").write_text("name: fn\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


@pytest.mark.parametrize("name", sorted(PLAIN))
@given(data=st.data())
def test_what_is_read_plainly_is_what_argparse_reads(here: None, name: str, data: st.DataObject) -> None:
    words = st.one_of(st.sampled_from(NAMES), st.sampled_from(options(name)), st.sampled_from(ODD))
    line = data.draw(st.lists(words, max_size=5))
    plain = plainly(name, line)
    assert plain is None or vars(plain) | {"command": name} == by_argparse(name, line), line


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("line", [["a"], ["--json", "a"], ["a", "--json"], ["--no-colour", "--ascii", "--json", "a"]])
def test_usual_lines_are_plain(name: str, line: list[str]) -> None:
    assert plainly(name, line) is not None


@pytest.mark.parametrize("line", [["--js", "a"], ["a", "--json", "b"], ["--", "a"], ["--settings", "s", "a"], ["-h"]])
def test_others_are_not(line: list[str]) -> None:
    assert plainly("inspect", line) is None


def test_what_declares_more_than_a_plain_line_can_hold_is_argparses() -> None:
    assert plainly("build", ["a"]) is None


def loaded(*words: str) -> set[str]:
    """What is in memory after a command, beside what Python starts with."""
    program = (
        "import sys\nfrom tui.cli import main\nbefore = {*sys.modules}\nmain(sys.argv[1:])\n"
        "print(*{*sys.modules} - before, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_an_inspection_loads_nothing_that_it_can_do_without(tmp_path: Path) -> None:
    """Each of these takes as long to load as the inspection of a small module."""
    module = tmp_path / "m.wasm"
    module.write_bytes(b"\0asm\1\0\0\0")
    heavy = {
        "argparse",
        "gettext",
        "typing",
        "re",
        "enum",
        "collections",
        "functools",
        "dataclasses",
        "pathlib",
        "importlib",
    }
    assert loaded("inspect", str(module)).isdisjoint(heavy)


@pytest.mark.parametrize(
    ("name", "heavy"), [("list", "argparse"), ("plan", "argparse dataclasses"), ("config", "argparse dataclasses")]
)
def test_other_short_commands_do_without_the_heaviest(name: str, heavy: str, tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: fn\n")
    (tmp_path / "function.go").write_text("package main\n\nfunc main() {}\n")
    assert loaded(name, str(tmp_path)).isdisjoint(heavy.split())

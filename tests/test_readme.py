"""What the README says can be done can be done."""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.make_readme import README, with_tables
from tui.cli import COMMANDS, main
from tui.cli.parser import command_parser, root_parser
from tui.demo.copy import copy_workspace

TEXT = README.read_text()
ROOT = README.parent


def commands() -> list[str]:
    """Each `fn-tui ...` that the README names, in code or in a console block."""
    inline = re.findall(r"`(fn-tui [^`]+)`", TEXT)
    blocks = re.findall(r"^\$ (fn-tui [^|\n]+)", TEXT, re.MULTILINE)
    return sorted({*inline, *(block.strip() for block in blocks)})


def known_options(name: str) -> set[str]:
    module = import_module(f"tui.cli.commands.{COMMANDS[name][0]}")
    return {option for action in command_parser(name, module)._actions for option in action.option_strings}


@pytest.mark.parametrize("command", commands())
def test_each_command_is_there_with_its_options(command: str) -> None:
    words = shlex.split(command)[1:]
    named = words[0] in COMMANDS
    options = known_options(words[0]) if named else {o for a in root_parser()._actions for o in a.option_strings}
    assert named or words[0].startswith(("[", "-"))
    assert {word for word in words if word.startswith("--")} <= options


def test_each_subcommand_is_told_of() -> None:
    assert {name for name in COMMANDS if not re.search(rf"`fn-tui {name}\b", TEXT)} == set()


def test_options_beside_a_command_exist() -> None:
    for line in TEXT.splitlines():
        row = re.match(r"\| `fn-tui ([\w-]+)[^|]*\|(.*)\|", line)
        if row and row[1] in COMMANDS:
            assert set(re.findall(r"--[\w-]+", row[2])) <= known_options(row[1]), line


def test_the_tables_are_those_of_the_code() -> None:
    assert with_tables(TEXT) == TEXT, "run: python -m tests.make_readme"


def test_pictures_and_links_are_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / target).is_file(), target


def test_the_two_commands_are_lines_of_their_own() -> None:
    lines = re.findall(r"^python3 -m venv .*$", TEXT, re.MULTILINE)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert [re.findall(r"\[(\w+)\]", line) for line in lines] == [["go"], ["dev"]]
    assert {"go", "dev"} <= set(extras)
    assert lines[0].endswith(".venv/bin/fn-tui demo")
    assert "pytest" in lines[1]


def test_the_version_has_its_entry_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## {version}\n" in (ROOT / "CHANGELOG.md").read_text()
    assert f'__version__ = "{version}"' in (ROOT / "tui/__init__.py").read_text()


def examples() -> list[tuple[str, str]]:
    """Each command of the README's console block, with what it is said to print."""
    (block,) = re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
    return re.findall(r"^\$ fn-tui (.*)\n((?:(?!\$ ).*\n)+)", block, re.MULTILINE)


@pytest.mark.parametrize(("command", "printed"), examples())
def test_examples_print_what_they_are_said_to_print(
    command: str,
    printed: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    workspace = tmp_path / "functions"
    copy_workspace(workspace)
    monkeypatch.chdir(workspace)
    main(shlex.split(command))
    assert capsys.readouterr().out.replace(str(tmp_path), "/home/ada") == printed


def test_code_blocks_hold_no_path_of_anybody(tmp_path: Path) -> None:
    assert not re.search(r"/root/|/work/|/tmp/", TEXT)

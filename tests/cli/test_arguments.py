"""Plain arguments: what is read without argparse is what argparse reads."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli import COMMANDS, command_parser, main
from tui.cli.arguments import PlainArguments


def module(name: str) -> Any:
    return import_module(f"tui.cli.commands.{COMMANDS[name][0]}")


def plain_arguments(name: str) -> PlainArguments:
    plain: Any = PlainArguments(name)
    module(name).add_arguments(plain)
    declared: PlainArguments = plain
    return declared


def words_of(name: str) -> list[str]:
    """The options of a subcommand, whole and spoilt, and words that may be their values or operands."""
    options = [option for action in command_parser(name, module(name))._actions for option in action.option_strings]
    odd = ["--", "-", "", "-1", "a b", "--js", "--json=1", "--compiler=go", "--no-such-option"]
    return [*options, *odd, "tinygo", "go", "text", "3", "DIR", "../x.wasm"]


@pytest.mark.parametrize("name", COMMANDS)
@given(sample=st.data())
def test_what_is_read_is_what_argparse_reads(name: str, sample: st.DataObject) -> None:
    words = sample.draw(st.lists(st.sampled_from(words_of(name)), max_size=5))
    found = plain_arguments(name).parse(words)
    if found is not None:
        assert vars(found) == vars(command_parser(name, module(name)).parse_args(words))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list", []),
        ("list", ["workspace", "--json"]),
        ("plan", ["--compiler", "go", "a", "b"]),
        ("config", ["a", "--json", "--form"]),
        ("inspect", ["--json", "a.wasm", "b.wasm"]),
        ("check", ["--strict"]),
        ("diff", ["a.wasm", "b.wasm", "--json"]),
    ],
)
def test_everyday_arguments_need_no_argparse(name: str, words: list[str]) -> None:
    assert plain_arguments(name).parse(words) is not None


@pytest.mark.parametrize("words", [["--help"], ["--compiler"], ["--compiler", "rust", "a"], ["a", "--json", "b"], []])
def test_what_is_not_plain_is_left_to_argparse(words: list[str]) -> None:
    assert plain_arguments("plan").parse(words) is None


def test_defaults_can_be_set_as_on_a_parser() -> None:
    plain = plain_arguments("plan")
    plain.set_defaults(compiler="go")
    assert vars(plain.parse(["a"]) or argparse.Namespace())["compiler"] == "go"
    assert vars(plain.parse(["a", "--compiler", "tinygo"]) or argparse.Namespace())["compiler"] == "tinygo"
    assert plain.get_default("command") == "plan"


def test_options_of_one_name_are_left_to_argparse() -> None:
    plain = PlainArguments("x")
    plain.add_argument("--format", default="text")
    plain.add_argument("--json", action="store_const", const="json", dest="format")
    assert plain.parse([]) is None


@pytest.mark.parametrize("command", ["plan", "config", "inspect", "build"])
def test_without_a_directory_the_function_here_is_meant(
    command: str,
    function_directory: Callable[..., Path],
    echo_command: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    directory = function_directory("fn", wasm=echo_command)
    monkeypatch.chdir(directory)
    words = [command, "--json", *(["--compiler", "go"] if command == "build" else [])]
    assert main(words) == 0
    assert capfd.readouterr().out
    monkeypatch.chdir(directory.parent)
    try:
        code = main(words)
    except SystemExit as stop:
        code = int(str(stop.code))
    assert code == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err

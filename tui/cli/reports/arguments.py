"""What the command line takes, as data: for completions and for the manual page."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from tui.cli import COMMANDS
from tui.cli.parser import command_parser, root_parser

Kind = Literal["none", "words", "file", "folder", "text"]
_ROOT = (
    "the screen; without a terminal, what `list` prints; `--plain`, for screen readers: the list, then a line an "
    "event, as `watch`"
)


@dataclass(frozen=True, slots=True)
class Argument:
    """An option, or what stands without one."""

    flags: tuple[str, ...]  # as typed; none for what stands without
    kind: Kind  # what its value is; "none": it takes none
    words: tuple[str, ...]  # those that it takes, where only some are taken
    metavar: str
    help: str
    repeats: bool  # it may be given more than once
    required: bool = False  # where it stands without a flag, and must be there


@dataclass(frozen=True, slots=True)
class Form:
    """A command, or the program itself (whose name is "")."""

    name: str
    summary: str
    arguments: tuple[Argument, ...]
    epilog: str
    told: str  # what the README says of it, in Markdown

    @property
    def options(self) -> tuple[Argument, ...]:
        """Those with a flag."""
        return tuple(each for each in self.arguments if each.flags)

    @property
    def operands(self) -> tuple[Argument, ...]:
        """Those without."""
        return tuple(each for each in self.arguments if not each.flags)


def command_reference() -> str:
    """The README's table of commands, without a trailing newline."""
    rows = (f"| `{_usage(form)}` | {form.told} |" for form in (root_form(), *forms()))
    return "\n".join(("| command | |", "|---|---|", *rows))


def _usage(form: Form) -> str:
    words = [f"{each.metavar}{' ...' * each.repeats}" for each in form.operands]
    shown = [word if each.required else f"[{word}]" for word, each in zip(words, form.operands, strict=True)]
    return " ".join(("fn-tui", *[form.name] * bool(form.name), *shown)).replace("|", "\\|")


def root_form() -> Form:
    """What `fn-tui` itself takes."""
    parser = root_parser()
    return Form("", parser.description or "", _arguments(parser.declared()), "", _ROOT)


def forms() -> tuple[Form, ...]:
    """What each subcommand takes, in the order of the table."""
    return tuple(_form(name) for name in COMMANDS)


def _form(name: str) -> Form:
    module, summary, told = COMMANDS[name]
    parser = command_parser(name, import_module(f"tui.cli.commands.{module}"))
    return Form(name, summary, _arguments(parser.declared()), parser.epilog or "", told)


def _arguments(actions: Sequence[argparse.Action]) -> tuple[Argument, ...]:
    return tuple(_argument(action) for action in actions if action.help != argparse.SUPPRESS)


def _argument(action: argparse.Action) -> Argument:
    metavar = action.metavar if isinstance(action.metavar, str) else "|".join(map(str, action.choices or ()))
    words = tuple(map(str, action.choices or ()))
    text = (action.help or "").replace("%%", "%")
    repeats = action.nargs in ("*", "+") or type(action).__name__ == "_AppendAction"
    required = not action.option_strings and action.nargs is None
    return Argument(tuple(action.option_strings), _kind(action, metavar), words, metavar, text, repeats, required)


def _kind(action: argparse.Action, metavar: str) -> Kind:
    if action.nargs == 0:
        return "none"
    if action.choices:
        return "words"
    if "FILE" in metavar:
        return "file"
    return "folder" if "DIR" in metavar or "WORKSPACE" in metavar else "text"

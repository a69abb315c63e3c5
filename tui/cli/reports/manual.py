"""The manual page fn-tui(1), made from what the command line takes; the wheel carries it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tui.cli.reports.arguments import Argument, Form, forms, root_form

PAGE: Final = Path(__file__).parents[1] / "fn-tui.1"
_FILES: Final = (
    ("$XDG_CONFIG_HOME/fn-tui/settings.toml", "settings; fn-tui init-settings writes one to start from"),
    (".fn-tui.toml", "settings of a workspace, in force once a person has agreed to them"),
    ("calls.yaml", "calls of a function with what is expected of them, for fn-tui test"),
    ("$XDG_STATE_HOME/fn-tui", "what was built and run, and the local stores of functions that ran here"),
    ("$XDG_CACHE_HOME/fn-tui", "what can be read or compiled again at any time"),
)
_CODES: Final = (
    ("0", "good"),
    ("1", "something failed or is invalid"),
    ("2", "usage or unreadable input"),
    ("3", "not built (run, test)"),
    ("4", "there is no engine (run, test)"),
    ("70", "a fault of fn-tui's own, with a report"),
    ("128 + n", "ended by signal n"),
)


def manual() -> str:
    """The page in the macros of man(7)."""
    return "\n".join(_page(root_form(), forms())) + "\n"


def _page(root: Form, commands: Sequence[Form]) -> Iterator[str]:
    yield from ('.TH FN\\-TUI 1 "" "fn\\-tui" "User Commands"', ".SH NAME")
    yield "fn\\-tui \\- a terminal workbench for serverless functions built to WebAssembly"
    yield from (".SH SYNOPSIS", _synopsis(root), ".br", ".B fn\\-tui", ".I COMMAND", "[options] ...")
    yield from (".SH DESCRIPTION", _escaped(root.summary))
    yield "Without a command it opens the folder WORKSPACE on screen; where there is no terminal it prints the list."
    yield ".SH OPTIONS"
    yield from _arguments(root)
    yield ".SH COMMANDS"
    for command in commands:
        yield from (f".SS {_escaped(command.name)}", _escaped(command.summary[:1].upper() + command.summary[1:]) + ".")
        yield from (".PP", _synopsis(command))
        yield from _arguments(command)
        if command.epilog:
            yield ".PP"
            for line in command.epilog.splitlines():
                yield from (_escaped(line), ".br")
    yield from _table("EXIT STATUS", _CODES)
    yield from _table("FILES", _FILES)


def _synopsis(form: Form) -> str:
    name = f"fn-tui {form.name}".rstrip()
    words = [f"\\fB{_escaped(name)}\\fR", "[options]"]
    return " ".join((*words, *map(_operand, form.operands)))


def _operand(each: Argument) -> str:
    word = f"\\fI{_escaped(each.metavar)}\\fR"
    return f"{word if each.required else f'[{word}]'}{' ...' if each.repeats else ''}"


def _arguments(form: Form) -> Iterator[str]:
    for each in (*form.operands, *form.options):
        yield from (".TP", _term(each), _escaped(each.help) or "\\&")


def _term(argument: Argument) -> str:
    value = f"\\fI{_escaped('|'.join(argument.words) or argument.metavar)}\\fR" if argument.kind != "none" else ""
    flags = ", ".join(f"\\fB{_escaped(flag)}\\fR" for flag in argument.flags)
    return f"{flags} {value}".strip()


def _table(heading: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f".SH {heading}"
    for term, words in rows:
        yield from (".TP", f"\\fB{_escaped(term)}\\fR", _escaped(words))


def _escaped(text: str) -> str:
    """Text in which troff finds no command of its own."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped

"""The parsers of command lines: argparse, whose complaints are made harmless like everything else that is printed."""

from __future__ import annotations

import os
from argparse import Action, ArgumentParser, HelpFormatter, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from tui.cli import COMMANDS, VERSION_WORDS
from tui.cli.options import add_common, add_compiler, add_contract, add_trust, declare
from tui.text import printable

if TYPE_CHECKING:
    from tui.cli import Command


class Parser(ArgumentParser):
    """An ArgumentParser that escapes what it repeats of the arguments, and tells what it takes."""

    def error(self, message: str) -> NoReturn:
        """Print usage and message on stderr, and end with exit code 2."""
        super().error(printable(message))

    def knows(self, option: str) -> bool:
        """Whether an option, as typed (`--jobs`, `--jobs=2`), is one of this parser's."""
        return any(option.partition("=")[0] in action.option_strings for action in self.declared())

    def declared(self) -> Sequence[Action]:
        """The arguments in the order in which they were declared. argparse has no public word for them."""
        return tuple(self._actions)


def command_parser(name: str, command: Command) -> Parser:
    """The parser of one subcommand."""
    parser = Parser(
        prog=f"fn-tui {name}",
        description=COMMANDS[name][1].capitalize() + ".",
        formatter_class=lambda prog: HelpFormatter(prog, width=_help_width()),
    )
    parser.set_defaults(command=name)
    declare(name, command.add_arguments, parser)
    return parser


def root_parser() -> Parser:
    """The parser of `fn-tui [options] [WORKSPACE]`: opens the screen."""
    width = max(map(len, COMMANDS)) + 2
    listing = "\n".join(f"  {name:<{width}}{summary}" for name, (_, summary, _) in COMMANDS.items())
    parser = Parser(
        prog="fn-tui",
        description="A terminal workbench for serverless functions built to WebAssembly.",
        epilog=f"subcommands (fn-tui COMMAND --help tells more):\n{listing}\n\n"
        "exit codes: 0 good, 1 something failed or is invalid, 2 usage or unreadable input, 130 interrupted",
        formatter_class=lambda prog: RawDescriptionHelpFormatter(prog, width=_help_width()),
    )
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to open (default: .)")
    add_compiler(parser)
    add_contract(parser)
    parser.add_argument("--theme", metavar="NAME", help="colour theme")
    parser.add_argument("--jobs", type=int, metavar="N", help="builds at once")
    parser.add_argument("--watch", action="store_true", help="rebuild on save from the start")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    plain = "no screen: print the list, then a line for each event, as fn-tui watch does"
    parser.add_argument("--plain", action="store_true", help=plain)
    add_trust(parser)
    add_common(parser)
    parser.add_argument("-V", "--version", action="version", version=VERSION_WORDS)
    return parser


def _help_width() -> int:
    """The columns of a help text: argparse's rule, without the shutil that it loads for it."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns) - 2
    try:
        return (os.get_terminal_size(1).columns or 80) - 2
    except OSError:  # no terminal
        return 78

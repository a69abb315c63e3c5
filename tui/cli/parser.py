"""The parser of the command line: argparse, whose complaints are made harmless like everything else that is printed."""

from __future__ import annotations

from argparse import Action, ArgumentParser
from collections.abc import Sequence
from typing import NoReturn

from tui.text import printable


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

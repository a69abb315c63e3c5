"""The parser of the command line: argparse, whose complaints are made harmless like everything else that is printed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import NoReturn

from tui.text import printable


class Parser(ArgumentParser):
    """An ArgumentParser that escapes what it repeats of the arguments."""

    def error(self, message: str) -> NoReturn:
        """Print usage and message on stderr, and end with exit code 2."""
        super().error(printable(message))

"""`fn-tui diff A B`: what differs between two modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli import EXIT_FAILED, EXIT_OK
from tui.cli.commands.inspect import module_path, unreadable
from tui.cli.output import emit, say
from tui.cli.reports.sizes_json import diff_record
from tui.wasm.decode.read import read_bytes
from tui.wasm.diff import diff_modules
from tui.wasm.difference_text import diff_lines

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare A, B and --json."""
    parser.add_argument("old", metavar="A", help="a .wasm file, or a directory with function.wasm")
    parser.add_argument("new", metavar="B", help="what it is compared with")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(args: argparse.Namespace) -> int:
    """Show the differences; 1 where one of the two is malformed, 2 where one cannot be read."""
    paths = module_path(args.old), module_path(args.new)
    sources = []
    for path in paths:
        try:
            sources.append(read_bytes(path))
        except OSError as error:
            return unreadable(path, error, args.json)
    found = diff_modules(sources[0], sources[1])
    if args.json:
        emit(diff_record(*paths, found))
    else:
        say(*diff_lines(*paths, found))
    return EXIT_FAILED if found.old_errors or found.new_errors else EXIT_OK

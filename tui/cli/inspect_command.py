"""`fn-tui inspect FILE|DIR...`: what is in a .wasm file."""

from __future__ import annotations

import os

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.output import complain, emit
from tui.wasm.json import module_record
from tui.wasm.read import read_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare FILE|DIR, --json, --sizes and --validate."""
    parser.add_argument("paths", nargs="+", metavar="FILE|DIR", help="a .wasm file, or a directory with function.wasm")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def module_path(given: str) -> str:
    """The .wasm file that an argument means: itself, or function.wasm in a directory."""
    return os.path.join(given, "function.wasm") if os.path.isdir(given) else given  # noqa: PTH112, PTH118


def unreadable(given: str, error: OSError, as_json: bool) -> int:
    """Say that a file cannot be read; gives the exit code."""
    reason = error.strerror or str(error)
    if as_json:
        emit({"file": given, "error": reason})
    complain(f"{given}: {reason}")
    return EXIT_USAGE


def _inspect(given: str, args: argparse.Namespace) -> int:
    path = module_path(given)
    try:
        module = read_module(path)  # type: ignore[arg-type]
    except OSError as error:
        return unreadable(path, error, args.json)
    if args.json:
        emit(module_record(path, module))
    return EXIT_FAILED if module.errors else EXIT_OK


def run(args: argparse.Namespace) -> int:
    """Show each module; 1 where one is malformed, 2 where one cannot be read."""
    return max(_inspect(given, args) for given in args.paths)

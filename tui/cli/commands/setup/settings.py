"""`fn-tui config-path` and `fn-tui init-settings`: where the settings lie, and a commented file to start from."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import EXIT_FAILED, EXIT_OK
from tui.cli.output import complain, emit, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of both subcommands."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    if parser.get_default("command") == "init-settings":
        parser.add_argument("--print", action="store_true", help="print the file and write nothing")


def run(args: argparse.Namespace) -> int:
    """Print the path, or write the file there."""
    from tui.settings.settings import settings_path

    path = Path(args.settings).absolute() if args.settings else settings_path()
    return _print_path(path, args) if args.command == "config-path" else _write_file(path, args)


def _print_path(path: Path, args: argparse.Namespace) -> int:
    if args.json:
        emit({"path": str(path), "exists": path.exists()})
    else:
        say(str(path))
    return EXIT_OK


def _write_file(path: Path, args: argparse.Namespace) -> int:
    """Write the commented default, never over a file."""
    from tui.settings.default_file import default_text, write_default

    if args.print:
        say(*default_text().removesuffix("\n").split("\n"))
        return EXIT_OK
    try:
        write_default(path)
    except FileExistsError:
        complain(f"{path} is there already, and was left as it is (--print shows the defaults)")
        return EXIT_FAILED
    except OSError as error:
        complain(f"{path} cannot be written: {error.strerror or error}")
        return EXIT_FAILED
    if args.json:
        emit({"path": str(path), "written": True})
    else:
        say(f"Wrote {path}: each setting is there, commented out, with its default")
    return EXIT_OK

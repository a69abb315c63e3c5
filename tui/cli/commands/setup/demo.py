"""`fn-tui demo [DIR]`: a copy of the sample workspace, opened with whichever compiler is there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.folders import place
from tui.cli.options import add_compiler
from tui.cli.output import complain, emit, say
from tui.cli.parser import root_parser


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `[DIR] [--no-open] [--json] [--compiler]`."""
    parser.add_argument("dir", nargs="?", metavar="DIR", help="a new or empty folder (default: a new temporary one)")
    add_compiler(parser, "default: tinygo if it is there, else stock Go")
    parser.add_argument("--no-open", action="store_true", help="copy only")
    parser.add_argument("--json", action="store_true", help="copy only, and print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Copy, name the folder, and open it."""
    from tui.cli.layers import personal_programs
    from tui.demo.copy import DemoError, copy_workspace

    try:
        target = Path(os.path.abspath(args.dir)) if args.dir else _temporary()  # noqa: PTH100 - resolves no links
        made = copy_workspace(target)
    except DemoError as error:
        complain(str(error))
        return EXIT_USAGE
    except OSError as error:
        complain(f"the sample workspace cannot be copied: {error.filename or args.dir}: {error.strerror or error}")
        return EXIT_FAILED
    if args.json:
        emit({**place(args.dir or str(target)), "files": [path.relative_to(target).as_posix() for path in made]})
        return EXIT_OK
    personal_programs(args.settings)
    say(f"Sample workspace: {target}")
    return EXIT_OK if args.no_open else _open(target, args)


def present_compiler() -> str:
    """The compiler that the demo builds with: the first that is found; where none is, the one that is easily had."""
    from tui.building.compilers import every

    return next((compiler.name for compiler in every() if compiler.find() is not None), every()[-1].name)


def _open(workspace: Path, args: argparse.Namespace) -> int:
    """The screen (or the list, without a terminal) as `fn-tui WORKSPACE` shows it."""
    from tui.cli import early
    from tui.cli.commands import screen as screen_command

    options = ["--compiler", args.compiler or present_compiler()]
    options += ["--settings", args.settings] if args.settings else []
    options += ["--ascii"] if args.ascii else []
    if not args.settings:
        early.begin([*options, str(workspace)], parsed=True)
    try:
        exit_code = screen_command.run(root_parser().parse_args([*options, "--", str(workspace)]))
    finally:
        early.end()
    say(f"The sample workspace stays in {workspace}")
    return exit_code


def _temporary() -> Path:
    from tempfile import mkdtemp

    return Path(mkdtemp(prefix="fn-tui-demo-"))

"""`fn-tui new NAME`: a function directory that builds as it is."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import EXIT_OK, EXIT_USAGE
from tui.cli.output import complain, emit, say

_NEXT_STEP = {
    "command": "main reads the request from stdin and writes the answer to stdout",
    "persistent": "one instance a WebSocket connection: ws_open, ws_frame, ws_close",
    "reactor": "instances are made ahead of time: handle answers one call",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `NAME [WORKSPACE] [--in DIR] [--kind KIND] [--json]`."""
    parser.add_argument("name", metavar="NAME", help="letters, digits, hyphens, underscores; starts with a letter")
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to create it in (.)")
    parser.add_argument("--in", dest="workspace", default=argparse.SUPPRESS, metavar="DIR", help="the same")
    parser.add_argument("--kind", choices=tuple(_NEXT_STEP), default="command", help="default: command")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Create it, and say what was made."""
    from tui.workspace.scaffold import ScaffoldError, create_function

    try:
        made = create_function(Path(args.workspace).absolute(), args.name, args.kind)
    except ScaffoldError as error:
        complain(str(error))
        return EXIT_USAGE
    directory = made[0].parent
    if args.json:
        emit({"dir": str(directory), "kind": args.kind, "files": [path.name for path in made]})
        return EXIT_OK
    say(f"Created {directory}: {', '.join(path.name for path in made)}", f"  {_NEXT_STEP[args.kind]}")
    return EXIT_OK

"""`fn-tui new NAME`: a function directory that builds as it is."""

from __future__ import annotations

import argparse
from pathlib import Path

from tui.cli import EXIT_OK, EXIT_USAGE
from tui.cli.folders import below, place
from tui.cli.output import complain, emit, say
from tui.text import printable

_NEXT_STEP = {
    "command": "main reads the request from stdin and writes the answer to stdout",
    "persistent": "one instance a WebSocket connection: ws_open, ws_frame, ws_close",
    "reactor": "instances are made ahead of time: handle answers one call",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `NAME [WORKSPACE] [--in DIR] [--kind KIND] [--module shared|own] [--json]`."""
    name = (
        "letters, digits, hyphens, underscores; starts with a letter; folders before it as in services/billing/charge"
    )
    parser.add_argument("name", metavar="NAME", help=name)
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to create it in (.)")
    parser.add_argument("--in", dest="workspace", default=argparse.SUPPRESS, metavar="DIR", help="the same")
    parser.add_argument("--kind", choices=tuple(_NEXT_STEP), default="command", help="default: command")
    module = (
        "below a go.mod: a package of that module, or one with a go.mod of its own (default: shared where there is one)"
    )
    parser.add_argument("--module", choices=("shared", "own"), help=module)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Create it, and say what was made."""
    from tui.workspace.scaffold import ScaffoldError, create_function, module_above

    try:
        made = create_function(Path(args.workspace).absolute(), args.name, args.kind, args.module)
    except ScaffoldError as error:
        complain(str(error))
        return EXIT_USAGE
    directory = made[0].parent
    files = [path.name for path in made]
    above = module_above(directory) if "go.mod" not in files else None
    if args.json:
        emit(
            {
                **place(below(args.workspace, args.name)),
                "kind": args.kind,
                "files": files,
                "module": above.name if above else None,
            }
        )
        return EXIT_OK
    say(f"Created {directory}: {', '.join(files)}", f"  {_NEXT_STEP[args.kind]}")
    if above is not None:
        own = f"fn-tui new {args.name} --module own"
        say(
            printable(
                f"  a package of {above.name or above.go_mod}: what lies there can be imported ({own}: its own go.mod)"
            )
        )
    return EXIT_OK

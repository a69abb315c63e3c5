"""`fn-tui serve [WORKSPACE]`: the screen in a browser, for this machine only unless that is asked for twice."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.addresses import is_loopback, listen
from tui.cli import EXIT_FAILED, EXIT_USAGE
from tui.cli.folders import folder_fault
from tui.cli.layers import workspace_layer
from tui.cli.options import add_compiler, add_contract, add_trust
from tui.cli.output import complain

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROOT = Path(__file__).parents[4]
# The screen of a browser runs in a process of its own, which must find this very fn-tui, whatever folder it is in.
_CHILD = (
    "import sys; sys.path.insert(0, {root!r}); from tui.cli.commands.serve.screen import main; sys.exit(main({server}))"
)
_SESSIONS = 8
_MOST_SESSIONS = 256


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `serve`."""
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to open (default: .)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000; 0 takes any that is free")
    parser.add_argument(
        "--expose", action="store_true", help="yes, let other machines in: with a --host that they reach"
    )
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name they reach it by")
    parser.add_argument(
        "--sessions", type=int, default=_SESSIONS, metavar="N", help=f"screens open at once (default: {_SESSIONS})"
    )
    add_compiler(parser)
    add_contract(parser)
    add_trust(parser)
    parser.add_argument("--json", action="store_true", help="print the address as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    workspace = Path(args.workspace).absolute()
    fault = folder_fault(args.workspace)
    if fault is not None:
        complain(fault)
        return EXIT_USAGE
    refusal = _refusal(args)
    if refusal is not None:
        complain(refusal)
        return EXIT_USAGE
    try:
        from tui.cli.commands.serve.door import Door
        from tui.cli.commands.serve.server import ServeOptions, serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("tui"):
            raise
        complain("the browser needs an extra: pip install 'fn-tui[serve]'")
        return EXIT_USAGE
    if args.trust:
        workspace_layer(workspace, trust=True)
    try:
        listener = listen(args.host, args.port)
    except OSError as error:
        complain(f"cannot listen on {args.host} port {args.port}: {error}")
        return EXIT_FAILED
    names = frozenset(name.lower() for name in (args.host, *args.allow_host))
    door = Door(names, any_address=args.expose)
    options = ServeOptions(child_command(args, workspace), workspace.name, door, args.sessions)
    return serve(listener, options, as_json=args.json)


def child_command(args: argparse.Namespace, workspace: Path) -> list[str]:
    """The command that shows the workspace to one browser."""
    flags: Iterable[str] = [
        *(["--compiler", args.compiler] if args.compiler else []),
        *(["--settings", str(Path(args.settings).absolute())] if args.settings else []),
        *(["--contract", str(Path(args.contract).absolute())] if args.contract else []),
        *(["--ascii"] if args.ascii else []),
    ]
    return [
        sys.executable,
        "-P",
        "-c",
        _CHILD.format(root=str(_ROOT), server=os.getpid()),
        *flags,
        "--",
        str(workspace),
    ]


def _refusal(args: argparse.Namespace) -> str | None:
    """Why it will not listen there. Other machines are let in only by somebody who says so twice."""
    if not 0 <= args.port <= 65535:
        return f"--port takes 0 to 65535, not {args.port}"
    if not 1 <= args.sessions <= _MOST_SESSIONS:
        return f"--sessions takes 1 to {_MOST_SESSIONS}, not {args.sessions}"
    local = is_loopback(args.host)
    if not local and not args.expose:
        return (
            f"{args.host} can be reached from other machines, and whoever reads the address on its way (it is not "
            "encrypted) can build and write in the workspace as you: add --expose if that is what you want"
        )
    if local and args.expose:
        return f"--expose is for a --host that other machines reach, such as 0.0.0.0; {args.host} is this machine only"
    return None

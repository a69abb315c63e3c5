"""`fn-tui dev [WORKSPACE]`: a gateway on this machine that builds on save."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tui.addresses import is_loopback, listen
from tui.cli import EXIT_USAGE
from tui.cli.clusters import add_cluster, cluster_of
from tui.cli.commands.dev.place import TOKEN_VARIABLE, Place
from tui.cli.folders import folder_fault
from tui.cli.options import add_compiler, add_jobs
from tui.cli.output import complain

if TYPE_CHECKING:
    import argparse
    import socket

EXIT_NO_EXTRA: Final = 4
EXTRA: Final = "the local gateway needs an extra: pip install 'fn-tui[gateway]' adds it (wasmtime, aiohttp)"
LISTEN: Final = "127.0.0.1:8787"
_MOST_SOCKETS: Final = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `dev`."""
    parser.add_argument("workspace", nargs="?", default=".", metavar="WORKSPACE", help="folder to serve (default: .)")
    parser.add_argument(
        "--listen", default=LISTEN, metavar="HOST:PORT", help=f"default: {LISTEN}; port 0: any free one"
    )
    parser.add_argument("--expose", action="store_true", help="yes, let other machines in: with a --listen they reach")
    parser.add_argument("--allow-host", action="append", default=[], metavar="NAME", help="a name they reach it by")
    parser.add_argument(
        "--allow-origin", action="append", default=[], metavar="ORIGIN", help="pages that may call (CORS)"
    )
    parser.add_argument("--token", action="store_true", help=f"ask for a token on loopback, too (${TOKEN_VARIABLE})")
    add_compiler(parser)
    add_jobs(parser)
    add_cluster(parser)
    parser.add_argument("--no-build", action="store_true", help="build nothing: serve each function.wasm as it is")
    parser.add_argument(
        "--cron", action="append", default=[], metavar="NAME=SCHEDULE", help="run a function on schedule"
    )
    parser.add_argument(
        "--subscribe", action="append", default=[], metavar="NAME=PATTERN", help="run a function on messages on topics"
    )
    parser.add_argument("--state", metavar="DIR", help="the local store (default: the workspace's, under XDG state)")
    parser.add_argument("--fresh", action="store_true", help="begin with an empty store, and keep nothing")
    parser.add_argument("--seed", metavar="FILE.sql", help="SQL to run on the store first")
    parser.add_argument("--secrets", metavar="FILE", help="KEY=VALUE lines (default: secrets.env beside the settings)")
    parser.add_argument("--http", metavar="FILE", help="answer fetches from this recording")
    parser.add_argument("--sockets", type=int, default=500, metavar="N", help="sockets open at once (default: 500)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: the address, then what happens")
    parser.set_defaults(record=None)
    parser.epilog = (
        "exit codes: 130 or 143 ended by INT or TERM, 2 usage or a busy port, 4 the extra `gateway` is missing"
    )


class UsageError(Exception):
    """Nothing is served. The text says why."""


def run(args: argparse.Namespace) -> int:
    """Serve until a signal ends it."""
    fault = folder_fault(args.workspace)
    if fault is not None:
        complain(fault)
        return EXIT_USAGE
    if find_spec("aiohttp") is None or find_spec("wasmtime") is None:
        complain(EXTRA)
        return EXIT_NO_EXTRA
    cluster = cluster_of(args) if not args.no_build else None
    if isinstance(cluster, str):
        complain(cluster)
        return EXIT_USAGE
    try:
        place = _place(args)
        triggers = [_pairs("--cron", args.cron), _pairs("--subscribe", args.subscribe)]
        origins = frozenset(_origin(text) for text in args.allow_origin)
        listener = _listener(place)
    except UsageError as error:
        complain(str(error))
        return EXIT_USAGE
    from tui.cli.commands.dev.serving import serve

    return serve(args, listener, place, triggers, origins, cluster=cluster)


def _place(args: argparse.Namespace) -> Place:
    """Where to listen. Other machines are let in only by somebody who says so twice. Raises UsageError."""
    host, _, port = args.listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdecimal()) or int(port) > 65535:
        raise UsageError(f"--listen takes HOST:PORT, such as {LISTEN}, not {args.listen!r}")
    if not 1 <= args.sockets <= _MOST_SOCKETS:
        raise UsageError(f"--sockets takes 1 to {_MOST_SOCKETS}, not {args.sockets}")
    local = is_loopback(host)
    if not local and not args.expose:
        raise UsageError(
            f"{host} can be reached from other machines, and nothing is encrypted on the way: add --expose if that is "
            "what you want; then a token is asked for"
        )
    if local and args.expose:
        raise UsageError(f"--expose is for a --listen that other machines reach; {host} is this machine only")
    return Place(host, int(port), local)


def _listener(place: Place) -> socket.socket:
    """The listening socket. Raises UsageError."""
    try:
        return listen(place.host, place.port)
    except OSError as error:
        words = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        raise UsageError(
            f"cannot listen on {place.host} port {place.port}: {words.lower()} (--listen names another)"
        ) from error


def _pairs(option: str, given: list[str]) -> tuple[tuple[str, str], ...]:
    """NAME=VALUE, each. Raises UsageError."""
    pairs = [tuple(part.strip() for part in text.partition("=")[::2]) for text in given]
    for text, (name, value) in zip(given, pairs, strict=True):
        if not name or not value:
            raise UsageError(f"{option} takes the name of a function, = and what starts it, not {text!r}")
    return tuple((name, value) for name, value in pairs)


def _origin(text: str) -> str:
    """An origin as browsers send it, in lower case. Raises UsageError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"--allow-origin: {text!r} is no origin") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise UsageError(f"--allow-origin takes an origin such as http://localhost:5173, not {text!r}")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}".lower() + (f":{port}" if port not in (None, usual) else "")

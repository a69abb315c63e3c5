"""`fn-tui doctor`: the compilers and this machine, looked at before the first build."""

from __future__ import annotations

import argparse

from tui.cli import EXIT_FAILED, EXIT_OK
from tui.cli.clusters import add_address, cluster_of
from tui.cli.options import add_compiler
from tui.cli.output import emit, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `fn-tui doctor`."""
    parser.add_argument("--json", action="store_true", help="one JSON object a check")
    add_compiler(parser, "for which the workers of a cluster are to fit: tinygo, or go")
    add_address(parser)
    parser.set_defaults(here=False)


def run(args: argparse.Namespace) -> int:
    """Print the checks; 0 when some compiler can build, else 1."""
    from tui.building.compilers.doctor import Check, examine
    from tui.building.compilers.toolchain import find_toolchain

    def tell(check: Check, *beside: str) -> None:
        if args.json:
            emit(
                {
                    name: getattr(check, name)
                    for name in ("check", "ok", "optional", "found", "version", "message", "advice")
                }
            )
            return
        say(f"{'ok ' if check.ok else '-  ' if check.optional else 'NO '} {check.check:<14} {check.message}")
        for line in beside:
            say(f"{'':<18} {line}")
        if check.found is not None and check.found not in check.message:
            say(f"{'':<18} {check.found}")
        if check.advice is not None:
            say(f"{'':<18} -> {check.advice}")

    toolchain = find_toolchain()
    for check in examine(toolchain):
        tell(check)
    cluster = cluster_of(args)
    if isinstance(cluster, str):
        tell(Check("cluster", ok=False, message=cluster, optional=True))
    elif cluster is not None:
        from tui.cli.commands.cluster import rows

        for fits, lines in rows(cluster, args.compiler):
            message = "; ".join(lines) if args.json else lines[0]
            tell(Check("cluster", ok=fits, message=message, optional=True), *lines[1:])
    return EXIT_OK if toolchain.best is not None else EXIT_FAILED

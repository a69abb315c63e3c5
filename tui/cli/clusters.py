"""`--cluster` and `--here`: which commands that build take, and how they come to a cluster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from tui.cli.output import complain, remark
from tui.text import plural

if TYPE_CHECKING:
    import argparse
    import asyncio
    from collections.abc import Callable

    from tui.building.plan.build_plan import CompilerName
    from tui.building.process.executor import Executor
    from tui.building.process.queue import BuildQueue
    from tui.cluster.client import Cluster

AGREES: Final = "--open-network agrees to that, for this address and from now on"


def add_cluster(parser: argparse.ArgumentParser) -> None:
    """Declare `--cluster`, `--here` and `--open-network`."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--here", action="store_true", help="build on this machine, whatever the settings say")
    add_address(parser, where)


def add_address(parser: argparse.ArgumentParser, where: argparse._MutuallyExclusiveGroup | None = None) -> None:
    """Declare `--cluster` and `--open-network`."""
    cluster = "the address of a Dask scheduler, whose workers build: tcp://HOST:8786"
    (where or parser).add_argument("--cluster", metavar="ADDRESS", help=cluster)
    parser.add_argument(
        "--open-network", action="store_true", help="yes, use that cluster though nothing is encrypted on the way"
    )


def cluster_of(args: argparse.Namespace) -> Cluster | str | None:
    """The cluster that is to build, not reached yet; None: this machine does. Or why it may not be used."""
    address: str = "" if args.here else args.cluster or ""
    if not address:
        return None
    from tui.cluster.consent import address_fault, has_agreed, is_open, what_is_open

    fault = address_fault(address)
    if fault is not None:
        return fault
    if is_open(address) and not has_agreed(address) and not _agreed(args, address):
        return f"{what_is_open(address)}; {AGREES}"
    from tui.cluster.client import Cluster

    return Cluster(address)


def _agreed(args: argparse.Namespace, address: str) -> bool:
    """Ask a person who is there, once; what was agreed to is kept."""
    from tui.cluster.consent import agree, what_is_open

    yes: bool = args.open_network
    if not yes and sys.stdin.isatty() and sys.stderr.isatty():
        complain(what_is_open(address))
        sys.stderr.write("use it all the same, from now on? [y/N] ")
        sys.stderr.flush()
        yes = sys.stdin.readline().strip().lower() in ("y", "yes")
    if yes and (unsaved := agree(address)) is not None:
        complain(f"{unsaved}: it holds for this once")
    return yes


async def executor_there(cluster: Cluster, compiler: CompilerName) -> Executor | None:
    """What builds there, once it is reached; None where it cannot be used: why is said."""
    from tui.cluster.remote import There
    from tui.cluster.terms import ClusterError

    try:
        await cluster.connect()
        await cluster.plan_for(compiler)
    except ClusterError as error:
        await cluster.close()
        complain(str(error))
        return None
    await _report_differences(cluster)
    return There(cluster)


async def reached(
    cluster: Cluster, queue: BuildQueue, most: int, stop: asyncio.Event, lost: Callable[[], None] | None = None
) -> bool:
    """Whether the queue's builds run there from now on; if not, why is said. It is left alone once `stop` is set.

    `lost` is called when it goes away; a cluster that was not reached is closed.
    """
    import asyncio

    from tui.cluster.terms import ClusterError

    going = asyncio.create_task(go_to(cluster, queue, most, lost))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait((going, stopped), return_when=asyncio.FIRST_COMPLETED)
    for task in (going, stopped):
        task.cancel()  # no effect on what has ended
    await asyncio.gather(going, stopped, return_exceptions=True)
    error = going.exception() if not going.cancelled() else None
    if error is None and not going.cancelled():
        return True
    await cluster.close()
    if error is not None:
        if not isinstance(error, ClusterError):
            raise error
        complain(str(error))
    return False


async def go_to(cluster: Cluster, queue: BuildQueue, most: int, lost: Callable[[], None] | None = None) -> None:
    """Reach it, and have the queue's builds run there from now on. Raises ClusterError.

    `most`: builds at once at most; 0: as many as the workers carry, and a few that wait there for the next turn.
    """
    from dataclasses import replace

    from tui.cluster.remote import There

    compiler = queue.options.compiler
    await cluster.connect()
    await cluster.plan_for(compiler)
    await _report_differences(cluster)

    def follow() -> None:
        if cluster.lost is not None:
            queue.drop(cluster.lost)
            if lost is not None:
                lost()
            return
        slots = cluster.slots(compiler)
        queue.set_jobs(most or slots + slots // 4 + 1)

    queue.options = replace(queue.options, executor=There(cluster))
    cluster.changed = follow
    follow()


async def _report_differences(cluster: Cluster) -> None:
    """Say where versions are not those of this machine: it works, and explains what does not."""
    from tui.cluster.versions import differences

    remark(*(f"fn-tui: {line}" for line in differences(await cluster.versions())))


def report_lost(cluster: Cluster, left: int) -> None:
    """The last words on a cluster that went away."""
    if cluster.lost is not None and left:
        complain(f"{cluster.lost}; {plural(left, 'function')} not built: with --here they are built on this machine")

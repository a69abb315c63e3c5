"""`--cluster` and `--here`: which commands that build take, and how they come to a cluster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from tui.cli.output import complain, remark
from tui.text import printable

if TYPE_CHECKING:
    import argparse
    import asyncio
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from tui.building.plan.build_plan import CompilerName
    from tui.building.process.queue import BuildQueue
    from tui.cluster.client import Cluster

HERE: Final = "--here builds on this machine"
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
        return f"{address} is not used" if is_asked() else f"{what_is_open(address)}; {AGREES}"
    from tui.cluster.client import Cluster

    return Cluster(address)


def _agreed(args: argparse.Namespace, address: str) -> bool:
    """Ask a person who is there, once; what was agreed to is kept."""
    from tui.cluster.consent import agree, what_is_open

    yes: bool = args.open_network
    if not yes and is_asked():
        complain(what_is_open(address))
        sys.stderr.write("use it all the same, from now on? [y/N] ")
        sys.stderr.flush()
        yes = sys.stdin.readline().strip().lower() in ("y", "yes")
    if yes and (unsaved := agree(address)) is not None:
        complain(f"{unsaved}: it holds for this once")
    return yes


def is_asked() -> bool:
    """Whether a person is there to be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()


async def reached(cluster: Cluster, compiler: CompilerName, stop: asyncio.Event) -> bool:
    """Whether it builds for us; if not, why is said, and it is closed. It is left alone once `stop` is set."""
    import asyncio

    from tui.cluster.terms import ClusterError

    going = asyncio.create_task(_reach(cluster, compiler))
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
        complain(str(error) if is_asked() else f"{error}; {HERE}")
    return False


async def _reach(cluster: Cluster, compiler: CompilerName) -> None:
    """Connect, and say where versions are not those of this machine: it works, and explains what does not. Raises
    ClusterError.
    """
    from tui.cluster.versions import differences

    await cluster.connect()
    await cluster.plan_for(compiler)
    remark(*(f"fn-tui: {line}" for line in differences(await cluster.versions())))


def tells_of_workers(cluster: Cluster, queue: BuildQueue) -> Callable[[], None]:
    """What is called when a cluster's workers change: it says that none is left that fits, or that one is back."""
    had = True

    def tell() -> None:
        nonlocal had
        has = bool(cluster.fitting(queue.options.compiler))
        if has != had:
            what = "a worker that fits is there again" if has else "no worker that fits is left; builds wait for one"
            complain(f"{cluster.address}: {what}")
        had = has

    return tell


async def agreed_to_here(question: str, stop: asyncio.Event) -> bool:
    """Whether a person who is there has this machine build instead; nobody is asked without a terminal.

    A line is waited for on the loop: signals end the question as they end a build.
    """
    import asyncio

    if not is_asked():
        return False
    sys.stderr.write(printable(f"{question} [y/N]") + " ")
    sys.stderr.flush()
    loop, typed = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin, typed.set)  # a terminal has something to read once there is a line
    waiting = [asyncio.create_task(each.wait()) for each in (typed, stop)]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        loop.remove_reader(sys.stdin)
        for task in waiting:
            task.cancel()
    return not stop.is_set() and sys.stdin.readline().strip().lower() in ("y", "yes")


async def goes_on_here(
    why: str, queue: BuildQueue, directories: Iterable[Path], jobs: int, stop: asyncio.Event
) -> bool:
    """The cluster has gone, which is said; whether this machine builds from now on, and what was not built first."""
    from dataclasses import replace

    from tui.building.process.executor import Here
    from tui.building.process.jobs import default_jobs

    if not is_asked():
        complain(f"{why}: nothing is built any more; with --here this machine builds")
        return False
    complain(why)
    if not await agreed_to_here("build on this machine from now on?", stop):
        return False
    queue.options = replace(queue.options, executor=Here())
    queue.set_jobs(jobs or default_jobs())
    queue.submit_all(directories)
    return True

"""`fn-tui cluster-status`: the workers of a Dask cluster, what they build with, and which do not fit."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from tui.cli import EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tui.cli.clusters import add_address, cluster_of
from tui.cli.options import add_compiler
from tui.cli.output import complain, emit, remark, say
from tui.cluster.orders import memory_of, versions_in
from tui.text import human_bytes, plural

if TYPE_CHECKING:
    from tui.building.plan.build_plan import CompilerName
    from tui.cluster.client import Cluster, WorkerView
    from tui.cluster.orders import Facts

_GONE: Final = "has gone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `fn-tui cluster-status`."""
    parser.add_argument("--json", action="store_true", help="one JSON object a worker")
    add_compiler(parser, "for which the workers are to fit: tinygo, or go")
    add_address(parser)
    parser.set_defaults(here=False)


def run(args: argparse.Namespace) -> int:
    """Print the workers; 0 where one builds as this machine would, 1 where none does, 2 where no cluster is named."""
    cluster = cluster_of(args)
    if cluster is None or isinstance(cluster, str):
        complain(cluster or "name a cluster: --cluster ADDRESS, or the setting `cluster`")
        return EXIT_USAGE
    from tui.cli.loop import run_command

    return run_command(_status(cluster, args))


async def _status(cluster: Cluster, args: argparse.Namespace) -> int:
    from tui.cluster.terms import ClusterError
    from tui.cluster.versions import differences

    try:
        await cluster.connect()
        misfit = await _misfit(cluster, args.compiler)
        fitting = {view.address for view in cluster.fitting(args.compiler)}
        for address, facts in (await cluster.facts()).items():
            if args.json:
                emit(_record(cluster, address, facts, args.compiler))
            else:
                head, *lines = _told(cluster, address, facts, args.compiler)
                say(f"{'ok ' if address in fitting else 'NO '} {head}", *(f"      {line}" for line in lines))
        if not args.json:
            remark(*differences(await cluster.versions()))
            fit = f"{plural(len(fitting), 'worker')} {'fits' if len(fitting) == 1 else 'fit'}"
            say(f"{fit}, {plural(cluster.slots(args.compiler), 'build')} at once")
        if misfit is not None:
            complain(misfit)
    except ClusterError as error:
        complain(str(error))
        return EXIT_FAILED
    else:
        return EXIT_OK if fitting else EXIT_FAILED
    finally:
        await cluster.close()


def rows(cluster: Cluster, compiler: CompilerName) -> list[tuple[bool, list[str]]]:
    """Lines for each worker, and whether it fits; one on the cluster where there is none to ask."""
    from tui.cli.loop import run_command
    from tui.cluster.terms import ClusterError

    told: list[tuple[bool, list[str]]] = []

    async def ask() -> int:
        try:
            await cluster.connect()
            misfit = await _misfit(cluster, compiler)
            fitting = {view.address for view in cluster.fitting(compiler)}
            for address, facts in (await cluster.facts()).items():
                told.append((address in fitting, _told(cluster, address, facts, compiler)))
            if misfit is not None:
                told.append((False, [misfit]))
        except ClusterError as error:
            told.append((False, [str(error)]))
        finally:
            await cluster.close()
        return EXIT_OK

    run_command(ask())
    return told


async def _misfit(cluster: Cluster, compiler: CompilerName) -> str | None:
    """Why no worker fits, in a sentence; None where one does."""
    from tui.cluster.terms import ClusterError

    try:
        await cluster.plan_for(compiler)
    except ClusterError as error:
        return str(error)
    return None


def _view_of(cluster: Cluster, address: str) -> WorkerView | None:
    return next((view for view in cluster.workers if view.address == address), None)


def _told(cluster: Cluster, address: str, facts: Facts | str, compiler: CompilerName) -> list[str]:
    """The lines on one worker."""
    view = _view_of(cluster, address)
    if view is None or isinstance(facts, str):
        return [f"{address}  {facts if isinstance(facts, str) else _GONE}"]
    at_once = plural(min(view.slots, int(view.memory // memory_of(compiler))), "build")
    memory = f", {human_bytes(facts.memory)} of memory" if facts.memory else ""
    own = "" if facts.same_paths else "; builds under a path of its own, so bytes may differ"
    tools = [tool for found in facts.compilers for tool in (found.tool, *found.needs)]
    lack = _lack(cluster, view, compiler)
    return [
        f"{address}  {facts.host}: {at_once} at once{memory}; fn-tui {facts.fn_tui}{own}",
        *(tool.message.partition(". ")[0] for tool in tools),  # how to install it is said of this machine
        *([f"-> {lack}"] if lack is not None else []),
    ]


def _lack(cluster: Cluster, view: WorkerView, compiler: CompilerName) -> str | None:
    """What a worker lacks to build as this machine would; None where it lacks nothing."""
    if view in cluster.fitting(compiler):
        return None
    wanted, needed = cluster.planned(compiler), memory_of(compiler)
    if wanted is not None and wanted not in view.capabilities:
        return f"it does not build with what is planned: {versions_in(wanted)}"
    if view.memory < needed:
        return f"it has too little memory: a build is counted with {human_bytes(needed)}"
    return None if view.slots else "it has no slots: --resources build=0"


def _record(cluster: Cluster, address: str, facts: Facts | str, compiler: CompilerName) -> dict[str, object]:
    view = _view_of(cluster, address)
    if view is None or isinstance(facts, str):
        return {"worker": address, "fits": False, "error": facts if isinstance(facts, str) else _GONE}
    return {
        "worker": address,
        "fits": view in cluster.fitting(compiler),
        "error": _lack(cluster, view, compiler),
        "host": facts.host,
        "slots": facts.slots,
        "memory": facts.memory,
        "fn_tui": facts.fn_tui,
        "python": facts.python,
        "dask": facts.dask,
        "same_paths": facts.same_paths,
        "tools": [
            {"name": tool.name, "version": tool.version, "ok": tool.ok, "message": tool.message}
            for found in facts.compilers
            for tool in (found.tool, *found.needs)
        ],
    }

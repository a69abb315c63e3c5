"""What `dask worker --preload tui.cluster.worker` loads: it makes a Dask worker one that builds.

The worker tells the scheduler what it builds with as resources, so that the scheduler itself passes over those that do
not fit. The functions below are what a client calls on a worker; each takes Dask's own worker as `dask_worker`.
"""

from __future__ import annotations

import asyncio
import pickle
import platform
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import distributed
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.protocol.serialize import dask_deserialize, dask_serialize

from tui import __version__
from tui.building.compilers import every
from tui.building.compilers.compiler import Found
from tui.cluster.host import Host
from tui.cluster.orders import KEY, MEMORY, PROTOCOL, SLOT, Facts, Order, Outcome, capability

_NAME: Final = "fn-tui"  # of the plugin
_TICKS: Final = 500  # milliseconds
_PLENTY: Final = 1e6  # of a resource that only says what there is
_OVER: Final = frozenset({"memory", "error"})  # states of a task that ran to its end


async def dask_setup(worker: Any) -> None:
    """Called by Dask before the worker registers. Raises OSError where it has no folder to build in."""
    compilers = await asyncio.to_thread(examine)
    above = Path(worker.local_directory)
    await asyncio.to_thread(above.mkdir, parents=True, exist_ok=True)
    address = worker.contact_address or worker.address
    host = await asyncio.to_thread(Host, address, above, worker.log_event)
    resources = worker.state.total_resources
    memory = worker.memory_manager.memory_limit
    offered = {
        SLOT: min(resources.get(SLOT, worker.state.nthreads), worker.state.nthreads),
        MEMORY: memory or _PLENTY * _PLENTY,
        **{name: _PLENTY for found in compilers if (name := capability(found)) is not None},
    }
    resources.update(offered)
    worker.state.available_resources.update(offered)
    profiler = worker.periodic_callbacks.pop("profile", None)
    if profiler is not None:  # samples a hundred times a second what threads do: these wait for compilers
        profiler.stop()
    tick = worker.periodic_callbacks.get("tick")
    if tick is not None:  # tells, fifty times a second, how late the loop is: half of what an idle worker does
        tick.callback_time = max(tick.callback_time, _TICKS)
    await worker.plugin_add(plugin=Builder(host, compilers), name=_NAME, catch_errors=False)


def examine() -> tuple[Found, ...]:
    """The compilers of this machine. Starts programs, each for its version."""
    return tuple(compiler.examine() for compiler in every())


class Builder(WorkerPlugin):  # type: ignore[misc]  # Dask has no types
    """The worker's builds, ended when nobody wants them any more: a task was cancelled, or its client has gone."""

    def __init__(self, host: Host, compilers: tuple[Found, ...]) -> None:
        self.host = host
        self.compilers = compilers

    def transition(self, key: object, start: str, finish: str, **_: object) -> None:
        """A task of the worker changes its state. One that is told to stop goes on running: ending it is ours."""
        if start == "executing" and finish not in _OVER and isinstance(key, str) and key.startswith(KEY):
            self.host.stop(key.removeprefix(KEY).partition("-")[0])

    async def teardown(self, worker: object) -> None:  # noqa: ARG002
        """The worker ends: so do its builds."""
        await self.host.end()


def build(order: Order) -> Outcome:
    """Run an order: the task itself. It holds a thread of the worker, as Dask counts them, and works on its loop."""
    worker = distributed.get_worker()
    running = asyncio.run_coroutine_threadsafe(_builder(worker).host.build(order), worker.loop.asyncio_loop)
    return running.result()


async def put(ident: str, pieces: list[tuple[str, int, bytes, bool]], dask_worker: Any) -> None:
    """Take pieces of files."""
    await _builder(dask_worker).host.put(ident, pieces)


async def acknowledge(ident: str, characters: int, dask_worker: Any) -> None:
    """The client has read that much output."""
    _builder(dask_worker).host.acknowledge(ident, characters)


async def send_signal(ident: str, number: int, dask_worker: Any) -> None:
    """Pass a signal on."""
    _builder(dask_worker).host.signal(ident, number)


async def facts(dask_worker: Any) -> Facts | None:
    """What the worker says of itself; None where it does not build."""
    if _NAME not in dask_worker.plugins:
        return None
    builder = _builder(dask_worker)
    return Facts(
        protocol=PROTOCOL,
        fn_tui=__version__,
        python=platform.python_version(),
        dask=distributed.__version__,
        host=socket.gethostname(),
        slots=int(dask_worker.state.total_resources.get(SLOT, 0)),
        memory=dask_worker.memory_manager.memory_limit,
        capabilities=tuple(name for found in builder.compilers if (name := capability(found)) is not None),
        compilers=builder.compilers,
        same_paths=builder.host.same_paths,
    )


@dask_serialize.register(Outcome)  # type: ignore[untyped-decorator]
def _apart(outcome: Outcome) -> tuple[dict[str, object], list[bytes | memoryview]]:
    """What Dask sends of an outcome: the module beside the rest, so that nobody on its way copies megabytes."""
    rest = pickle.dumps(replace(outcome, module=None))
    return {}, [rest] if outcome.module is None else [rest, outcome.module]


@dask_deserialize.register(Outcome)  # type: ignore[untyped-decorator]
def _together(_header: dict[str, object], frames: list[bytes | memoryview]) -> object:
    """The same as it is received; whatever else a worker sends as one, `is_sound` judges."""
    rest = pickle.loads(frames[0])  # noqa: S301 - as Dask reads every result
    return replace(rest, module=frames[1]) if len(frames) > 1 and isinstance(rest, Outcome) else rest


def _builder(worker: Any) -> Builder:
    builder: Builder = worker.plugins[_NAME]
    return builder

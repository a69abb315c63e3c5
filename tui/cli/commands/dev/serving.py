"""One run of `fn-tui dev`: gateway, server and journal put together, until a signal."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import secrets
import socket
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from tui.addresses import address_of
from tui.cli import EXIT_FAILED, EXIT_USAGE
from tui.cli.clusters import agreed_to_here, goes_on_here, reached, tells_of_workers
from tui.cli.commands.dev.journal import Journal
from tui.cli.commands.dev.place import TOKEN_VARIABLE, Place, workspace_of
from tui.cli.commands.run.command import host_settings
from tui.cli.loop import SIGNALLED, on_signals, run_command
from tui.cli.output import complain, emit, say
from tui.running.host.settings import HostSetupError
from tui.running.local.events import GatewaySettings
from tui.running.local.gateway import Gateway
from tui.running.local.http.door import Door
from tui.running.local.http.server import Server
from tui.running.local.triggers.cron import ScheduleError
from tui.running.local.triggers.topics import PatternError
from tui.settings.xdg import cache_home
from tui.text import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from tui.building.plan.build_plan import CompilerName
    from tui.building.process.queue import BuildQueue
    from tui.building.watch.planner import Seen
    from tui.cluster.client import Cluster

TOKEN_BYTES: Final = 32
COLLECTING: Final = (2_000, 10, 10)  # as Python's own, but for fewer passes over what was loaded
FILES_A_SOCKET: Final = 3  # descriptors: the client's, the guest's, and one to spare

Pairs = tuple[tuple[str, str], ...]


def serve(
    args: argparse.Namespace,
    listener: socket.socket,
    place: Place,
    triggers: Sequence[Pairs],
    origins: frozenset[str],
    *,
    cluster: Cluster | None,
) -> int:
    """Serve until a signal; gives the exit code. Functions are built on the cluster, if there is one."""
    token = os.environ.get(TOKEN_VARIABLE, "") or secrets.token_urlsafe(TOKEN_BYTES)
    door = Door(
        frozenset(name.lower() for name in (place.host, *args.allow_host)),
        origins,
        token if args.token or not place.is_local else "",
        any_address=not place.is_local,
    )
    _allow_files(args.sockets * FILES_A_SOCKET + 256)
    gc.set_threshold(*COLLECTING)  # a short command goes without; this one lives long
    return run_command(_Run(args, listener, door, cluster).run(*triggers))


def _allow_files(wanted: int) -> None:
    """As many open files as all sockets need, where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class _Run:
    """One run of the command."""

    def __init__(self, args: argparse.Namespace, listener: socket.socket, door: Door, cluster: Cluster | None) -> None:
        self._cluster = cluster
        self._args = args
        self._listener = listener
        self._door = door
        self._stop = asyncio.Event()
        self._signal = 0
        self._going_on: asyncio.Task[bool] | None = None

    async def run(self, crons: Pairs, subscriptions: Pairs) -> int:
        """Serve until a signal; nothing is left running. Gives 128 and the signal's number, or an error's exit code."""
        on_signals(self._ended_by)
        attach = None
        if self._cluster is not None:
            if await reached(self._cluster, self._args.compiler, self._stop):
                attach = partial(self._attach, self._cluster)
            elif self._signal or not await agreed_to_here("build on this machine?", self._stop):
                return SIGNALLED + self._signal if self._signal else EXIT_FAILED
        try:
            return await self._run(crons, subscriptions, attach)
        finally:
            if self._going_on is not None:
                self._going_on.cancel()
                await asyncio.gather(self._going_on, return_exceptions=True)
            if self._cluster is not None:
                await self._cluster.close()

    def _attach(self, cluster: Cluster, queue: BuildQueue) -> None:
        """Have builds run there, as many at once as its workers carry; when it has gone, here, if a person agrees."""
        from tui.cluster.remote import attach

        jobs: int = self._args.jobs

        def lost(left: tuple[Path, ...]) -> None:
            going_on = goes_on_here(cluster.lost or "", queue, left, jobs, self._stop)
            self._going_on = asyncio.get_running_loop().create_task(going_on)

        attach(cluster, queue, jobs, lost, tells_of_workers(cluster, queue))

    async def _run(self, crons: Pairs, subscriptions: Pairs, attach: Callable[[BuildQueue], None] | None) -> int:
        workspace = workspace_of(self._args)
        settings = GatewaySettings(
            workspace,
            host_settings(self._args, workspace),
            cache_home() / "compiled",
            crons,
            subscriptions,
            self._args.sockets,
        )
        loop = asyncio.get_running_loop()
        journal = Journal(loop, self._stop.set, as_json=self._args.json)
        try:
            gateway = Gateway(settings, _look(self._args.compiler), journal.put)
            await gateway.start(None if self._args.no_build else self._args.compiler, self._args.jobs, attach)
        except (HostSetupError, ScheduleError, PatternError) as error:
            journal.close()
            complain(str(error))
            return EXIT_USAGE
        try:
            await self._serve(gateway)
        finally:
            await gateway.stop()
            journal.close()
        return SIGNALLED + self._signal

    async def _serve(self, gateway: Gateway) -> None:
        server = Server(gateway, self._door, address_of(self._listener))
        await server.start(self._listener)
        try:
            self._announce(len(gateway.shelf.entries))
            stopped, fault = asyncio.ensure_future(self._stop.wait()), asyncio.ensure_future(gateway.chores.fault())
            await asyncio.wait((stopped, fault), return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if fault.done():
                await fault  # a fault of ours ends the program with its report
            fault.cancel()
        finally:
            await server.stop()

    def _ended_by(self, number: int) -> None:
        self._signal = number
        self._stop.set()

    def _announce(self, count: int) -> None:
        """Tell where it is, once it is there."""
        url, token = f"http://{address_of(self._listener)}/", self._door.token
        if self._args.json:
            emit({"event": "listening", "url": url, "functions": count, **({"token": token} if token else {})})
            return
        say(f"{url} serves {plural(count, 'function')} of {workspace_of(self._args)}; ctrl+c ends it")
        if token:
            say(f"token: {token} (Authorization: Bearer)")
        else:
            say("Any program of any user of this machine can call them; --token asks for one.")


def _look(compiler: CompilerName) -> Callable[[Path], Seen]:
    from tui.assessment.assess import watched
    from tui.assessment.terms import terms_here

    return partial(watched, terms=terms_here(compiler=compiler))

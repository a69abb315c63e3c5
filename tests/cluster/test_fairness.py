"""Whose turn it is on a cluster: people before watch, and no client before all others."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from tests.cluster.conftest import connected, options
from tests.cluster.processes import LIMIT, Cluster, make_function
from tui.building.events import BuildStarted, BuildWaiting
from tui.building.inputs.need import AlwaysNeeded, BuildNeed
from tui.building.plan.build_plan import BuildPlan
from tui.building.process.queue import BuildQueue
from tui.building.process.runner import Build
from tui.cluster.client import Cluster as Client
from tui.workspace.function import FunctionConfig


async def follow(build: Build, order: list[str]) -> None:
    async for event in build.events():
        if isinstance(event, BuildStarted):
            order += [event.directory.name]


async def waiting(client: Client, count: int) -> None:
    """Until that many tasks lie with the worker, of whatever client."""
    while sum(map(len, (await client._client.processing()).values())) < count:
        await asyncio.sleep(0.01)


async def test_what_a_person_asked_for_comes_before_what_watch_asked_for(bare: Cluster, tmp_path: Path) -> None:
    bare.begin_worker().registered()
    go = tmp_path / "go"
    names = {"first": "person", "watched": "watch", "typed": "person"}
    order: list[str] = []
    async with connected(bare.address) as client, asyncio.timeout(LIMIT):
        tasks = []
        for count, (name, origin) in enumerate(names.items(), start=1):
            acts = [f"while [ ! -e {go} ]; do sleep 0.02; done"] if name == "first" else []
            build = Build(make_function(tmp_path / name, *acts), options(client, origin=origin))
            tasks.append(asyncio.create_task(follow(build, order)))
            await waiting(client, count)
            while name == "first" and not order:
                await asyncio.sleep(0.01)
        go.touch()
        await asyncio.gather(*tasks)
    assert order == ["first", "typed", "watched"]


class Slow(AlwaysNeeded):
    """The look at the first function ends only after that at the second one."""

    def __init__(self) -> None:
        self._second = threading.Event()

    def check(self, plan: BuildPlan, config: FunctionConfig, *, forced: bool) -> BuildNeed:
        if plan.cwd.name == "fn0":
            self._second.wait(LIMIT)
        elif plan.cwd.name == "fn1":
            self._second.set()
        return super().check(plan, config, forced=forced)


async def test_what_was_asked_for_first_starts_first(bare: Cluster, tmp_path: Path) -> None:
    bare.begin_worker().registered()
    order: list[str] = []
    async with connected(bare.address) as client, asyncio.timeout(LIMIT):
        queue = BuildQueue(options(client, need_check=Slow()), jobs=4)
        queue.submit_all([make_function(tmp_path / f"fn{number}") for number in range(6)])
        queue.finish()
        async for event in queue.events():
            if isinstance(event, BuildStarted):
                order += [event.directory.name]
    assert order == [f"fn{number}" for number in range(6)]


async def test_what_waits_at_a_worker_is_told_as_waiting(bare: Cluster, tmp_path: Path) -> None:
    """For a slot; and, where there is one, for a build of the very same inputs, whose private path it would have."""
    bare.begin_worker("--nthreads", "2").registered()
    go = tmp_path / "go"
    acts = [f"while [ ! -e {go} ]; do sleep 0.02; done"]
    told: list[tuple[str, str]] = []

    async with connected(bare.address) as client, asyncio.timeout(LIMIT):
        tasks = []
        for name, comes in {"first": "started", "same": "equal", "third": "slot"}.items():
            build = Build(make_function(tmp_path / name / "fn", *acts), options(client))
            tasks.append(asyncio.create_task(follow_waits(build, name, told)))
            while (name, comes) not in told:
                await asyncio.sleep(0.01)
        assert told == [("first", "started"), ("same", "equal"), ("third", "slot")]
        go.touch()
        await asyncio.gather(*tasks)
    assert {name for name, what in told if what == "started"} == {"first", "same", "third"}


async def test_a_worker_builds_no_more_at_once_than_its_memory_carries(bare: Cluster, tmp_path: Path) -> None:
    bare.begin_worker("--nthreads", "4", "--memory-limit", "2.5GB").registered()
    bare.begin_worker("--nthreads", "4", "--memory-limit", "900MB").registered()  # not even one
    go = tmp_path / "go"
    acts = [f"while [ ! -e {go} ]; do sleep 0.02; done"]
    told: list[tuple[str, str]] = []
    async with connected(bare.address) as client, asyncio.timeout(LIMIT):
        assert client.slots("tinygo") == 2
        builds = [Build(make_function(tmp_path / f"fn{number}", *acts), options(client)) for number in range(3)]
        tasks = [asyncio.create_task(follow_waits(build, build.directory.name, told)) for build in builds]
        while len(started := {name for name, what in told if what == "started"}) < 2 or len({n for n, _ in told}) < 3:
            await asyncio.sleep(0.01)  # until the third is told of, too: as waiting
        assert len(started) == 2
        go.touch()
        await asyncio.gather(*tasks)
    assert sorted(name for name, what in told if what == "started") == ["fn0", "fn1", "fn2"]


async def follow_waits(build: Build, name: str, told: list[tuple[str, str]]) -> None:
    async for event in build.events():
        if isinstance(event, BuildStarted | BuildWaiting):
            told += [(name, event.waits_for if isinstance(event, BuildWaiting) else "started")]


async def test_a_client_with_many_builds_leaves_room_for_one_with_one(bare: Cluster, tmp_path: Path) -> None:
    """A queue has no more builds at the scheduler than slots and a few, so that others' come in between."""
    bare.begin_worker().registered()
    go = tmp_path / "go"
    order: list[str] = []
    async with connected(bare.address) as many, connected(bare.address) as other, asyncio.timeout(LIMIT):
        queue = BuildQueue(options(many), jobs=2)
        acts = [f"while [ ! -e {go} ]; do sleep 0.02; done"]
        queue.submit_all([make_function(tmp_path / f"many{number}", *acts) for number in range(6)])
        queue.finish()
        draining = asyncio.create_task(drain(queue, order))
        await waiting(many, 2)
        one = asyncio.create_task(follow(Build(make_function(tmp_path / "one"), options(other)), order))
        await waiting(other, 3)
        go.touch()
        await asyncio.gather(one, draining)
    assert order.count("many") == 6
    assert order.index("one") == 2


async def drain(queue: BuildQueue, order: list[str]) -> None:
    async for event in queue.events():
        if isinstance(event, BuildStarted):
            order += ["many"]

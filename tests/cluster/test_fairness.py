"""Whose turn it is on a cluster: people before watch, and no client before all others."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cluster.conftest import connected, options
from tests.cluster.processes import LIMIT, Cluster, make_function
from tui.building.events import BuildStarted
from tui.building.process.queue import BuildQueue
from tui.building.process.runner import Build
from tui.cluster.client import Cluster as Client


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

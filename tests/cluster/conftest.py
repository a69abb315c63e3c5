"""One cluster for all tests of the room that do not kill it, and a client of it for each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cluster.processes import Cluster, Nursery
from tui.building.process.options import BuildOptions
from tui.cluster.client import Cluster as Client
from tui.cluster.remote import There


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """What forks schedulers and workers."""
    started = Nursery()
    yield started
    started.close()


@pytest.fixture(scope="session")
def cluster(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler and two workers with a slot each."""
    started = Cluster(tmp_path_factory.mktemp("cluster"), nursery)
    try:
        for worker in [started.begin_worker(), started.begin_worker()]:
            worker.registered()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def lonely(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler without workers."""
    started = Cluster(tmp_path_factory.mktemp("lonely"), nursery)
    yield started
    started.stop()


@pytest.fixture
def bare(lonely: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """The same, for the test's own workers, which are killed after it; their stand-ins are on PATH."""
    monkeypatch.setenv("PATH", f"{lonely.bin}{os.pathsep}{os.environ['PATH']}")
    yield lonely
    lonely.kill_workers()


@pytest.fixture
def own_cluster(nursery: Nursery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A scheduler of the test's own, to be killed; its stand-ins are on PATH."""
    started = Cluster(tmp_path / "cluster", nursery)
    monkeypatch.setenv("PATH", f"{started.bin}{os.pathsep}{os.environ['PATH']}")
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
async def client(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Client]:
    """A client that plans with the compilers that the workers have."""
    monkeypatch.setenv("PATH", f"{cluster.bin}{os.pathsep}{os.environ['PATH']}")
    async with connected(cluster.address) as there:
        yield there
    cluster.nothing_left()


@asynccontextmanager
async def connected(address: str, compiler: str = "tinygo") -> AsyncIterator[Client]:
    """A client that has seen that somebody there builds as this machine would."""
    client = Client(address)
    try:
        await client.connect()
        await client.plan_for(compiler)
        yield client
    finally:
        await client.close()


def options(client: Client, **others: object) -> BuildOptions:
    return BuildOptions(executor=There(client), **others)  # type: ignore[arg-type]

"""The screen, building on a real cluster: nothing goes there before a person asks, and builds look the same."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cluster.processes import Cluster, make_function
from tests.flows.stage import Stage, opened
from tui.building.record.history import load_history
from tui.cluster import client, consent


@pytest.fixture(autouse=True)
def still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


def on_path(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{cluster.bin}{os.pathsep}{os.environ['PATH']}")


def header(stage: Stage) -> str:
    return stage.text.splitlines()[0]


async def built(stage: Stage, path: str, status: str = "built") -> str | None:
    """Wait for the end of a build; the worker that did it."""
    await stage.until(lambda: (last := stage.app.bench.store[path].last) is not None and last.status == status)
    found = stage.app.bench.store[path].last
    assert found is not None
    return found.worker


async def test_builds_go_there_once_a_person_asks(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(cluster, monkeypatch)
    make_function(tmp_path / "ws/fn", "echo compiling")
    make_function(tmp_path / "ws/odd", "echo 'function.go:4:2: undefined: y' >&2", "exit 1")
    monkeypatch.setattr(consent, "is_loopback", lambda _host: False)  # stands for another machine
    workers = {worker.address for worker in cluster.workers}
    async with opened(tmp_path / "ws", compiler="tinygo") as stage:
        assert "cluster" not in header(stage)
        await stage.press("K")
        await stage.shows("Build on a cluster", "tcp://HOST:8786")
        await stage.press(*"localhost", "enter")
        await stage.shows("a scheduler's address is such as")
        await stage.press(*["backspace"] * 9, *cluster.address, "enter")
        await stage.shows("Use an open network?", "nothing is encrypted on the way")
        await stage.press("enter")  # by habit
        await stage.until(lambda: len(stage.app.screen_stack) == 1)
        assert "cluster" not in header(stage)
        assert not stage.app.bench.elsewhere.is_on
        await stage.press("K", *cluster.address, "enter")
        await stage.shows("Use it all the same")
        await stage.press("down", "enter")
        await stage.until(lambda: "cluster 2 workers · 2 slots" in header(stage))
        await stage.press("g", "b")
        assert await built(stage, "fn") in workers
        await stage.press("7")
        await stage.shows("$ cd", "compiling", "Built")
        await stage.press("0", "j", "b")
        assert await built(stage, "odd", "failed") in workers
        await stage.shows("undefined: y")
        await stage.press("K")
        assert "cluster" not in header(stage)
        await stage.press("g", "b", "b")  # up to date: once more builds it all the same
        await stage.until(lambda: stage.app.bench.store["fn"].last is not None)
        (tmp_path / "ws/fn/function.go").write_text("package main\n\nfunc main() { }\n")
        await stage.press("b")
        await stage.until(lambda: (last := stage.app.bench.store["fn"].last) is not None and last.worker is None)
        await stage.press("K")  # agreed to, and known
        await stage.until(lambda: "cluster 2 workers · 2 slots" in header(stage))
    cluster.nothing_left()


async def test_a_cluster_that_goes_away_is_told_once_and_this_machine_offered(
    own_cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "go"
    names = ("one", "two", "zoo")  # one is built, one waits there, and one here
    for name in names:
        make_function(tmp_path / "ws" / name, f"while [ ! -e {go} ]; do sleep 0.02; done")
    own_cluster.begin_worker().registered()
    async with opened(tmp_path / "ws", compiler="tinygo", cluster=own_cluster.address, jobs=1) as stage:
        await stage.press("K")
        await stage.until(lambda: "cluster 1 worker · 1 slot" in header(stage))
        await stage.press("A")
        await stage.until(own_cluster.compilers)
        own_cluster.scheduler.kill()
        await stage.shows("The cluster is gone", "3 functions not built", "Build here", "Leave")
        assert sum("builds run on this machine again" in said for said in stage.notices) == 1
        assert "cluster " not in header(stage)
        for name in names:  # nobody has judged them
            assert stage.state(name) == "unbuilt"
            assert not load_history(tmp_path / "ws" / name).builds
        go.touch()
        await stage.press("down", "enter")
        for name in names:
            assert await built(stage, name) is None
        ended = [stage.app.bench.store[name].finished for name in names]
        assert None not in ended
        assert ended == sorted(end or 0.0 for end in ended)  # what was asked for first comes first here, too
    own_cluster.nothing_left()


async def test_a_cluster_that_does_not_answer_is_a_sentence(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path(cluster, monkeypatch)
    monkeypatch.setattr(client, "CONNECTS", 0.2)
    make_function(tmp_path / "ws/fn")
    async with opened(tmp_path / "ws", compiler="tinygo", cluster="tcp://127.0.0.1:1") as stage:
        await stage.press("K")
        await stage.until(lambda: any("no Dask scheduler answers" in said for said in stage.notices))
        assert stage.notices[-1].endswith("builds run on this machine")
        assert "--here" not in stage.notices[-1]
        assert "cluster" not in header(stage)

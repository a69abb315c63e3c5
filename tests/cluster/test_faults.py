"""What goes wrong with a cluster, each with real processes: nothing is left, and it is said or built elsewhere."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.building.faking import wait_until
from tests.cluster.conftest import connected, options
from tests.cluster.processes import LIMIT, ROOT, Cluster, Process, make_function
from tests.cluster.proxy import Proxy
from tests.disks import mounted
from tests.flows.pseudo_terminal import Terminal
from tui.building.events import BuildCancelling, BuildEnded, BuildResult, BuildStarted, BuildWaiting
from tui.building.process.runner import Build
from tui.cluster import remote
from tui.cluster.client import Cluster as Client
from tui.cluster.terms import ClusterError

SMALLEST = b"\0asm\1\0\0\0"


async def built(build: Build, once: Callable[[BuildStarted], Awaitable[None]] | None = None) -> BuildResult:
    """Its result; `once` is called with its first start."""
    starts = 0
    async with asyncio.timeout(2 * LIMIT):
        async for event in build.events():
            if isinstance(event, BuildStarted):
                starts += 1
                if starts == 1 and once is not None:
                    await once(event)
    assert isinstance(event, BuildEnded)
    return event.result


def own_folders(worker: Process) -> list[Path]:
    """What a worker keeps on its disk."""
    return list(worker.log.with_suffix("").glob("dask-scratch-space/*/fn-tui-*"))


def waits(tmp_path: Path) -> tuple[Path, Path]:
    """A function whose compiler sleeps until a file is there, and the file."""
    go = tmp_path / "go"
    return make_function(tmp_path / "fn", f"while [ ! -e {go} ]; do sleep 0.02; done"), go


async def test_a_worker_is_killed_and_another_builds(bare: Cluster, tmp_path: Path) -> None:
    here, go = waits(tmp_path)
    first = bare.begin_worker().registered()

    others: list[Process] = []

    async def kill(_: BuildStarted) -> None:
        assert own_folders(first)
        others.append(await asyncio.to_thread(bare.begin_worker().registered))
        first.kill()
        wait_until(lambda: not own_folders(first), "its files are left", LIMIT)
        go.touch()

    async with connected(bare.address) as client:
        result = await built(Build(here, options(client)), kill)
    assert result.status == "built"
    assert result.worker == others[0].address
    assert f"{first.address} ended while it built this" in str(result.note)
    bare.nothing_left()


async def test_until_another_worker_begins_the_build_of_one_that_died_waits(bare: Cluster, tmp_path: Path) -> None:
    here, go = waits(tmp_path)
    first = bare.begin_worker().registered()
    told: list[str] = []
    async with connected(bare.address) as client, asyncio.timeout(2 * LIMIT):
        client.patience = LIMIT
        async for event in Build(here, options(client)).events():
            if isinstance(event, BuildStarted):
                told += ["started"]
                first.kill()
            elif isinstance(event, BuildWaiting):
                told += [event.waits_for]
                bare.begin_worker()
                go.touch()
    assert isinstance(event, BuildEnded)
    assert (event.result.status, told) == ("built", ["started", "slot", "started"])


async def test_of_a_build_that_is_being_cancelled_a_dead_worker_makes_none_that_waits(
    bare: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row went back from cancelling to queued, as if nobody had asked for its end."""
    monkeypatch.setattr(remote, "_ENDS", 0.2)
    here = make_function(tmp_path / "fn", "trap '' INT TERM; while :; do sleep 0.05; done")
    first = bare.begin_worker().registered()
    told: list[str] = []
    async with connected(bare.address) as client, asyncio.timeout(2 * LIMIT):
        client.patience = LIMIT
        build = Build(here, options(client))
        async for event in build.events():
            told.append(type(event).__name__)
            if isinstance(event, BuildStarted):
                build.cancel()
            elif isinstance(event, BuildCancelling) and told.count("BuildCancelling") == 1:
                first.kill()
                while not client.has_gone(first.address):
                    await asyncio.sleep(0.01)
                build.kill()
    assert isinstance(event, BuildEnded)
    assert event.result.status == "cancelled"
    assert "BuildWaiting" not in told[told.index("BuildCancelling") :]
    bare.nothing_left()


async def test_a_worker_is_stopped_and_its_compilers_end(bare: Cluster, tmp_path: Path) -> None:
    """SIGTERM, as a batch system sends it: the worker gives way, and its build goes elsewhere."""
    here, go = waits(tmp_path)
    first = bare.begin_worker().registered()

    others: list[Process] = []

    async def stop(_: BuildStarted) -> None:
        others.append(await asyncio.to_thread(bare.begin_worker().registered))
        first.signal(signal.SIGTERM)
        await asyncio.to_thread(first.ended)
        go.touch()

    async with connected(bare.address) as client:
        result = await built(Build(here, options(client)), stop)
    assert (result.status, result.worker) == ("built", others[0].address)
    bare.nothing_left()


def test_the_scheduler_is_killed(own_cluster: Cluster, tmp_path: Path) -> None:
    """Running builds end, the rest is not begun, and building here is offered: by a question to whoever is there."""
    go = tmp_path / "go"
    here = make_function(tmp_path / "fn", "sleep 600")
    (here / "function.wasm").write_bytes(SMALLEST)
    others = [make_function(tmp_path / f"other{number}", "sleep 600") for number in range(5)]
    asked = [make_function(tmp_path / name, f"while [ ! -e {go} ]; do sleep 0.02; done") for name in ("one", "two")]
    worker = own_cluster.begin_worker().registered()
    with own_cluster.build(here, *others, home=tmp_path) as client:
        wait_until(lambda: bool(own_cluster.compilers()), "nothing is built", LIMIT)
        with closing(on_terminal(own_cluster, tmp_path, *asked)) as terminal:
            terminal.until(b"0/2")  # it has reached the cluster, and waits there for its turn
            own_cluster.scheduler.kill()
            output, errors = client.communicate(timeout=LIMIT)
            terminal.until(b"has gone; 2 functions not built")
            terminal.until(b"build them on this machine? [y/N]")
            go.touch()
            terminal.press(b"y\n")
            assert terminal.exit_code() == 0
            assert b"2 built in" in terminal.seen
            assert not {b"3/2", b"4/2"} & set(terminal.seen.split())
    assert client.returncode == 1
    assert output.count("Not built ") == 6
    assert output.splitlines()[-1].startswith("6 not built in ")
    assert errors == (
        f"fn-tui: the scheduler at {own_cluster.address} has gone; 6 functions not built: with --here they are built "
        "on this machine\n"
    )
    assert (here / "function.wasm").read_bytes() == SMALLEST
    worker.ended()
    own_cluster.nothing_left()


def on_terminal(cluster: Cluster, home: Path, *functions: Path) -> Terminal:
    """`fn-tui build` there, by a person at a terminal."""
    argv = [sys.executable, "-m", "tui", "build", "--cluster", cluster.address, *map(str, functions)]
    state, path = str(home / "state"), os.environ["PATH"]
    return Terminal(argv, path, HOME=str(home), PYTHONPATH=str(ROOT), XDG_STATE_HOME=state)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_client_that_ends_leaves_nothing_running(cluster: Cluster, tmp_path: Path, number: signal.Signals) -> None:
    here = make_function(tmp_path / "fn", "wasm-opt 600")
    with cluster.build(here, home=tmp_path) as client:
        wait_until(lambda: len(cluster.compilers()) == 2, "nothing is built", LIMIT)
        client.send_signal(number)
        client.communicate(timeout=LIMIT)
    assert client.returncode == {signal.SIGKILL: -9, signal.SIGINT: 130}[number]
    cluster.nothing_left()
    wait_until(lambda: not list(here.glob(".fn-tui-*")), "a private folder is left", LIMIT)


@pytest.mark.parametrize("seconds", [0.5, pytest.param(10.0, marks=pytest.mark.long)])
async def test_the_network_is_cut_for_a_while(cluster: Cluster, tmp_path: Path, seconds: float) -> None:
    here, go = waits(tmp_path)
    proxy = Proxy(cluster.address)
    address = await proxy.start()

    async def cut(_: BuildStarted) -> None:
        proxy.open.clear()
        go.touch()
        await proxy.held.wait()
        asyncio.get_running_loop().call_later(seconds, proxy.open.set)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{cluster.bin}:/usr/bin:/bin")
        async with connected(address) as client:
            result = await built(Build(here, options(client)), cut)
    await proxy.stop()
    assert result.status == "built"
    cluster.nothing_left()


async def test_a_full_disk_of_a_worker_is_no_fault_of_the_function(bare: Cluster, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn", 'head -c 3000000 /dev/zero > "$TMPDIR/large" || exit 1')
    with mounted(tmp_path / "small", "2m") as small:
        full = bare.begin_worker(env={"FN_TUI_BUILDS": str(small / "builds")}).registered()
        async with connected(bare.address) as client:
            result = await built(Build(here, options(client)))
            assert result.status == "failed"
            assert f"no worker could build it: {full.address}: no space left on its file system" in str(result.error)
            bare.begin_worker().registered()
            result = await built(Build(here, options(client)))
            assert result.status == "built"
        full.stop()


async def test_a_worker_that_lies_about_its_module_is_caught(bare: Cluster, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn")
    (here / "function.wasm").write_bytes(SMALLEST + b"\0\5\4kept")
    liar = bare.begin_worker(preload="tests.cluster.liar").registered()
    async with connected(bare.address) as client:
        result = await built(Build(here, options(client)))
    assert result.status == "failed"
    assert f"{liar.address} sent another module than the one that it told of" in str(result.error)
    assert (here / "function.wasm").read_bytes().endswith(b"kept")


async def test_a_worker_with_another_version_is_passed_over(bare: Cluster, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn")
    bare.begin_worker(env={"FAKE_TINYGO": "0.36.0"}).registered()
    client = Client(bare.address)
    await client.connect()
    with pytest.raises(ClusterError, match=r"has what is planned .tinygo 0.35.0, go 1.23.9, wasm-opt 122.*0.36.0"):
        await client.plan_for("tinygo")
    await client.close()
    fitting = bare.begin_worker().registered()
    async with connected(bare.address) as client:
        results = [await built(Build(here, options(client))) for _ in range(3)]
    assert {(result.status, result.worker) for result in results} == {("built", fitting.address)}


async def test_a_worker_that_does_not_build_is_passed_over(bare: Cluster) -> None:
    bare.begin_worker(preload="tests.cluster").registered()
    client = Client(bare.address)
    await client.connect()
    with pytest.raises(ClusterError, match=r"no worker at .* builds: dask worker .* starts one"):
        await client.plan_for("tinygo")
    (told,) = (await client.facts()).values()
    assert told == "does not build: it was started without --preload tui.cluster.worker"
    await client.close()


async def test_the_last_worker_that_fits_goes_away(bare: Cluster, tmp_path: Path) -> None:
    """Who waits for one is told, and does not wait for ever."""
    here, _ = waits(tmp_path)
    worker = bare.begin_worker().registered()

    async def kill(_: BuildStarted) -> None:
        worker.kill()

    async with connected(bare.address) as client:
        client.patience = 0.5
        result = await built(Build(here, options(client)), kill)
    assert result.error == f"no worker at {bare.address} fits any more"

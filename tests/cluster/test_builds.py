"""Builds on a real cluster: the same events, the same end, the same module in its place as on this machine."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Any

from tests.building.faking import wait_until
from tests.cluster.conftest import connected, options
from tests.cluster.processes import LIMIT, Cluster, make_function
from tui.building.events import BuildEnded, BuildEvent, BuildOutputBatch, BuildResult, BuildStarted
from tui.building.inputs.need import NeedByHistory
from tui.building.process.runner import Build
from tui.building.record.history import load_history
from tui.cluster.client import Cluster as Client
from tui.cluster.remote import RemoteExecution

SMALLEST = b"\0asm\1\0\0\0"


async def run(build: Build) -> list[BuildEvent]:
    async with asyncio.timeout(LIMIT):
        return [event async for event in build.events()]


def result_of(events: list[BuildEvent]) -> BuildResult:
    assert isinstance(events[-1], BuildEnded)
    return events[-1].result


def lines_of(events: list[BuildEvent]) -> list[str]:
    return [line for event in events if isinstance(event, BuildOutputBatch) for line in event.lines]


async def test_a_module_comes_back_and_is_put_in_place(client: Client, cluster: Cluster, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn", "echo compiling", "echo odd >&2")
    events = await run(Build(here, options(client, need_check=NeedByHistory())))
    result = result_of(events)
    assert result.status == "built", result
    assert (here / "function.wasm").read_bytes() == SMALLEST
    assert result.worker in {worker.address for worker in cluster.workers}
    started = next(event for event in events if isinstance(event, BuildStarted))
    assert started.plan.argv[3] == str(here / "function.wasm")
    assert started.worker == result.worker
    assert sorted(lines_of(events)) == ["compiling", "odd"]
    record = load_history(here).last_built
    assert record is not None
    assert record.argv[3].startswith(str(cluster.builds))
    assert record.worker == result.worker
    assert not list(here.glob(".fn-tui-*"))
    assert result_of(await run(Build(here, options(client, need_check=NeedByHistory())))).status == "skipped"


async def test_a_build_that_has_ended_is_let_go_at_once(client: Client, tmp_path: Path) -> None:
    """With the module that came: of many builds that would be gigabytes until the collector passes."""

    def left() -> list[object]:
        return [each for each in gc.get_objects() if type(each) is RemoteExecution]

    here = make_function(tmp_path / "fn")
    gc.collect()
    gc.disable()
    try:
        assert result_of(await run(Build(here, options(client)))).status == "built"
        async with asyncio.timeout(LIMIT):
            while left():  # a thread that has told its result may not have let go of its work yet
                await asyncio.sleep(0.01)
    finally:
        gc.enable()


async def test_output_comes_while_it_builds(client: Client, tmp_path: Path) -> None:
    go = tmp_path / "go"
    here = make_function(tmp_path / "fn", "echo first", f"while [ ! -e {go} ]; do sleep 0.02; done", "echo last")
    seen: list[str] = []
    async with asyncio.timeout(LIMIT):
        async for event in Build(here, options(client)).events():
            if isinstance(event, BuildOutputBatch):
                seen += event.lines
                go.touch()
    assert seen == ["first", "last"]


async def test_paths_in_output_are_the_persons_own(client: Client, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn", 'echo "$PWD/function.go:3:1: undefined: x" >&2', "exit 1")
    events = await run(Build(here, options(client)))
    result = result_of(events)
    assert result.status == "failed"
    assert lines_of(events) == [f"{here}/function.go:3:1: undefined: x"]
    assert [(each.path, each.line, each.message) for each in result.diagnostics] == [("function.go", 3, "undefined: x")]
    assert result.tool_error == "tinygo build failed: exit status 1"


async def test_the_sources_have_one_name_for_all_builds(client: Client, tmp_path: Path) -> None:
    """So that what Go has compiled of one serves the next; one that does not go by PWD has the real one."""
    shows = 'echo "real $(pwd -P)"', 'echo "seen $PWD" > "$out.log"', 'cat "$out.log"'
    lost = "unset PWD", 'cd "$(pwd -P)" || exit 1', 'echo "lost $PWD"', "exit 1"
    seen = []
    for name in ("one", "two"):
        here = make_function(tmp_path / name, *shows, 'sed "s/proc/PROC/" "$out.log"', *lost)
        events = await run(Build(here, options(client)))
        assert result_of(events).error is not None
        assert lines_of(events)[:2] == [f"real {here}", f"seen {here}"]
        assert lines_of(events)[-1] == f"lost {here}"
        seen.append(lines_of(events)[2])
    assert seen[0] == seen[1] == "seen /PROC/self/fd/99/src"


async def test_a_path_of_its_own_in_a_module_is_told(bare: Cluster, tmp_path: Path) -> None:
    """Where the worker cannot build under the path that all others use, and the compiler has written that down."""
    (tmp_path / "others").mkdir(mode=0o777)
    (tmp_path / "others").chmod(0o777)
    worker = bare.begin_worker(env={"FN_TUI_BUILDS": str(tmp_path / "others")}).registered()
    custom = 'printf "\\\\$(printf %o $((n % 128 + 128)))\\\\$(printf %o $((n / 128)))\\1x%s" "$p"'
    writes = [
        'p="$(pwd -P)"',
        "n=$((${#p} + 2))",
        f"{{ printf '\\0asm\\1\\0\\0\\0\\0'; {custom}; }} > \"$out\"",
        "quiet=1",
    ]
    async with connected(bare.address) as there:
        plain = result_of(await run(Build(make_function(tmp_path / "plain"), options(there))))
        told = result_of(await run(Build(make_function(tmp_path / "told", *writes), options(there))))
    assert (plain.status, plain.note, told.status) == ("built", None, "built")
    assert told.note == f"{worker.address} could not build under the path that others use, so the bytes may differ"


async def test_what_is_no_module_is_not_kept(client: Client, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn", 'echo none > "$out"', "quiet=1")
    (here / "function.wasm").write_bytes(SMALLEST)
    result = result_of(await run(Build(here, options(client))))
    assert result.error == "build produced invalid WASM: file too small to be a valid WASM binary (5 bytes)"
    assert (here / "function.wasm").read_bytes() == SMALLEST


async def test_a_compiler_that_writes_nothing_has_built_nothing(client: Client, tmp_path: Path) -> None:
    result = result_of(await run(Build(make_function(tmp_path / "fn", "quiet=1"), options(client))))
    assert result.status == "failed"
    assert "function.wasm was not written" in str(result.error)


async def test_cancel_reaches_what_the_compiler_runs(client: Client, cluster: Cluster, tmp_path: Path) -> None:
    build = Build(make_function(tmp_path / "fn", "wasm-opt 600"), options(client))
    events: list[BuildEvent] = []
    async with asyncio.timeout(LIMIT):
        async for event in build.events():
            events.append(event)
            if isinstance(event, BuildStarted):
                await asyncio.to_thread(wait_until, lambda: len(cluster.compilers()) == 2, "no wasm-opt", LIMIT)
                build.cancel()
    assert result_of(events).status == "cancelled"
    assert not cluster.compilers()


async def test_a_build_that_no_worker_began_is_taken_back(client: Client, cluster: Cluster, tmp_path: Path) -> None:
    busy = [Build(make_function(tmp_path / f"busy{n}", "sleep 600"), options(client)) for n in range(2)]
    begun = asyncio.Event()
    running = 0

    async def follow(build: Build) -> str:
        nonlocal running
        async for event in build.events():
            if isinstance(event, BuildStarted):
                running += 1
                if running == 2:
                    begun.set()
        assert isinstance(event, BuildEnded)
        return event.result.status

    async with asyncio.timeout(LIMIT):
        tasks = [asyncio.create_task(follow(build)) for build in busy]
        await begun.wait()
        waiting = Build(make_function(tmp_path / "waiting"), options(client))
        third = asyncio.create_task(follow(waiting))
        while client.submitted < 3:
            await asyncio.sleep(0.01)
        waiting.cancel()
        assert await third == "cancelled"
        for build in busy:
            build.kill()
        assert [await task for task in tasks] == ["cancelled", "cancelled"]


async def test_a_timeout_counts_from_the_compilers_start(client: Client, tmp_path: Path) -> None:
    result = result_of(await run(Build(make_function(tmp_path / "fn", "sleep 600"), options(client, timeout=0.2))))
    assert result.error == "timed out after 0.2 s"


async def test_a_flood_of_output_comes_whole(client: Client, tmp_path: Path) -> None:
    """More than may be on its way at once: the compiler waits for the reader."""
    here = make_function(tmp_path / "fn", "seq -f 'line %.0f of a flood, and some words to make it long' 1 40000")
    lines = lines_of(await run(Build(here, options(client))))
    assert len(lines) == 40_000
    assert lines[-1].startswith("line 40000 of")


async def test_each_file_is_sent_to_a_worker_once(client: Client, cluster: Cluster, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "shared.go").write_text("package shared\n\n" + "// unlike any other\n" * 1000)
    for number in range(4):
        here = make_function(tmp_path / f"fn{number}", body='import _ "example.com/all/shared"\n\n')
        (here / "go.mod").unlink()
    (tmp_path / "go.mod").write_text("module example.com/all\n\ngo 1.21\n")
    for number in range(4):
        result = result_of(await run(Build(tmp_path / f"fn{number}", options(client))))
        assert result.status == "built", result
    workers = len(cluster.workers)
    assert client.sent_bytes < workers * 20_500 + 8_000


async def test_a_scheduler_keeps_no_output_of_clients_that_have_left(client: Client, tmp_path: Path) -> None:
    async with connected(client.address) as leaving:
        await run(Build(make_function(tmp_path / "fn", "seq 1 100"), options(leaving)))
        assert len(await client._client.get_events(leaving.topic)) > 1
    assert {event for _, event in await client._client.get_events(leaving.topic)} == {None}


def _periods(dask_worker: Any) -> dict[str, float]:
    return {name: each.callback_time for name, each in dask_worker.periodic_callbacks.items() if each.is_running()}


async def test_a_worker_rests_while_it_waits(client: Client) -> None:
    """Dask's profiler and its look at the loop would be half of what an idle worker does."""
    for periods in (await client._client.run(_periods)).values():
        assert periods["tick"] == 500
        assert "profile" not in periods


async def test_the_file_system_of_a_person_is_not_written_by_workers(client: Client, tmp_path: Path) -> None:
    here = make_function(tmp_path / "fn", "touch beside")
    await run(Build(here, options(client)))
    assert sorted(path.name for path in here.iterdir()) == ["function.go", "function.wasm", "function.yaml", "go.mod"]

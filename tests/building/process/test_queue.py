from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.building.faking import FakeCompiler
from tui.building.events import (
    BuildEnded,
    BuildOrigin,
    BuildOutputBatch,
    BuildPlan,
    BuildQueued,
    BuildResult,
    BuildStarted,
    QueueChanged,
    QueueEvent,
)
from tui.building.inputs.need import AlwaysNeeded, BuildNeed
from tui.building.plan.preconditions import Ready, Refusal
from tui.building.process import beginning
from tui.building.process.options import BuildOptions
from tui.building.process.queue import BuildQueue
from tui.workspace.function import FunctionConfig

Make = Callable[..., Path]


@pytest.fixture
def functions(function_directory: Make) -> list[Path]:
    return [function_directory(name) for name in "abcdef"]


async def run(queue: BuildQueue, act: Callable[[QueueEvent], None] | None = None) -> list[QueueEvent]:
    """Everything that happens until the queue is empty."""
    queue.finish()
    return await watch(queue, act)


async def watch(queue: BuildQueue, act: Callable[[QueueEvent], None] | None = None) -> list[QueueEvent]:
    events = []
    async for event in queue.events():
        events.append(event)
        if act is not None:
            act(event)
    return events


def started(events: list[QueueEvent]) -> list[str]:
    return [event.directory.name for event in events if isinstance(event, BuildStarted)]


def ended(events: list[QueueEvent]) -> list[tuple[str, str]]:
    return [(event.directory.name, event.result.status) for event in events if isinstance(event, BuildEnded)]


async def test_in_order_and_never_more_than_jobs(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("module")
    queue = BuildQueue(jobs=1)
    queue.submit_all(functions)
    events = await run(queue)
    assert started(events) == list("abcdef")
    assert ended(events) == [(name, "built") for name in "abcdef"]
    assert all(len(event.building) <= 1 for event in events if isinstance(event, QueueChanged))
    assert events[-1] == QueueChanged((), (), 1)


async def test_what_is_asked_for_together_is_told_together(functions: list[Path], fake: FakeCompiler) -> None:
    queue = BuildQueue(jobs=2)
    queue.submit_all([*functions, functions[0]])
    events = list(queue._events)
    assert [(event.directory.name, event.position) for event in events if isinstance(event, BuildQueued)] == [
        *((name, place) for place, name in enumerate("abcdef", 1)),
        ("a", 6),  # asked again, it goes behind
    ]
    assert [event for event in events if isinstance(event, QueueChanged)] == [queue.state]
    assert [path.name for path in queue.state.building] == ["b", "c"]
    await queue.shutdown()


async def test_a_person_goes_before_watch(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("module")
    a, b, c, d, *_ = functions
    queue = BuildQueue(jobs=1)
    queue.submit(a)
    queue.submit(b, origin="watch", trigger="function.go changed")
    queue.submit(c, origin="watch")
    queue.submit(d)
    events = await run(queue)
    assert started(events) == ["a", "d", "b", "c"]
    queued = [(e.directory.name, e.position, e.origin, e.trigger) for e in events if isinstance(e, BuildQueued)]
    assert queued[1] == ("b", 1, "watch", "function.go changed")
    assert queued[3] == ("d", 1, "person", None)


@pytest.mark.parametrize("seed", range(8))
async def test_the_queue_is_told_as_it_stands_whatever_is_asked(
    functions: list[Path], fake: FakeCompiler, seed: int
) -> None:
    chance = random.Random(seed)
    queue = BuildQueue(jobs=1)
    for _ in range(60):
        directory = chance.choice(functions)
        origin: BuildOrigin = chance.choice(["person", "watch"])
        ask: list[Callable[[], object]] = [
            partial(queue.submit, directory, origin=origin),
            partial(queue.submit_all, chance.sample(functions, 3), origin=origin),
            partial(queue.cancel, directory),
            partial(queue.set_jobs, chance.randint(1, 3)),
            partial(queue.drop, "no more"),
        ]
        chance.choices(ask, [5, 3, 3, 2, 1])[0]()
        assert queue.state.queued == tuple(item.directory for item in queue._queued)
        if chance.random() < 0.2:
            await asyncio.sleep(0)
    await queue.shutdown()
    assert queue.state.queued == ()


async def test_asking_twice_keeps_one_place(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("module")
    a, b, c, *_ = functions
    queue = BuildQueue(jobs=1)
    queue.submit(a)
    queue.submit(b, origin="watch")
    queue.submit(c, origin="watch")
    queue.submit(c)  # now a person wants it
    assert queue.state.queued == (c, b)
    queue.submit(c, origin="watch")  # watch takes nothing away from the person
    assert queue.state.queued == (c, b)
    assert started(await run(queue)) == ["a", "c", "b"]


async def test_a_rebuild_replaces_the_running_build(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("say:first", "hang")
    a, b, *_ = functions
    queue = BuildQueue(jobs=1)
    queue.submit(a)
    queue.submit(b)
    replaced: list[QueueEvent] = []

    def again(event: QueueEvent) -> None:
        if isinstance(event, BuildOutputBatch) and not replaced:
            replaced.append(event)
            fake.does("module")
            queue.submit(a)
            queue.finish()

    events = await watch(queue, again)
    assert ended(events) == [("a", "cancelled"), ("a", "built"), ("b", "built")]
    first = next(event.result for event in events if isinstance(event, BuildEnded))
    assert first.error == "replaced by a newer build"
    fake.nothing_left(a)


async def test_cancel_one_queued(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("module")
    a, b, c, *_ = functions
    queue = BuildQueue(jobs=1)
    queue.submit_all([a, b, c])
    assert [queue.has(each) for each in (a, b, c)] == [False, True, True]  # the first has begun
    assert queue.cancel(b)
    assert [queue.has(each) for each in (b, c)] == [False, True]
    queue.submit(c)
    assert queue.has(c)
    assert not queue.cancel(functions[5])
    assert sorted(ended(await run(queue))) == [("a", "built"), ("b", "cancelled"), ("c", "built")]


async def test_cancel_one_running(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("say:up", "hang")
    a, b, *_ = functions
    queue = BuildQueue(jobs=1)
    queue.submit_all([a, b])

    def stop(event: QueueEvent) -> None:
        if isinstance(event, BuildOutputBatch) and event.directory == a:
            fake.does("module")
            queue.cancel(a)

    assert ended(await run(queue, stop)) == [("a", "cancelled"), ("b", "built")]


async def test_cancel_all(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("say:up", "hang")
    queue = BuildQueue(jobs=2)
    queue.submit_all(functions)
    counts: list[int] = []

    def stop(event: QueueEvent) -> None:
        if isinstance(event, BuildOutputBatch) and not counts:
            counts.append(queue.cancel_all())

    events = await run(queue, stop)
    assert counts == [6]
    assert not any(map(queue.has, functions))
    assert sorted(ended(events)) == [(name, "cancelled") for name in "abcdef"]
    for directory in functions:
        fake.nothing_left(directory)


async def test_jobs_change_live(functions: list[Path], fake: FakeCompiler, tmp_path: Path) -> None:
    fake.does("say:up", "hang")
    queue = BuildQueue(jobs=1)
    queue.submit_all(functions[:4])
    seen = []

    def more(event: QueueEvent) -> None:
        if isinstance(event, BuildStarted):
            seen.append(len(queue.state.building))
            if len(seen) == 1:
                queue.set_jobs(3)
            if len(seen) == 3:
                queue.set_jobs(0)  # as few as there can be
                assert queue.jobs == 1
                queue.cancel_all()

    assert sorted(ended(await run(queue, more))) == [(name, "cancelled") for name in "abcd"]
    assert max(seen) == 3


async def test_fail_fast(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("exit:1")
    queue = BuildQueue(jobs=1, fail_fast=True)
    queue.submit_all(functions[:3])
    events = await run(queue)
    assert ended(events) == [("a", "failed"), ("b", "cancelled"), ("c", "cancelled")]
    errors = [event.result.error for event in events if isinstance(event, BuildEnded)]
    assert errors[1] == "not started: a failed"


async def test_without_fail_fast_the_rest_is_built(functions: list[Path], fake: FakeCompiler) -> None:
    (functions[0] / "function.go").unlink()
    fake.does("module")
    queue = BuildQueue(jobs=1)
    queue.submit_all(functions[:2])
    assert ended(await run(queue)) == [("a", "failed"), ("b", "built")]


async def test_shutdown_leaves_nothing(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("ignore", "say:up", "hang")
    queue = BuildQueue(jobs=2)
    queue.submit_all(functions)
    async for event in queue.events():
        if isinstance(event, BuildOutputBatch):
            break
    await queue.shutdown()
    assert queue.state.building == ()
    for directory in functions:
        fake.nothing_left(directory)
    queue.submit(functions[0])
    assert queue.state.queued == ()


async def test_shutdown_with_a_reader_that_went_away(functions: list[Path], fake: FakeCompiler) -> None:
    """Builds that wait for the reader must not keep a shutdown from ending."""
    fake.does("flood:2000000")
    queue = BuildQueue(jobs=1)
    queue.submit(functions[0])
    async for event in queue.events():
        if isinstance(event, BuildOutputBatch):
            break
    await asyncio.wait_for(queue.shutdown(), 40)
    fake.nothing_left(functions[0])


async def test_settled(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("module")
    queue = BuildQueue(jobs=2)
    await queue.settled()
    queue.submit_all(functions)
    queue.finish()
    reader = asyncio.create_task(watch(queue))
    await queue.settled()
    assert queue.state.building == ()
    assert len(ended(await reader)) == 6


async def test_an_empty_queue_ends(fake: FakeCompiler) -> None:
    assert await run(BuildQueue()) == []


class Unchanged(AlwaysNeeded):
    """A check by which everything is up to date."""

    def check(self, plan: BuildPlan, config: FunctionConfig, *, forced: bool) -> BuildNeed:  # noqa: ARG002
        return BuildNeed(fresh=True, reason="unchanged", key=plan.cwd.name)

    def __init__(self) -> None:
        self.recorded: list[tuple[object, str, str | None]] = []

    def record(
        self,
        plan: BuildPlan,  # noqa: ARG002
        need: BuildNeed,
        result: BuildResult,
        trigger: str | None,
    ) -> str | None:
        self.recorded.append((need.key, result.status, trigger))
        return "a word"


async def test_unchanged_functions_are_skipped_unless_forced(functions: list[Path], fake: FakeCompiler) -> None:
    fake.does("module")
    check = Unchanged()
    queue = BuildQueue(BuildOptions(need_check=check), jobs=1)
    queue.submit(functions[0])
    queue.submit(functions[1], force=True, trigger="function.go changed")
    events = await run(queue)
    assert ended(events) == [("a", "skipped"), ("b", "built")]
    assert check.recorded == [("b", "built", "function.go changed")]
    assert [event.result.note for event in events if isinstance(event, BuildEnded)] == [None, "a word"]


async def test_a_fault_of_ours_reaches_the_reader(
    functions: list[Path], fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(directory: Path, compiler: str) -> Ready | Refusal:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(beginning, "prepare", broken)
    queue = BuildQueue(jobs=1)
    queue.submit(functions[0])
    with pytest.raises(RuntimeError, match="a fault of ours"):
        await run(queue)

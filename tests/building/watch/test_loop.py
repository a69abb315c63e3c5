from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path

import pytest

from tui.assessment.assess import watched
from tui.assessment.terms import terms_here
from tui.building.watch.loop import (
    CIRCLE_BUILDS,
    CIRCLE_SECONDS,
    SAVED,
    CircleBreaker,
    WatchSuspended,
    settled,
    watch_builds,
)
from tui.building.watch.planner import ChangePlan, Rebuild, WatchPlanner
from tui.workspace.watch.also import Also
from tui.workspace.watch.following import Batch, watch_workspace

A, B = Path("/w/a"), Path("/w/b")


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def rebuild(directory: Path = A) -> Rebuild:
    return Rebuild(directory, "x.go changed", directory / "x.go")


async def batches(*steps: Path | Batch | float) -> AsyncIterator[Batch]:
    for step in steps:
        if isinstance(step, Path):
            yield Batch(frozenset({step}))
        elif isinstance(step, Batch):
            yield step
        else:
            await asyncio.sleep(step)


async def gather(changes: AsyncIterator[Batch], quiet: float, ceiling: float) -> list[frozenset[Path]]:
    return [batch async for batch in settled(changes, quiet, ceiling)]


async def test_what_comes_close_together_is_one() -> None:
    assert await gather(batches(A, B, A), 0.5, 5) == [{A, B}]


async def test_a_pause_parts() -> None:
    assert await gather(batches(A, 0.3, B), 0.02, 5) == [{A}, {B}]


async def test_the_ceiling_ends_an_endless_row() -> None:
    steps: list[Path | float] = [A, 0.01] * 40
    found = await gather(batches(*steps), 5, 0.1)
    assert len(found) >= 2
    assert all(batch == {A} for batch in found)


async def test_nothing_is_nothing() -> None:
    assert await gather(batches(), 0.02, 1) == []


async def test_a_fault_of_the_watcher_is_not_swallowed() -> None:
    async def broken() -> AsyncIterator[Batch]:
        yield Batch(frozenset({A}))
        raise OSError("no watches")

    with pytest.raises(OSError, match="no watches"):
        await gather(broken(), 0.02, 1)


async def test_who_stops_reading_leaves_no_task() -> None:
    before = len(asyncio.all_tasks())
    changes = settled(batches(A, 60.0), 0.01, 1)
    async for _batch in changes:
        break
    await changes.aclose()
    assert len(asyncio.all_tasks()) == before


def test_five_builds_in_twenty_seconds_and_no_more() -> None:
    clock = Clock()
    breaker = CircleBreaker(clock)
    allowed = []
    for _ in range(CIRCLE_BUILDS + 2):
        allowed.append(breaker.allows(rebuild()))
        clock.now += 1
    assert allowed == [True] * CIRCLE_BUILDS + [False] * 2
    assert breaker.suspended == {A: A / "x.go"}
    assert breaker.allows(rebuild(B))


def test_a_person_who_saves_now_and_then_is_not_stopped() -> None:
    clock = Clock()
    breaker = CircleBreaker(clock)
    for _ in range(50):
        assert breaker.allows(rebuild())
        clock.now += CIRCLE_SECONDS / CIRCLE_BUILDS


def test_a_key_takes_it_up_again() -> None:
    clock = Clock()
    breaker = CircleBreaker(clock)
    for _ in range(CIRCLE_BUILDS + 1):
        breaker.allows(rebuild())
    breaker.key()
    assert breaker.suspended == {}
    assert breaker.allows(rebuild())


def test_quiet_takes_it_up_again_and_going_on_does_not() -> None:
    clock = Clock()
    breaker = CircleBreaker(clock)
    for _ in range(CIRCLE_BUILDS + 1):
        breaker.allows(rebuild())
    for _ in range(30):
        clock.now += 1
        assert not breaker.allows(rebuild())
    clock.now += CIRCLE_SECONDS
    assert breaker.allows(rebuild())


class Script(WatchPlanner):
    """Gives one plan after the other, whatever changed."""

    def __init__(self, plans: Sequence[ChangePlan]) -> None:
        super().__init__(Path("/w"), partial(watched, terms=terms_here()))
        self.plans = list(plans)

    def plan(self, changed: object) -> ChangePlan:
        assert changed
        return self.plans.pop(0)


async def test_events_and_a_suspension_told_once() -> None:
    plans = [ChangePlan((rebuild(),))] * (CIRCLE_BUILDS + 2) + [ChangePlan(), ChangePlan((), (B,), ())]
    steps: list[Path | float] = [A, 0.15] * len(plans)
    breaker = CircleBreaker(Clock())
    events = [event async for event in watch_builds(batches(*steps), Script(plans), breaker, Also())]
    assert events[:CIRCLE_BUILDS] == [ChangePlan((rebuild(),))] * CIRCLE_BUILDS
    assert events[CIRCLE_BUILDS:] == [WatchSuspended(A, A / "x.go"), ChangePlan((), (B,), ())]
    told = events[CIRCLE_BUILDS]
    assert isinstance(told, WatchSuspended)
    assert "x.go" in told.words


async def test_a_package_elsewhere_is_watched_from_its_first_import_on(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/lib.go").write_text("package lib\n")
    (tmp_path / "ws/fn").mkdir(parents=True)
    (tmp_path / "go.mod").write_text("module example.com/all\n\ngo 1.24\n")
    (tmp_path / "ws/fn/function.yaml").write_text("name: fn\n")
    source = tmp_path / "ws/fn/function.go"
    source.write_text("package main\n\nfunc main() {}\n")
    planner = WatchPlanner(tmp_path / "ws", partial(watched, terms=terms_here()))
    planner.learn()
    also, stop, asked = Also(planner.outside), asyncio.Event(), asyncio.Queue[None]()
    assert os.fspath(tmp_path / "lib") not in also.folders

    async def edit() -> None:
        """Save again and again: the watch need not be up yet."""
        for number in range(10_000):
            source.write_text(f'package main\n\nimport _ "example.com/all/lib"\n\nfunc main() {{}} // {number}\n')
            with suppress(TimeoutError):
                await asyncio.wait_for(asked.get(), 0.5)
                break
        for number in range(10_000):
            (tmp_path / "lib/lib.go").write_text(f"package lib // {number}\n")
            await asyncio.sleep(0.2)

    editing = asyncio.create_task(edit())
    triggers = []
    async with asyncio.timeout(40):
        changes = watch_workspace(tmp_path / "ws", stop, also)
        async with aclosing(watch_builds(changes, planner, CircleBreaker(), also)) as events:
            async for event in events:
                assert isinstance(event, ChangePlan)
                triggers += [rebuild.trigger for rebuild in event.rebuild]
                asked.put_nowait(None)
                if "../../lib/lib.go changed" in triggers:
                    break
    editing.cancel()
    assert triggers[0] == "function.go changed"
    assert also.folders == {os.fspath(folder) for folder in (tmp_path, tmp_path / "lib")}


async def test_one_save_after_a_calm_is_not_waited_with() -> None:
    changes = settled(batches(A, 60.0), quiet=50, ceiling=50)
    try:
        assert await asyncio.wait_for(anext(changes), 20) == {A}
    finally:
        await changes.aclose()


async def test_what_a_formatter_makes_of_a_save_is_not_waited_with_and_what_comes_on_and_on_is() -> None:
    assert await gather(batches(A, 0.02, A, 0.02, B, 0.02, A), 0.3, 5) == [{A}, {A}, {A, B}]


async def test_a_save_that_is_still_being_written_is_waited_for() -> None:
    unfinished = Batch(frozenset({A}), quiet=False)
    assert await gather(batches(unfinished, 0.02, unfinished, 0.02, A, 0.3, B), 50, 50) == [{A}, {B}]
    assert await gather(batches(unfinished), 0.01, 50) == [{A}]


async def test_many_paths_are_waited_with() -> None:
    many = frozenset(Path(f"/w/{number}") for number in range(SAVED + 1))

    assert await gather(batches(Batch(many), 0.02, A), 0.3, 5) == [many | {A}]

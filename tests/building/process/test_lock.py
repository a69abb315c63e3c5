from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.building.faking import FakeCompiler, wait_until
from tui.building.events import BuildEnded, BuildEvent, BuildOutputBatch, BuildStarted, BuildWaiting, CompilerName
from tui.building.plan.preconditions import Ready, Refusal, prepare
from tui.building.process import beginning
from tui.building.process.lock import FunctionLock
from tui.building.process.runner import Build
from tui.building.workroom.workroom import Workroom, open_workroom

Make = Callable[..., Path]


def has_one_holder_at_a_time(directory: Path) -> None:
    first, second = FunctionLock(directory), FunctionLock(directory)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    has_one_holder_at_a_time(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_the_directory_is_the_directory(tmp_path: Path) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "link").symlink_to("fn")
    first, second = FunctionLock(tmp_path / "fn"), FunctionLock(tmp_path / "link")
    assert first.acquire()
    assert not second.acquire()
    first.release()


def test_a_directory_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FunctionLock(tmp_path / "gone").acquire()


def test_where_directories_cannot_be_locked_a_file_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, private_home: Path
) -> None:
    flock = fcntl.flock

    def unable(descriptor: int, operation: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.EBADF, "as NFS has it")
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", unable)
    has_one_holder_at_a_time(tmp_path)
    assert len(list((private_home / "state" / "fn-tui" / "locks").iterdir())) == 1


@pytest.mark.slow
async def test_two_fn_tui_build_one_after_the_other(
    function_directory: Make, fake: FakeCompiler, tmp_path: Path
) -> None:
    directory = function_directory()
    fake.does(f"ready:{tmp_path / 'ready'}", "hang")
    other = subprocess.Popen([sys.executable, "-m", "tui", "build", str(directory)], stdout=subprocess.DEVNULL)
    wait_until((tmp_path / "ready").exists, "the other fn-tui did not start")
    fake.does("say:mine", "module")
    events: list[BuildEvent] = []
    async for event in Build(directory).events():
        events.append(event)
        if isinstance(event, BuildWaiting):
            assert event.pid == other.pid
            other.terminate()
    assert other.wait(40) == 128 + 15
    kinds = [type(event) for event in events]
    assert kinds == [BuildWaiting, BuildStarted, BuildOutputBatch, BuildEnded]
    assert isinstance(events[-1], BuildEnded)
    assert events[-1].result.status == "built"
    fake.nothing_left(directory)


async def test_a_build_that_waits_can_be_cancelled(function_directory: Make, fake: FakeCompiler) -> None:
    directory = function_directory()
    lock = FunctionLock(directory)
    assert lock.acquire()
    build = Build(directory)
    events = []

    async def follow() -> None:
        async for event in build.events():
            events.append(event)
            if isinstance(event, BuildWaiting):
                asyncio.get_running_loop().call_soon(build.cancel)

    await asyncio.wait_for(follow(), 40)
    lock.release()
    assert isinstance(events[-1], BuildEnded)
    assert events[-1].result.status == "cancelled"
    fake.nothing_left(directory)


@pytest.mark.parametrize("how", ["cancel", "task"])
async def test_a_slow_disk_holds_neither_the_loop_nor_who_cancels(
    function_directory: Make, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """What must be so is looked at beside the loop; whoever does not wait for it leaves no lock."""
    directory = function_directory()
    looking, answered, given_back = threading.Event(), threading.Event(), threading.Event()
    release = FunctionLock.release

    def slow(directory: Path, compiler: CompilerName) -> Ready | Refusal:
        looking.set()
        assert answered.wait(40)
        return prepare(directory, compiler)

    def released(lock: FunctionLock) -> None:
        held = lock.is_held
        release(lock)
        if held:
            given_back.set()

    monkeypatch.setattr(beginning, "prepare", slow)
    monkeypatch.setattr(FunctionLock, "release", released)
    build = Build(directory)
    events: list[BuildEvent] = []

    async def follow() -> None:
        events.extend([event async for event in build.events()])

    following = asyncio.create_task(follow())
    assert await asyncio.to_thread(looking.wait, 40)
    if how == "cancel":
        build.cancel()
        await asyncio.wait_for(following, 40)
        assert [event.result.status for event in events if isinstance(event, BuildEnded)] == ["cancelled"]
    else:
        following.cancel()
        await asyncio.wait([following])
        assert following.cancelled()
    answered.set()
    assert await asyncio.to_thread(given_back.wait, 40)
    lock = FunctionLock(directory)
    assert lock.acquire()
    lock.release()
    fake.nothing_left(directory)


@pytest.mark.parametrize("how", ["cancel", "task"])
async def test_the_end_is_told_when_the_room_that_was_being_made_is_gone(
    function_directory: Make, fake: FakeCompiler, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """It is opened in one step with the first look, which nobody who cancels waits for."""
    directory = function_directory()
    opened, seen = threading.Event(), threading.Event()

    def slow(output: Path, *rest: Any, **more: Any) -> Workroom:
        room = open_workroom(output, *rest, **more)
        opened.set()
        assert seen.wait(40)
        return room

    monkeypatch.setattr(beginning, "open_workroom", slow)
    build = Build(directory)

    async def follow() -> list[BuildEvent]:
        return [event async for event in build.events()]

    following = asyncio.create_task(follow())
    assert await asyncio.to_thread(opened.wait, 40)
    (build.cancel if how == "cancel" else following.cancel)()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not following.done()
    seen.set()
    await asyncio.wait([following])
    fake.nothing_left(directory)
    lock = FunctionLock(directory)
    assert lock.acquire()
    lock.release()
    if how == "cancel":
        assert [event.result.status for event in following.result() if isinstance(event, BuildEnded)] == ["cancelled"]
    else:
        assert following.cancelled()

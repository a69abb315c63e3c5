from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tui.app.desk.builds import builds as room
from tui.app.desk.builds.builds import NUMBERED, BuildNews, Builds, ending_line
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.building.events import (
    BuildCancelling,
    BuildEnded,
    BuildOutputBatch,
    BuildQueued,
    BuildResult,
    BuildStarted,
    BuildWaiting,
    QueueChanged,
)
from tui.building.log.transcript import Transcript
from tui.building.plan.plan import plan_build
from tui.building.process.queue import BuildQueue, never_started
from tui.settings.keys import Settings
from tui.wasm.module import Module
from tui.workspace.function import Function, FunctionConfig


class Told:
    """Stands in for the workbench: what it was told."""

    def __init__(self) -> None:
        self.news: list[BuildNews] = []

    def build_ended(self, news: BuildNews) -> None:
        self.news.append(news)

    def builds_changed(self) -> None:
        """Nothing follows here."""

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()


@pytest.fixture
def builder(tmp_path: Path) -> Builds:
    store = Store()
    for name in ("chat", "echo"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text("name: fn\n")
        store.find([Function(name, tmp_path / name, has_yaml=True, has_go=True)])
    return Builds(store, Settings(log_lines=1000), "go", Told())


def chat(builder: Builds) -> FunctionRecord:
    return builder.store["chat"]


def log_of(builder: Builds) -> Transcript:
    transcript = chat(builder).transcript
    assert transcript is not None
    return transcript


def begun(builder: Builds) -> Path:
    """chat's build has started; its directory."""
    directory = chat(builder).function.directory
    builder._paths[directory] = "chat"
    builder.handle(BuildQueued(directory, 1, "person"))
    builder.handle(BuildStarted(directory, plan_build(directory, FunctionConfig("chat"), "go")))
    return directory


def result(directory: Path, status: str = "built", **fields: object) -> BuildResult:
    return BuildResult(directory, status, 0 if status == "built" else 1, 2.5, **fields)  # type: ignore[arg-type]


def test_the_log_begins_with_the_command_and_ends_with_how_it_ended(builder: Builds) -> None:
    directory = begun(builder)
    builder.handle(BuildOutputBatch(directory, "stderr", ("# example.com/fn", "warning"), 1.0))
    builder.handle(BuildEnded(directory, result(directory, size=82_000)))
    lines = list(log_of(builder).lines())
    assert [line.stream for line in lines] == ["fn-tui", "stderr", "stderr", "fn-tui"]
    assert lines[0].text.startswith("$ ")
    assert "GOOS=wasip1 GOARCH=wasm" in lines[0].text
    assert "go build -o" in lines[0].text
    assert lines[-1].text == f"Built {directory}/function.wasm (82,000 bytes)"
    assert lines[-1].seconds == 2.5
    assert log_of(builder).closed
    path = log_of(builder).path
    assert path is not None
    assert path.read_text().splitlines() == [line.text for line in lines]


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        ("failed", "tinygo build failed: exit status 1", "tinygo build failed: exit status 1"),
        ("cancelled", "cancelled by SIGINT after 2.5 s", "cancelled by SIGINT after 2.5 s"),
        ("cancelled", None, "cancelled"),
        ("failed", None, "the build failed"),
        ("skipped", None, "up to date: nothing to build"),
    ],
)
def test_the_last_line_in_the_deploy_tool_s_words(status: str, error: str | None, words: str) -> None:
    assert ending_line(Path("/fn/function.wasm"), result(Path("/fn"), status, error=error)) == words


def test_progress_follows_the_queue(builder: Builds) -> None:
    directory = chat(builder).function.directory
    builder._paths[directory] = "chat"
    builder.handle(BuildQueued(directory, 3, "watch", "function.go changed"))
    assert (chat(builder).progress.phase, chat(builder).progress.position) == ("queued", 3)
    builder.handle(QueueChanged((directory,), (), 1))
    assert chat(builder).progress.position == 1
    builder.handle(BuildStarted(directory, plan_build(directory, FunctionConfig("chat"), "go")))
    assert chat(builder).progress.phase == "building"
    assert chat(builder).progress.trigger == "function.go changed"
    builder.handle(BuildCancelling(directory, "SIGINT", 2.0))
    assert (chat(builder).progress.phase, chat(builder).progress.signal) == ("cancelling", "SIGINT")
    assert chat(builder).progress.deadline is not None
    builder.handle(BuildEnded(directory, result(directory, "cancelled", error="cancelled")))
    assert chat(builder).progress.phase == "idle"
    assert isinstance(builder.listener, Told)
    assert [(one.path, one.trigger) for one in builder.listener.news] == [("chat", "function.go changed")]


def test_a_build_that_waits_for_another_fn_tui_is_not_called_building(builder: Builds) -> None:
    directory = chat(builder).function.directory
    builder._paths[directory] = "chat"
    builder.handle(BuildQueued(directory, 1, "person"))
    builder.handle(BuildWaiting(directory, 4711))
    assert (chat(builder).progress.phase, chat(builder).progress.waits_for) == ("queued", "function")
    builder.handle(BuildEnded(directory, result(directory, "failed", error="locked")))
    assert chat(builder).transcript is None
    assert chat(builder).last is not None


def test_one_whose_turn_has_come_has_no_place_in_the_queue_any_more(builder: Builds) -> None:
    """It may wait at a worker: `queued 2` stood there for as long as it did, beside another one."""
    directory = chat(builder).function.directory
    builder._paths[directory] = "chat"
    builder.handle(BuildQueued(directory, 2, "person"))
    builder.handle(QueueChanged((Path("/other"), directory), (), 1))
    assert chat(builder).progress.position == 2
    builder.handle(QueueChanged((), (Path("/other"), directory), 1))
    assert (chat(builder).progress.phase, chat(builder).progress.position) == ("queued", 0)


def test_a_build_whose_cluster_has_gone_says_nothing_of_the_function(builder: Builds) -> None:
    directory = begun(builder)
    builder.handle(BuildEnded(directory, result(directory, "failed", error="no")))
    before = chat(builder)
    begun(builder)
    builder.handle(BuildWaiting(directory, waits_for="slot"))  # its worker has died
    assert chat(builder).progress.phase == "queued"
    builder.handle(BuildEnded(directory, result(directory, "lost", error="it has gone")))
    assert (chat(builder).progress.phase, chat(builder).last) == ("idle", before.last)
    transcript = chat(builder).transcript
    assert transcript is not None
    assert transcript.closed
    builder.handle(BuildQueued(directory, 1, "person"))
    builder.handle(BuildEnded(directory, never_started(directory, "it has gone", "lost")))
    builder.handle(QueueChanged((), (), 1))
    assert (chat(builder).progress.phase, chat(builder).last) == ("idle", before.last)
    assert [news.began for news in cast("Told", builder.listener).news] == [True, True, False]


def test_the_size_before_is_not_that_before_a_build_whose_cluster_has_gone(builder: Builds) -> None:
    builder.store.change("chat", module=Module(70_000, "core"), previous_size=60_000)
    builder.handle(BuildEnded(begun(builder), result(chat(builder).function.directory, "lost", error="it has gone")))
    builder.store.change("chat", module=None)  # somebody removed it meanwhile
    builder.handle(BuildEnded(begun(builder), result(chat(builder).function.directory)))
    assert chat(builder).previous_size == 60_000


def test_a_skipped_build_keeps_what_the_last_one_said(builder: Builds) -> None:
    directory = begun(builder)
    builder.handle(BuildEnded(directory, result(directory, "failed", error="no")))
    before = chat(builder).last
    builder.handle(BuildEnded(directory, result(directory, "skipped")))
    assert chat(builder).last is before
    assert [line.text for line in log_of(builder).lines()][-1] == "no"


def test_news_of_a_function_that_is_gone_are_passed_over(builder: Builds, tmp_path: Path) -> None:
    directory = begun(builder)
    builder.store.find([], whole=True)
    builder.handle(BuildOutputBatch(directory, "stderr", ("x",), 1.0))
    builder.handle(BuildEnded(directory, result(directory)))
    builder.handle(BuildEnded(tmp_path / "never", result(tmp_path / "never")))
    assert len(builder.store) == 0


@pytest.mark.parametrize("status", ["failed", "built"])
def test_the_size_before_is_that_of_a_module_which_was_replaced(builder: Builds, status: str) -> None:
    builder.store.change("chat", module=Module(70_000, "core"), previous_size=60_000)
    directory = begun(builder)
    assert chat(builder).previous_size == 60_000
    builder.store.change("chat", module=Module(82_000, "core"))  # read while the build was still being put on record
    builder.handle(BuildEnded(directory, result(directory, status)))
    assert chat(builder).previous_size == (70_000 if status == "built" else 60_000)


async def test_places_in_a_long_queue_are_told_now_and_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every end of a build moves all that wait: with thousands of short ones that would be most of the work."""
    store = Store()
    paths = [f"fn{number:04}" for number in range(2 * NUMBERED)]
    store.find([Function(path, tmp_path / path, has_yaml=True, has_go=True) for path in paths])
    monkeypatch.setattr(room, "NUMBERING", 0.0)
    builds = Builds(store, Settings(), "go", Told())
    folders = [tmp_path / path for path in paths]
    builds._paths = dict(zip(folders, paths, strict=True))
    for place, folder in enumerate(folders, 1):
        builds.handle(BuildQueued(folder, place, "person"))
    builds.handle(QueueChanged(tuple(folders), (), 1))
    builds._told_places += 600  # as if no time went by
    told = asyncio.Event()
    changes: list[int] = []
    store.listen(lambda change: changes.append(len(change.paths)))
    store.listen(lambda _: told.set())
    for done in range(1, 10):
        builds.handle(now := QueueChanged(tuple(folders[done:]), (), 1))
    assert changes == []
    builds._queue = cast("BuildQueue", SimpleNamespace(state=now))
    await asyncio.wait_for(told.wait(), 40)
    assert [store[path].progress.position for path in paths[9 : NUMBERED + 9]] == [*range(1, NUMBERED + 1)]
    assert len(changes) == 1


def test_thousands_that_are_cancelled_together_are_one_change(tmp_path: Path) -> None:
    store, told = Store(), Told()
    paths = [f"fn{number:04}" for number in range(3 * NUMBERED)]
    store.find([Function(path, tmp_path / path, has_yaml=True, has_go=True) for path in paths])
    builds = Builds(store, Settings(), "go", told)
    builds._paths = {tmp_path / path: path for path in paths}
    for place, path in enumerate(paths, 1):
        builds.handle(BuildQueued(tmp_path / path, place, "person"))
    builds.handle(QueueChanged(tuple(tmp_path / path for path in paths[1:]), (), 1))
    places = [store[path].progress.position for path in paths[1:]]
    assert [*range(1, NUMBERED + 1)] == places[:NUMBERED]
    assert set(places[NUMBERED:]) == {0}
    changes: list[int] = []
    store.listen(lambda change: changes.append(len(change.paths)))
    for path in paths:
        builds.handle(BuildEnded(tmp_path / path, never_started(tmp_path / path, "cancelled")))
    assert (changes, told.news) == ([], [])
    builds.handle(QueueChanged((), (), 1))
    assert changes == [len(paths)]
    assert [news.path for news in told.news] == paths
    assert {(store[path].progress.phase, store[path].began, store.state(path)) for path in paths} == {
        ("idle", False, "reading")  # none of them was read
    }
    assert {record.last.status for record in store if record.last is not None} == {"cancelled"}

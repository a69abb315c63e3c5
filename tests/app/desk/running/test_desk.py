"""Runs behind the screen, without one: what is asked for by path is told when it ends, and the loop waits for none."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.app.desk.running.functions import ECHO, LOOPS, TRAPS, lay, module
from tests.app.samples import CONTRACT, VOID, make_module
from tests.cli.commands.dev.desk import descendants
from tui.app.desk.builds.builds import BuildNews
from tui.app.desk.running.desk import RunDesk
from tui.app.desk.running.model import Draft, Report
from tui.app.desk.running.passing import passage_of
from tui.app.desk.store import Store
from tui.app.notices import Notice
from tui.app.panes.run.pane import standing_words
from tui.building.events import BuildResult, BuildStatus
from tui.building.record.runs import last_run, stamp_of
from tui.gateway.life.life import life
from tui.gateway.life.passage import Passage
from tui.running.inputs import MOST_INPUTS, recent_inputs, remember_input
from tui.workspace.find import find_functions
from tui.workspace.function import FunctionConfig

PATIENCE = 60.0


class Heard:
    """Hears what the desk has to say."""

    def __init__(self) -> None:
        self.said: list[Notice] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.builds: list[list[str]] = []
        self.say, self.build = self.said.append, self.builds.append

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))


class Bench:
    """A desk on a workspace of small functions."""

    def __init__(self, workspace: Path) -> None:
        self.workspace, self.heard, store = workspace, Heard(), Store()
        store.find(find_functions(workspace)[0])
        self.desk = RunDesk(workspace, store, self.heard, remember=True)

    async def until(self, fact: Callable[[], object]) -> None:
        due = time.monotonic() + PATIENCE
        while not fact():
            assert time.monotonic() < due
            for task in self.heard.tasks:
                assert not task.done() or task.exception() is None
            await asyncio.sleep(0.01)

    async def ran(self, path: str, text: str = "{}") -> Report:
        """A whole run."""
        assert self.desk.run(path, Draft(text))
        await self.until(lambda: self.desk.of(path).under_way is None)
        last = self.desk.of(path).last
        assert last is not None
        return last


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    workspace = tmp_path / "ws"
    for name, text in (("echo", ECHO), ("traps", TRAPS), ("loops", LOOPS)):
        lay(workspace, name, text)
    (workspace / "unbuilt").mkdir()
    (workspace / "unbuilt" / "function.yaml").write_text("name: unbuilt\n")
    made = Bench(workspace)
    yield made
    await made.desk.stop()


async def test_an_answer_is_shown_pretty_and_counts_as_the_last_run_here(bench: Bench) -> None:
    report = await bench.ran("echo", '{"a":[1,{"b":"ü"}]}')
    assert report.answer is not None
    assert report.ok
    assert report.body.lines == ("{", '  "a": [', "    1,", "    {", '      "b": "ü"', "    }", "  ]", "}")
    assert report.body.is_json
    folder = bench.workspace / "echo"
    kept = last_run(folder, stamp_of(folder / "function.wasm"))
    assert kept is not None
    assert kept.answered
    assert recent_inputs(folder) == ('{"a":[1,{"b":"ü"}]}',)
    assert not bench.heard.said


async def test_a_module_that_is_compiled_is_not_said_to_run(bench: Bench) -> None:
    module = make_module("command", {"_start": VOID})
    bench.desk.store.change("echo", life=life(FunctionConfig("echo"), module, CONTRACT))
    seen: list[tuple[str, Passage | None]] = []
    bench.desk.listen(
        lambda path: seen.append((standing_words(bench.desk, path), passage_of(bench.desk, bench.desk.store[path])))
    )
    runs = Passage(runs="_start")
    await bench.ran("echo")
    assert [*dict.fromkeys(seen)][:-1] == [("starting", None), ("compiling", None), ("running", runs)]
    seen.clear()
    await bench.ran("echo")
    assert [*dict.fromkeys(seen)][:-1] == [("starting", None), ("running", runs)]  # out of the cache


async def test_a_trap_comes_with_the_words_of_the_engine_and_of_run(bench: Bench) -> None:
    report = await bench.ran("traps")
    assert report.answer is not None
    assert report.answer.trap is not None
    assert report.answer.client is not None
    assert report.answer.client.status == 500
    assert [call.name for call in report.answer.host_calls] == ["log_info", "cache_incr", "log_info"]
    assert report.why[0] == "It failed: it trapped (unreachable)"
    assert any("wasm error: unreachable" in line for line in report.why)


async def test_a_call_is_ended_at_once_and_leaves_no_process(bench: Bench) -> None:
    before = descendants(os.getpid())
    assert bench.desk.run("loops", Draft())
    assert not bench.desk.run("loops", Draft())  # one at a time
    await bench.until(lambda: descendants(os.getpid()) - before)
    assert bench.desk.cancel("loops")
    await bench.until(lambda: bench.desk.of("loops").under_way is None)
    last = bench.desk.of("loops").last
    assert last is not None
    assert (last.answer, last.words) == (None, "cancelled: its process was ended")
    assert not bench.desk.cancel("loops")
    await bench.until(lambda: not descendants(os.getpid()) - before)


async def test_the_end_of_the_screen_ends_what_runs(bench: Bench) -> None:
    before = descendants(os.getpid())
    assert bench.desk.run("loops", Draft())
    await bench.until(lambda: descendants(os.getpid()) - before)
    await bench.desk.stop()
    await bench.until(lambda: not descendants(os.getpid()) - before)
    assert not bench.desk.run("echo", Draft())


async def test_what_is_not_built_says_so_and_runs_when_it_is(bench: Bench) -> None:
    assert (await bench.ran("unbuilt")).words == "not built yet"
    bench.desk.build_and_run("echo", Draft("1"))
    assert bench.heard.builds == [["echo"]]
    assert bench.desk.of("echo").awaiting is not None
    bench.desk.built(_news(bench, "echo", "failed"))
    assert bench.desk.of("echo").under_way is None
    bench.desk.build_and_run("echo", Draft("1"))
    bench.desk.built(_news(bench, "echo", "built"))
    await bench.until(lambda: bench.desk.of("echo").last)
    last = bench.desk.of("echo").last
    assert last is not None
    assert last.body.lines == ("1",)


def _news(bench: Bench, path: str, status: BuildStatus) -> BuildNews:
    return BuildNews(path, BuildResult(bench.workspace / path, status, 0, 1.0), None)


def test_inputs_are_kept_newest_first_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    for number in range(MOST_INPUTS + 5):
        assert remember_input(tmp_path / "f", str(number)) is None
    assert remember_input(tmp_path / "f", "20") is None
    assert remember_input(tmp_path / "f", "x" * 100_000) is None
    kept = recent_inputs(tmp_path / "f")
    assert (kept[:2], len(kept), len(set(kept))) == (("20", "24"), MOST_INPUTS, MOST_INPUTS)
    assert recent_inputs(tmp_path / "other") == ()


async def test_a_call_is_kept_tested_and_recalled(bench: Bench) -> None:
    report = await bench.ran("echo", '{"a":1}')
    await bench.desk.keep("echo", "gives back", report)
    await bench.desk.keep("echo", "gives back", report)
    assert [notice.severity for notice in bench.heard.said] == ["information", "warning"]
    found = await bench.desk.remembered("echo")
    assert [(draft.name, draft.text) for draft in found.calls] == [("gives back", '{"a":1}')]
    assert found.inputs == ('{"a":1}',)
    assert bench.desk.test(["echo", "traps", "gone"]) == 2
    await bench.until(lambda: len(bench.heard.said) == 3)
    tested = bench.desk.of("echo").tested
    assert tested is not None
    assert tested.passed
    assert bench.desk.store["echo"].tested == (1, 1)
    assert bench.heard.said[2].text == "traps: there is no calls.yaml here; 1 call as expected"
    (bench.workspace / "echo" / "function.wasm").write_bytes(module(TRAPS))
    bench.desk.again = True
    bench.desk.built(_news(bench, "echo", "built"))
    await bench.until(lambda: len(bench.heard.said) == 4 and bench.desk.of("echo").under_way is None)
    assert bench.desk.store["echo"].tested == (0, 1)
    last = bench.desk.of("echo").last
    assert last is not None
    assert last.draft.text == '{"a":1}'  # what was run was run again, too
    assert not last.ok
    bench.desk.again = False
    bench.desk.built(_news(bench, "echo", "built"))
    assert bench.desk.store["echo"].tested is None  # of a module that is gone


async def test_the_same_call_on_the_module_before_is_compared(bench: Bench, tmp_path: Path) -> None:
    await bench.ran("echo", '{"a":1}')
    before = tmp_path / "before.wasm"
    before.write_bytes(module(TRAPS))
    folder = bench.workspace / "echo"
    kept = last_run(folder, stamp_of(folder / "function.wasm"))
    assert bench.desk.run("echo", Draft('{"a":1}'), before=before)
    await bench.until(lambda: bench.desk.of("echo").difference)
    found = bench.desk.of("echo").difference
    assert found is not None
    assert found.after.before
    assert "-status 200" in found.lines
    assert any(line.startswith("+status 500") for line in found.lines)
    assert last_run(folder, stamp_of(folder / "function.wasm")) == kept  # it says nothing of the module that is there
    assert bench.desk.forget_difference("echo")
    assert not bench.desk.forget_difference("echo")


async def test_two_answers_that_are_alike_differ_in_nothing(bench: Bench) -> None:
    assert not bench.desk.compare("echo")
    await bench.ran("echo", "plain text")
    await bench.ran("echo", "plain text")
    assert bench.desk.compare("echo")
    await bench.until(lambda: bench.desk.of("echo").difference)
    found = bench.desk.of("echo").difference
    assert found is not None
    assert found.lines == ()


async def test_the_end_of_the_screen_waits_for_no_kept_call(bench: Bench) -> None:
    (bench.workspace / "loops" / "calls.yaml").write_text("one: {}\ntwo: {}\n")
    before = descendants(os.getpid())
    assert bench.desk.test(["loops"]) == 1
    await bench.until(lambda: descendants(os.getpid()) - before)
    await bench.desk.stop()
    await bench.until(lambda: bench.desk.of("loops").tested)
    tested = bench.desk.of("loops").tested
    assert tested is not None
    assert all("was lost" in one.differs[0] for one in tested.outcomes)  # none was waited for
    await bench.until(lambda: not descendants(os.getpid()) - before)

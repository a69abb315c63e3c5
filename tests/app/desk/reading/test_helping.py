"""Functions that other processes read are known here as if they had been read here."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

import pytest

from tests.app.desk.reading.test_reader import Told, until
from tests.assessment.kept.test_kept import make, settle
from tui.app.desk.reading import helping
from tui.app.desk.reading.helping import Helpers, worth_helpers
from tui.app.desk.reading.reader import Reader
from tui.app.desk.store import Store
from tui.assessment.kept.learner import learn, terms_of
from tui.assessment.terms import terms_here
from tui.workspace.function import Function

COUNT = 24


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in range(COUNT):
        make(tmp_path / "ws" / f"fn{number:02}")
    (tmp_path / "ws" / "fn20" / "function.yaml").write_text("name: [\n")
    (tmp_path / "ws" / "fn21" / "function.wasm").unlink()
    settle(tmp_path)
    monkeypatch.setattr(helping, "usable_cores", lambda: 2)
    monkeypatch.setattr(helping, "WORTH", 0.001)
    return tmp_path / "ws"


def functions_of(root: Path) -> list[Function]:
    return [Function(path.name, path, has_yaml=True, has_go=True) for path in sorted(root.iterdir())]


async def opened(root: Path) -> tuple[Store, Reader]:
    store, terms = Store(), terms_here()
    reader = Reader(store, lambda: terms, Told(), root)
    reader.find(root)
    reader.begin()
    await until(lambda: not reader.searching and not reader.pending and store.counts["reading"] == 0)
    reader.close()
    await reader.ended()
    return store, reader


def test_what_is_learned_is_kept_as_each_answer_says(root: Path) -> None:
    lines = [json.dumps([f.path, str(f.directory), f.has_yaml, f.has_go]).encode() for f in functions_of(root)[:2]]
    answers = learn(lines, terms_of(str(root), "tinygo"))
    ahead = terms_of(str(root), "tinygo").kept
    assert ahead is not None
    for function in functions_of(root)[:2]:
        assert ahead.outlined(function, terms_here()) is None
        next(answers)
        ahead.relearn()
        assert ahead.outlined(function, terms_here()) is not None


@pytest.fixture
def help_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that reads waits for the first answer of its helpers, which else may find nothing left to do."""
    hire = Helpers.hire

    def hire_and_wait(helpers: Helpers, count: int, compiler: str) -> None:
        answered, give = threading.Event(), helpers._give

        def answer(functions: list[Function]) -> None:
            give(functions)
            answered.set()

        helpers._give = answer
        hire(helpers, count, compiler)
        assert answered.wait(40)

    monkeypatch.setattr(Helpers, "hire", hire_and_wait)


@pytest.mark.usefixtures("help_comes")
async def test_helpers_learn_what_is_read_last(root: Path) -> None:
    store, reader = await opened(root)
    assert any(not record.is_whole for record in store)  # so that it was taken from what is kept
    assert reader._helpers is not None
    await until(lambda: reader._helpers is None or all(each.poll() is not None for each in reader._helpers._processes))
    states = {path: store.state(path) for path in store.paths}
    assert set(states.values()) == {"stale", "refused", "unbuilt"}
    assert (states["fn20"], states["fn21"], len(states)) == ("refused", "unbuilt", COUNT)
    again, second = await opened(root)
    assert {path: again.state(path) for path in again.paths} == states
    assert second._helpers is None  # nothing was to be read


async def test_what_is_read_here_before_long_is_not_handed_out(root: Path) -> None:
    store, terms = Store(), terms_here()
    reader = Reader(store, lambda: terms, Told(), root)  # which was not told to begin
    names = [function.path for function in functions_of(root)]
    store.find(functions_of(root))
    reader.request(names)
    reader.request(names[-2:], urgent=True)
    assert [function.path for function in reader._hand_out(4)] == names[-3:-7:-1]
    reader.begin()
    handed = [store.function(name) for name in names[-6:-2]]
    reader._take_back(handed)
    await until(lambda: not reader.pending and store.counts["reading"] == 0)
    reader.close()
    await reader.ended()


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/python"])
async def test_helpers_that_fail_cost_time_only(root: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(sys, "executable", program)
    store, reader = await opened(root)
    assert reader._helpers is not None
    assert store.counts["stale"] == COUNT - 2


def test_help_is_asked_for_where_it_pays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    functions = functions_of(root)
    assert worth_helpers(functions, 1.0) == 1
    assert worth_helpers(functions, 0.0) == 0
    assert worth_helpers([], 1.0) == 0
    monkeypatch.setattr(helping, "usable_cores", lambda: 1)
    assert worth_helpers(functions, 1.0) == 0
    monkeypatch.setattr(helping, "usable_cores", lambda: 64)
    assert worth_helpers(functions, 1.0) == helping.MOST
    monkeypatch.setattr(helping, "WORTH", 60.0)
    assert worth_helpers(functions, 1.0) == 0
    with (functions[0].directory / "function.wasm").open("r+b") as file:
        file.truncate(4 << 30)
    assert worth_helpers(functions, 1.0) == 2

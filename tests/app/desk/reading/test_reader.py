from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.assessment.kept.test_kept import make, settle
from tests.monorepo import SOURCE
from tests.monorepo import module as small
from tui.app.desk.reading import inbox as inboxes
from tui.app.desk.reading import reader as reading
from tui.app.desk.reading.inbox import WHENEVER, Fields, Inbox
from tui.app.desk.reading.reader import Reader
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.assessment.assess import assess
from tui.assessment.assess import read as real_read
from tui.assessment.kept.kept import kept_of
from tui.assessment.terms import Terms, terms_here
from tui.building.inputs.freshness import Staleness
from tui.lines.states import State
from tui.wasm.decode import decode
from tui.wasm.module import Module
from tui.workspace.function import Function

SOME = 4  # functions


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, yaml in (("chat", "name: chat\nws_persistent: true\n"), ("digest", "memory: lots\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "function.yaml").write_text(yaml)
    (tmp_path / "chat" / "function.wasm").write_bytes(b"not wasm")
    return tmp_path


async def until(fact: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not fact():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


class Told:
    """Stands in for the workbench: what it was told."""

    def __init__(self) -> None:
        self.searches = 0
        self.faults: list[BaseException] = []

    def search_ended(self) -> None:
        self.searches += 1

    def fail(self, fault: BaseException) -> None:
        self.faults.append(fault)


def reader_of(store: Store, told: Told | None = None) -> Reader:
    terms = terms_here()
    return Reader(store, lambda: terms, told or Told())


async def test_what_is_found_is_read_and_what_is_gone_leaves(root: Path) -> None:
    store = Store()
    reader = reader_of(store)
    try:
        reader.find(root)
        await until(lambda: not reader.searching and all(store[path].life is not None for path in store.paths))
        assert store.paths == ["chat", "digest"]
        assert store.state("digest") == "refused"
        assert store.state("chat") == "blocked"
        (root / "digest" / "function.yaml").unlink()
        reader.find(root)
        await until(lambda: store.paths == ["chat"])
    finally:
        reader.close()


async def test_of_many_functions_what_is_looked_at_is_held_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a module holds is read again for a person who goes there; lists have what they tell."""
    monkeypatch.setattr(reading, "HELD_WHOLE", 1)
    wasm = small(100, reactor=True, sockets=True)
    (root / "chat" / "function.wasm").write_bytes(wasm)
    store = Store()
    reader = reader_of(store)
    try:
        reader.find(root)
        await until(lambda: not reader.searching and all(store.state(path) != "reading" for path in store.paths))
        await until(lambda: store["chat"].verdict is not None)
        record = store["chat"]
        assert (record.is_whole, record.module, record.life, record.source) == (False, None, None, None)
        assert (record.told.size, record.told.complete) == (len(wasm), True)
        reader.opened(record)
        await until(lambda: store["chat"].is_whole)
        assert store["chat"].module is not None
        assert store["chat"].source == b"name: chat\nws_persistent: true\n"
        reader.request(["chat"])
        await until(lambda: store["chat"].is_whole and not reader.pending)  # it is still looked at
    finally:
        reader.close()


async def test_a_fault_in_a_thread_reaches_the_boundary(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[None]:
        yield from ()
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(reading, "iter_functions", broken)
    told = Told()
    reader = reader_of(Store(), told)
    reader.find(root)
    await until(lambda: bool(told.faults))
    assert isinstance(told.faults[0], ZeroDivisionError)
    reader.close()


async def test_after_close_nothing_is_told(root: Path) -> None:
    store = Store()
    reader = reader_of(store)
    before = threading.active_count()
    reader.find(root)
    reader.close()
    await until(lambda: threading.active_count() <= before)  # whatever they were about to tell is told
    assert len(store) == 0


async def test_of_results_for_one_function_the_later_holds_and_the_earlier_is_not_lost(root: Path) -> None:
    store = Store()
    store.find([Function("fn", root, has_yaml=True, has_go=True)])
    inbox = Inbox(store, lambda: 0)
    told: list[Fields] = [{"modified": 1.0, "source": None}, {"modified": 2.0}, {"staleness": Staleness("fresh")}]
    for fields in told:
        inbox.add("fn", fields, WHENEVER)  # before there is a loop to be told
    inbox.open()
    inbox.hand_on(lambda: None)
    await until(lambda: inbox.is_empty)
    assert (store["fn"].modified, store["fn"].staleness) == (2.0, Staleness("fresh"))


async def test_while_many_are_read_what_a_person_looks_at_does_not_wait_for_a_frame_of_all(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inboxes, "BULK_SECONDS", 3_600.0)
    monkeypatch.setattr(inboxes, "SOON_SECONDS", 1_800.0)
    store = Store()
    store.find([Function("fn", root, has_yaml=True, has_go=True)])
    inbox = Inbox(store, lambda: inboxes.BULK + 1)
    inbox.open()
    inbox.hand_on(lambda: None)
    await until(lambda: inbox.is_empty)
    for urgency in (inboxes.WHENEVER, inboxes.SOON):
        inbox.add("fn", {"modified": float(urgency)}, urgency)
        for _ in range(5):
            await asyncio.sleep(0)
        assert not inbox.is_empty
    inbox.add("fn", {"at": 3.0}, inboxes.NOW)
    await until(lambda: inbox.is_empty)
    assert (store["fn"].modified, store["fn"].at) == (2.0, 3.0)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions whose config was read, in order."""
    paths: list[str] = []

    def noting(record: FunctionRecord, terms: Terms) -> FunctionRecord:
        paths.append(record.path)
        return real_read(record, terms)

    monkeypatch.setattr(reading, "read", noting)
    return paths


async def test_what_is_asked_for_twice_before_it_is_read_is_read_once(root: Path, read: list[str]) -> None:
    store = Store()
    reader = reader_of(store)
    reader.find(root)
    await until(lambda: not reader.searching)
    path = store.paths[0]
    reader.request([path], urgent=True)
    reader.begin()
    await until(lambda: not reader.pending and store.counts["reading"] == 0)
    assert read.count(path) == 1
    reader.request([path])
    await until(lambda: read.count(path) == 2)
    reader.close()


async def test_what_was_learned_is_asked_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: list[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root, terms = tmp_path / "ws", terms_here()
    for number in range(SOME):
        make(root / f"fn{number:02}")
    settle(tmp_path)

    async def opened(look_at: str | None = None) -> Store:
        store, told = Store(), Told()
        reader = Reader(store, lambda: terms, told, root)
        reader.glance(root, 20)
        glanced.append({path: store.last(path) for path in store.paths})
        assert store.counts["reading"] == SOME
        reader.find(root)
        reader.begin()
        await until(lambda: not reader.searching and not reader.pending and store.counts["reading"] == 0)
        if look_at is not None:
            reader.opened(store[look_at])
            await until(lambda: store[look_at].is_whole)
        reader.close()
        await reader.ended()
        assert reader._thread is not None
        assert not reader._thread.is_alive()
        return store

    glanced: list[dict[str, State | None]] = []
    first = await opened()
    assert len(set(read)) == SOME
    read.clear()
    second = await opened("fn03")
    assert not read
    assert [path for path in second.paths if second[path].is_whole] == ["fn03"]
    assert [record.told for record in second] == [record.told for record in first]
    assert [second.state(path) for path in second.paths] == [first.state(path) for path in first.paths]
    assert repr(second["fn03"].life) == repr(first["fn03"].life)
    (root / "fn03" / "function.yaml").write_text("name: [\n")
    third = await opened()
    assert set(read) == {"fn03"}
    assert third.state("fn03") == "refused"
    assert set(glanced[0].values()) == {None}
    assert glanced[1] == glanced[2] == {path: first.state(path) for path in first.paths}
    assert {third.last(path) for path in third.paths} == {None}


async def test_a_module_that_is_the_same_is_not_decoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "ws"
    for number in range(SOME):
        make(root / f"fn{number:02}")
    settle(tmp_path)
    terms = terms_here(kept=kept_of(os.fspath(root)))
    for number in range(SOME):
        assess(Function(f"fn{number:02}", root / f"fn{number:02}", has_yaml=True, has_go=True), terms)
    assert terms.kept is not None
    assert terms.kept.close() is None
    decoded: list[bytes] = []
    real = decode.decode

    def noting(wasm: bytes, **how: Any) -> Module:
        decoded.append(wasm)
        return real(wasm, **how)

    monkeypatch.setattr(decode, "decode", noting)
    store = Store()
    reader = Reader(store, lambda: terms, Told(), root)
    reader.find(root)
    reader.begin()
    await until(lambda: not reader.searching and not reader.pending and store.counts["reading"] == 0)
    assert not store["fn03"].is_whole
    (root / "fn03" / "function.go").write_text(SOURCE + "// more")
    reader.request(["fn03"], urgent=True)
    await until(lambda: store["fn03"].is_whole)
    assert (store.state("fn03"), store["fn03"].module is None, decoded) == ("stale", False, [])
    (root / "fn03" / "function.wasm").write_bytes(b"no module")
    reader.request(["fn03"], urgent=True)
    await until(lambda: store.state("fn03") == "blocked")
    assert decoded == [b"no module"]
    reader.close()

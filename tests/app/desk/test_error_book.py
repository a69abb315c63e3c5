from __future__ import annotations

from dataclasses import replace

import pytest

from tests.app.records import built, ended, finding, record, refused
from tui.app.desk.error_book import ErrorBook, ErrorPlace, entry_of
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import first_trouble
from tui.app.desk.store import Store
from tui.app.panes.places import place_to_edit
from tui.building.events import Diagnostic
from tui.building.record.history import BuildRecord
from tui.gateway.verdict import Place, Verdict

UNDEFINED = Diagnostic("error", "undefined: x", "function.go", 3, 2)
UNUSED = Diagnostic("warning", "unused", "function.go", 4)


def store_of(*records: FunctionRecord) -> Store:
    store = Store()
    store.find(known.function for known in records)
    for known in records:
        store.change(
            known.path,
            **{name: getattr(known, name) for name in ("reading", "last", "finished", "verdict", "module", "modified")},
        )
    return store


def test_what_is_wrong_is_in_the_order_of_the_list_round_the_end() -> None:
    book = ErrorBook(
        store_of(
            ended(record("a"), "failed", UNDEFINED, UNUSED), refused("c"), record("b"), ended(record("d"), "failed")
        )
    )
    assert book.places() == [ErrorPlace("a", 0), ErrorPlace("a", 1), ErrorPlace("c", 0), ErrorPlace("d", 0)]
    assert [place.path for place in book.places("b")] == ["c", "d", "a", "a"]
    assert (book.count("error"), book.count("warning")) == (3, 1)
    assert [book.standing(place) for place in book.places()] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert book.standing(ErrorPlace("a", 2)) is book.standing(ErrorPlace("b", 0)) is None


def test_it_follows_what_changes() -> None:
    store = store_of(ended(record("a"), "failed", UNDEFINED), record("b"))
    book = ErrorBook(store)
    assert book.count("error") == 1
    store.change("a", last=None)
    store.change("b", reading=refused("b").reading)
    assert [entry.path for entry in book.in_order()] == ["b"]
    store.change("a", last=ended(record("a"), "failed", UNDEFINED, UNUSED).last)
    assert (book.count("error"), book.count("warning"), book.standing(ErrorPlace("b", 0))) == (2, 1, (3, 3))
    store.change("a", last=None)
    store.find([store.function("a")], whole=True)
    assert not book.entries
    assert (book.count("error"), book.count("warning")) == (0, 0)


def test_a_function_that_the_gateway_would_refuse_is_wrong_too() -> None:
    blocked = built("chat", "blocked")
    entry = entry_of(blocked)
    assert entry is not None
    (found,) = entry.diagnostics
    assert (found.message, found.explanation, found.path) == ("every export traps", "build as reactor", None)
    placed = finding()._replace(where=Place("function.yaml", 3, 1))
    entry = entry_of(replace(blocked, verdict=Verdict("blocked", (placed,))))
    assert entry is not None
    assert (entry.diagnostics[0].path, entry.diagnostics[0].line) == ("function.yaml", 3)
    assert entry_of(built("echo", "warnings")) is None


def test_a_refused_config_goes_before_what_the_last_build_said() -> None:
    both = replace(refused("c"), last=ended(record("c"), "failed", UNDEFINED).last)
    entry = entry_of(both)
    assert entry is not None
    assert [found.path for found in entry.diagnostics] == ["function.yaml", "function.go"]


@pytest.mark.parametrize(
    ("error", "message", "place"),
    [
        ("function.go:21:10: undefined: clamp", "undefined: clamp", ("function.go", 21, 10)),
        ("../lib/a b.go:3: no: such", "no: such", ("../lib/a b.go", 3, None)),
        ("go: go.mod file not found", "go: go.mod file not found", (None, None, None)),
        ("tinygo build failed: exit status 1", "tinygo build failed: exit status 1", (None, None, None)),
    ],
)
def test_the_error_of_a_build_that_no_screen_saw_is_listed_with_its_place(
    error: str, message: str, place: tuple[str | None, int | None, int | None]
) -> None:
    """Only its first is on record; the overview shows it, and the list of errors said only that the build failed."""
    failed = replace(record("a"), ended=BuildRecord(1e9, 2.0, "failed", error=error))
    entry = entry_of(failed)
    assert entry is not None
    (found,) = entry.diagnostics
    assert (found.message, found.path, found.line, found.column) == (message, *place)
    assert "is not on record: b builds it" in (found.explanation or "")
    assert first_trouble(failed) == error
    assert entry_of(replace(failed, ended=BuildRecord(1e9, 2.0, "failed"))) is not None
    opened = place_to_edit(failed)
    assert (opened.path, opened.line) == (failed.function.directory / (place[0] or "function.go"), place[1])

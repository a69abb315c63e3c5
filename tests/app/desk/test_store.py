from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.app.records import built, function, record
from tui.app.desk.record import BuildProgress
from tui.app.desk.standing import state_of
from tui.app.desk.store import Change, Store

PATHS = ["a", "a/b", "a-b", "b", "zz", "."]


def filled(*paths: str) -> Store:
    store = Store()
    store.find(function(path) for path in paths)
    return store


def test_functions_come_in_the_order_of_a_tree() -> None:
    assert filled("b", "a-b", "a/b", "a", ".").paths == [".", "a", "a/b", "a-b", "b"]


def test_listeners_are_told_once_of_each_change() -> None:
    store = filled("a", "b")
    told: list[Change] = []
    store.listen(told.append)
    store.change("a", marked=True)
    store.change("a", marked=True)  # nothing new
    store.change("gone", marked=True)
    store.find([function("a"), function("b")])
    store.find([function("a"), function("c")], whole=True)
    assert told == [Change(frozenset({"a"})), Change(frozenset({"b", "c"}), membership=True)]


def test_what_is_known_survives_a_new_search() -> None:
    store = filled("a", "b")
    store.change("a", modified=1.0, marked=True)
    store.find([function("a"), function("c")], whole=True)
    assert store.paths == ["a", "c"]
    assert store["a"].marked
    assert store.marked == ["a"]


def test_many_changes_are_told_of_once() -> None:
    store = filled("a", "b", "c")
    told: list[Change] = []
    store.listen(told.append)
    store.change_all({"c": {"marked": True}, "a": {"marked": True}, "b": {"marked": False}, "gone": {"marked": True}})
    store.change_all({"a": {"marked": True}})  # nothing new
    assert told == [Change(frozenset({"a", "c"}))]
    assert store.marked == ["a", "c"]


def test_a_function_that_came_back_is_not_known_any_more() -> None:
    store = filled("a")
    store.change("a", marked=True, modified=1.0)
    store.find([], whole=True)
    assert (store.get("a"), store.marked, store.counts.total) == (None, [], 0)
    store.find([function("a")])
    assert (store["a"].modified, store.state("a"), store.marked) == (None, "reading", [])


def test_counts_follow_the_states() -> None:
    store = filled("a", "b")
    ready = built("a")
    store.change("a", reading=ready.reading, modified=ready.modified, module=ready.module, verdict=ready.verdict)
    store.change("a", staleness=ready.staleness)
    assert (store.counts["ready"], store.counts["reading"]) == (1, 1)
    store.change("a", progress=BuildProgress("building"))
    assert store.counts.busy == 1
    store.find([], whole=True)
    assert store.counts.total == 0


@given(st.lists(st.tuples(st.sampled_from(["find", "whole", "read", "build"]), st.sampled_from(PATHS)), max_size=40))
def test_tally_and_order_hold_whatever_happens(steps: list[tuple[str, str]]) -> None:
    store = Store()
    for what, path in steps:
        if what == "find":
            store.find([function(path)])
        elif what == "whole":
            store.find([function(path)], whole=True)
        elif what == "read":
            store.change(path, reading=record(path).reading)
        else:
            store.change(path, progress=BuildProgress("building"))
    assert store.counts.states == dict(Counter(state_of(r) for r in store))
    assert store.paths == sorted(store.paths, key=lambda path: () if path == "." else tuple(path.split("/")))
    assert [r.path for r in store] == store.paths

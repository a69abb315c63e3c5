from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.app.records import built, record
from tui.app.functions.query import fitting, query_of, traits_of

PATHS = ["services/billing/chat", "services/billing/refund", "services/catalog/search", "web/reactor-demo"]


def found(needle: str, paths: list[str] = PATHS, traits: frozenset[str] = frozenset()) -> list[str]:
    query = query_of(needle, paths)
    return [path for path in paths if query.score(path, traits) is not None]


@pytest.mark.parametrize(
    ("needle", "paths"),
    [
        ("refund", ["services/billing/refund"]),
        ("billing chat", ["services/billing/chat"]),
        ("chat billing", ["services/billing/chat"]),
        ("rfnd", ["services/billing/refund"]),
        ("sbch", ["services/billing/chat"]),
        ("srch", ["services/catalog/search"]),
        ("RFND", []),
        ("tahc", []),
        ("  ", PATHS),
    ],
)
def test_words_are_found_in_one_piece_or_letter_by_letter(needle: str, paths: list[str]) -> None:
    assert found(needle) == paths


def test_a_word_of_a_state_or_mode_means_that_or_is_in_a_name_as_it_stands() -> None:
    assert found("reactor") == ["web/reactor-demo"]
    assert found("reactor", traits=frozenset({"reactor"})) == PATHS
    assert found("reac") == ["web/reactor-demo"]  # a name has it: it means no mode yet
    assert found("stal", traits=frozenset({"stale"})) == PATHS
    assert found("stale") == []
    assert found("failed web", traits=frozenset({"failed"})) == ["web/reactor-demo"]


def test_a_name_counts_more_than_its_folders_and_a_beginning_more_than_an_inside() -> None:
    order = ["web/order", "web/reorder", "orders/tax", "reorder/tax"]
    query = query_of("order", order)
    scores = [score for path in order if (score := query.score(path, frozenset())) is not None]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores) == 4


def test_the_letters_that_fit_are_told() -> None:
    assert query_of("rfnd", ()).places("a/refund") == {2, 4, 6, 7}
    assert query_of("fund a", ()).places("a/refund") == {0, 4, 5, 6, 7}
    assert query_of("gone", ()).places("a/refund") == frozenset()
    assert fitting("", "a") is not None


def test_what_a_function_is_known_by() -> None:
    assert traits_of(built("a", "blocked"), "blocked") == {"blocked", "trouble", "command"}
    assert traits_of(record("a"), "unbuilt") == {"unbuilt"}


@given(st.text(max_size=12), st.text(max_size=60))
def test_letters_lie_in_the_path_and_spell_the_word(needle: str, path: str) -> None:
    query = query_of(needle, [path])
    places = query.places(path)
    assert all(0 <= place < len(path) for place in places)
    fits = query.score(path, frozenset()) is not None
    if len(needle.split()) == 1 and fits and path.isascii() and needle.isascii():
        assert sorted(path[place].casefold() for place in places) == sorted(needle.strip().casefold())


@given(st.text("abrefund/- AF", max_size=8), st.text("abrefund/- AF", max_size=3), st.text("abrefund/-AF", max_size=30))
def test_what_fits_a_filter_of_which_more_was_typed_fitted_it_before(needle: str, more: str, path: str) -> None:
    before, after = query_of(needle, [path]), query_of(needle + more, [path])
    if after.narrows(before) and after.score(path, frozenset()) is not None:
        assert before.score(path, frozenset()) is not None


@pytest.mark.parametrize(
    ("before", "after", "narrows"),
    [
        ("pa", "pay", True),
        ("pay", "pay bill", True),
        ("pay", "pa", False),
        ("cmd", "cmdx", False),  # letters may be left out of it, and of the word for a mode they may not
        ("fai", "fail", False),  # which means a state
        ("cmd a", "cmd ab", True),
        ("pa", "pA", False),  # case counts from here on
    ],
)
def test_what_is_asked_of_all_again(before: str, after: str, narrows: bool) -> None:
    assert query_of(after, PATHS).narrows(query_of(before, PATHS)) == narrows

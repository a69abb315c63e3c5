from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.log.search import compile_pattern


@pytest.mark.parametrize(
    ("text", "line", "spans"),
    [
        ("err", "an ERR and an err", [(3, 6), (14, 17)]),
        ("Err", "an ERR and an Err", [(14, 17)]),
        ("a.c", "abc a.c", [(4, 7)]),
        ("/a.c", "abc a.c", [(0, 3), (4, 7)]),
        ("/a.c/", "abc", [(0, 3)]),
        ("/x*", "axb", [(1, 2)]),
        ("[/x]", "see [/x]", [(4, 8)]),
    ],
)
def test_spans(text: str, line: str, spans: list[tuple[int, int]]) -> None:
    pattern = compile_pattern(text)
    assert pattern.spans(line) == spans
    assert pattern.matches(line)
    assert pattern.is_usable


@pytest.mark.parametrize("text", ["", "/", "//"])
def test_nothing_to_search(text: str) -> None:
    pattern = compile_pattern(text)
    assert not pattern.is_usable
    assert pattern.error is None
    assert pattern.spans("x") == []


@pytest.mark.parametrize("text", ["/(", "/[z", "/*", "/a{99999999999}", "/(?P<x"])
def test_a_bad_pattern_is_told_and_used_for_nothing(text: str) -> None:
    pattern = compile_pattern(text)
    assert pattern.error is not None
    assert pattern.error.startswith("bad pattern: ")
    assert not pattern.is_usable


@given(st.text(max_size=12), st.text(max_size=30))
def test_any_pattern(text: str, line: str) -> None:
    pattern = compile_pattern(text)
    assert all(0 <= start < end <= len(line) for start, end in pattern.spans(line))
    if text and not text.startswith("/"):
        assert pattern.matches(f"..{text}..")

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.desk.standing import Counts
from tui.app.frame.header import HeaderFacts, Words, count_pieces, drawn_header, header_line
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.lines.progress import Progress
from tui.lines.states import STATES, State

COUNTS: dict[State, int] = {"ready": 51, "warnings": 4, "failed": 1, "blocked": 2, "stale": 2}
FACTS = HeaderFacts("~/acme/functions", Counts(COUNTS), compiler="TinyGo 0.41.1 · Go 1.23.9", watching=True)
BUILDING = FACTS._replace(progress=Progress(17, 60, 2, 41.2))


def drawn(facts: HeaderFacts, width: int, *, ascii_only: bool = False) -> str:
    return plain(header_line(facts, Glyphs(ascii_only), width))


def test_it_says_where_how_many_in_each_state_compiler_and_watch() -> None:
    line = drawn(FACTS, 160)
    assert line.startswith(" fn-tui ~/acme/functions   60 functions  ✓ 51  ▲ 4  ✗ 2 blocked  ✗ 1 failed  ↻ 2 stale   ")
    assert line.endswith("   TinyGo 0.41.1 · Go 1.23.9   ● watching ")


def test_builds_under_way_are_a_bar_with_counts_time_left_and_failures() -> None:
    assert "▓▓▓▓░░░░░░░░░░░░ 17/60 · 0:42 left · ✗ 2" in drawn(BUILDING, 200)
    assert "▓▓░░░░░░ 17/60 · 0:42 left · ✗ 2" in drawn(BUILDING, 130)
    assert "##------ 17/60 - 0:42 left - x 2" in drawn(BUILDING, 130, ascii_only=True)
    assert "17/60" in drawn(BUILDING, 60)


def test_a_cluster_is_told_with_how_many_build_there_and_its_address_where_there_is_room() -> None:
    there = BUILDING._replace(cluster="3 workers · 6 slots", cluster_address="tcp://10.0.0.1:8786")
    assert "   cluster tcp://10.0.0.1:8786 · 3 workers · 6 slots   ● watching" in drawn(
        there._replace(progress=None), 180
    )
    assert "cluster 3 workers · 6 slots" in drawn(there, 120)
    assert "cluster 3 workers - 6 slots" in drawn(there, 120, ascii_only=True)
    assert "cluster  " in drawn(there, 80)
    assert "cluster" not in drawn(BUILDING, 200)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160])
def test_narrow_it_still_counts_all_and_says_what_builds(width: int) -> None:
    line = drawn(BUILDING, width)
    assert "✓ 51" in line
    assert "▲ 4" in line
    assert "17/60" in line


@given(
    st.dictionaries(st.sampled_from(sorted(STATES)), st.integers(1, 5000)),
    st.integers(1, 220),
    st.booleans(),
    st.sampled_from([None, Progress(1, 9, 0, None), Progress(1, 9, 3, 4000.0)]),
)
def test_it_fits_and_what_it_counts_is_the_sum(
    counts: dict[State, int], width: int, ascii_only: bool, progress: Progress | None
) -> None:
    cluster = "300 workers · 1,200 slots" if progress is not None and progress.failed else ""
    facts = FACTS._replace(counts=Counts(counts), progress=progress, cluster=cluster, cluster_address="tls://x:1")
    found = drawn_header(facts, Glyphs(ascii_only), width)
    assert width_of(found.line) <= width
    assert not ascii_only or plain(found.line).isascii()
    last = 0
    for start, end, _ in found.places:
        assert last <= start or start > end  # what is cut away has no place
        last = max(last, min(end, width))
    for words in get_args(Words):
        told = "".join(plain(piece.line) for piece in count_pieces(facts.counts, Glyphs(ascii_only), words))
        assert sum(int(number.replace(",", "")) for number in re.findall(r"[\d,]+", told)) == sum(counts.values())


def test_a_click_asks_for_what_the_words_are_about() -> None:
    found = drawn_header(BUILDING, Glyphs(), 130)
    line = plain(found.line)

    def asked(words: str) -> str:
        at = line.index(words)
        return next(asks for start, end, asks in found.places if start <= at < end)

    assert asked("▲ 4") == "state:warnings"
    assert asked("60 functions") == "state:"
    assert asked("✗ 3" if "✗ 3" in line else "✗ 2 blocked") in ("state:trouble", "state:blocked")
    assert asked("17/60") == "pane-log"
    assert asked("TinyGo") == "compiler"
    assert asked("● watching") == "watch"
    assert asked("~/acme") == "palette"

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.app.log import layout as log_layout
from tui.app.log.layout import LogLayout, pieces
from tui.building.log import sgr
from tui.building.log.transcript import Transcript


def transcript_of(*lines: str, limit: int = 1000) -> Transcript:
    transcript = Transcript(limit)
    transcript.extend("stderr", lines, 0)
    return transcript


def laid_out(transcript: Transcript, **options: object) -> LogLayout:
    rows = LogLayout(transcript, **options)  # type: ignore[arg-type]
    while rows.behind:
        rows.update()
    return rows


def test_one_row_a_line() -> None:
    rows = laid_out(transcript_of("a", "b", "c"))
    assert [rows.locate(row) for row in range(-1, 4)] == [None, (0, 0), (1, 0), (2, 0), None]
    assert (rows.rows, rows.lines, rows.top(2), rows.top(99)) == (3, 3, 2, 3)


def test_wrapped() -> None:
    rows = laid_out(transcript_of("abcdef", "", "gh"), width=4)
    assert [rows.locate(row) for row in range(4)] == [(0, 0), (0, 1), (1, 0), (2, 0)]
    assert [rows.top(line) for line in range(4)] == [0, 2, 3, 4]


def test_words_are_broken_where_they_are_longer_than_a_row_alone() -> None:
    assert pieces("one two three", 8) == ["one two ", "three"]
    assert pieces("one two three", 7) == ["one two ", "three"]
    assert pieces("    indented", 8) == ["    inde", "nted"]
    assert pieces("a verylongword b", 6) == ["a ", "verylo", "ngword ", "b"]


def test_wide_characters_wrap_by_cells() -> None:
    assert pieces("漢漢漢", 5) == ["漢漢", "漢"]
    assert laid_out(transcript_of("漢漢漢"), width=5).rows == 2


def test_filtered_and_wrapped() -> None:
    rows = laid_out(transcript_of("xa", "b", "xcdef", "d"), matches=lambda line: "x" in line, width=4)
    assert [rows.locate(row) for row in range(3)] == [(0, 0), (2, 0), (2, 1)]
    assert (rows.lines, rows.rows) == (2, 3)
    assert (rows.top(1), rows.top(2), rows.top(3)) == (1, 1, 3)
    assert rows.showing(0, 9) == [0, 2]


def test_filters_see_no_colours() -> None:
    rows = laid_out(transcript_of("e\x1b[31mrr\x1b[0mor"), matches=lambda line: "error" in line)
    assert rows.lines == 1


def test_steps_over_lines_that_do_not_show() -> None:
    rows = laid_out(transcript_of("x", "a", "b", "x", "x"), matches=lambda line: line == "x")
    assert [rows.step(0, 1), rows.step(3, -1), rows.step(1, 1), rows.step(1, -1), rows.step(4, 9)] == [3, 0, 3, 0, 4]
    assert laid_out(transcript_of("a"), matches=lambda _line: False).step(0, 1) is None


def test_cleared_lines_do_not_show() -> None:
    assert laid_out(transcript_of("a", "b", "c"), start=2).locate(0) == (2, 0)


@pytest.mark.parametrize("options", [{}, {"width": 3}, {"matches": lambda line: "1" in line}])
def test_lines_that_leave_memory_leave_the_rows(options: dict[str, object]) -> None:
    transcript = Transcript(limit=10)
    rows = LogLayout(transcript, **options)  # type: ignore[arg-type]
    total_lost = appeared = 0
    for number in range(12_000):
        transcript.append("stdout", str(number), 0)
        if number % 97 == 0:
            before = rows.rows
            lost = rows.update()
            while rows.behind:
                lost += rows.update()
            total_lost += lost
            appeared += rows.rows - before + lost
            fresh = laid_out(transcript, **options)
            assert rows.rows == fresh.rows
            assert [rows.locate(row) for row in (0, rows.rows - 1)] == [
                fresh.locate(row) for row in (0, fresh.rows - 1)
            ]
    assert total_lost > 0
    assert appeared == rows.rows + total_lost


def test_much_is_looked_at_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_layout, "PORTION_SECONDS", -1.0)
    transcript = transcript_of(*("x" for _ in range(100)))
    rows = LogLayout(transcript, width=10)
    rows.update()
    assert (rows.behind, rows.rows) == (True, 0)
    monkeypatch.setattr(log_layout, "PORTION_SECONDS", 5.0)
    rows.update()
    assert (rows.behind, rows.rows) == (False, 100)


@given(st.lists(st.text("ab漢é\t\x1b[m ", max_size=30), max_size=12), st.integers(2, 12))
def test_rows_hold_all_of_each_line(lines: list[str], width: int) -> None:
    transcript = transcript_of(*lines)
    rows = laid_out(transcript, width=width)
    found = [rows.locate(row) for row in range(rows.rows)]
    expected = []
    for index, line in enumerate(lines):
        parts = pieces(sgr.display(transcript.text(index)), width)
        assert "".join(parts) == sgr.display(line)
        # A blank at the end of a row may be one too many: nobody sees it.
        assert all(cell_len(part.removesuffix(" ")) <= width for part in parts)
        expected += [(index, part) for part in range(len(parts))]
    assert found == expected
    assert [rows.top(index) for index in range(len(lines))] == [expected.index((n, 0)) for n in range(len(lines))]

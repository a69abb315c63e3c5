from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.app.records import record
from tui.app.desk.error_book import ErrorEntry, entry_of
from tui.app.panes.errors.rows import ErrorRows, SourceLines, diagnostic_text, error_rows, source_lines
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.building.events import Diagnostic
from tui.text import printable
from tui.workspace.config import read_config
from tui.workspace.function import Function

WRONG = Diagnostic("error", "undefined: x", "function.go", 3, 2)


def shown(entry: ErrorEntry, width: int = 80, ascii_only: bool = False) -> str:
    rows = error_rows([entry], Glyphs(ascii_only), width)
    return "\n".join(plain(line).rstrip() for row in rows for line in row.lines)


@pytest.fixture
def fn(tmp_path: Path) -> Path:
    (tmp_path / "function.go").write_text("package main\n\n\tx = 漢 + y // [/x]\nfunc main() {}\n")
    return tmp_path


def test_place_message_source_and_caret(fn: Path) -> None:
    assert shown(ErrorEntry("chat", fn, (WRONG,))) == (
        "chat  1 error\n✗ function.go:3:2  undefined: x\n  3 │         x = 漢 + y // [/x]\n    │         ^"
    )


def test_the_caret_counts_bytes_as_go_does_and_cells_as_a_terminal_does(fn: Path) -> None:
    # The column of y: a tab, "x = " and three bytes of 漢, which takes two cells.
    found = Diagnostic("error", "undefined: y", "function.go", 3, 12)
    line, caret = source_lines("\tx = 漢 + y // [/x]", found, Glyphs(), 80)
    assert width_of(line[:1]) + 8 + 4 + 2 + 3 == plain(caret).index("^")


def test_ascii(fn: Path) -> None:
    assert shown(ErrorEntry("chat", fn, (WRONG,)), ascii_only=True).isascii()


def test_fix_explanation_and_details(fn: Path) -> None:
    found = Diagnostic(
        "error", "no module", "function.go", 1, details=("go get a.b/c", "more"), fix="go get a.b/c", explanation="Why."
    )
    entry = ErrorEntry("chat", fn, (found,))
    text = shown(entry)
    assert "→ Why." in text
    assert "y copies  go get a.b/c" in text
    assert text.count("go get") == 1
    row = error_rows([entry], Glyphs(), 80)[1]
    assert (row.copy, row.what) == ("go get a.b/c", "the command that mends it")
    assert row.full == "function.go:1: no module\ngo get a.b/c\nmore\nWhy."


def test_a_failure_without_diagnostics_shows_its_sentence(fn: Path) -> None:
    assert shown(ErrorEntry("chat", fn, (), "tinygo not found in PATH")) == "chat  tinygo not found in PATH"


def test_the_compilers_own_tree_is_told(fn: Path) -> None:
    found = Diagnostic("warning", "odd", "/usr/lib/go/src/os/x.go", 4, in_toolchain=True)
    assert shown(ErrorEntry("chat", fn, (found,))) == (
        "chat  1 warning\n▲ /usr/lib/go/src/os/x.go:4  odd  (the compiler's own tree)"
    )


def test_a_long_line_is_scrolled_to_the_caret() -> None:
    source = "a" * 300 + "X" + "b" * 300
    line, caret = source_lines(source, Diagnostic("error", "m", "f.go", 1, 301), Glyphs(), 60)
    assert width_of(line) <= 60
    assert plain(line)[plain(caret).index("^")] == "X"


def test_no_errors_says_what_belongs_here() -> None:
    assert "no errors" in plain(error_rows([], Glyphs(), 80)[0].lines[0])


def test_places_to_edit(fn: Path) -> None:
    row = error_rows([ErrorEntry("chat", fn, (WRONG, Diagnostic("error", "no place")))], Glyphs(), 80)[1:]
    assert row[0].edit is not None
    assert (row[0].edit.path, row[0].edit.line, row[0].edit.column) == (fn / "function.go", 3, 2)
    assert row[1].edit is None


def test_sources_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.go")
    (tmp_path / "short.go").write_bytes(b"\xff\r\n")
    sources = SourceLines()
    assert sources.get(tmp_path / "pipe.go", 1) is None
    assert sources.get(tmp_path / "gone.go", 1) is None
    assert sources.get(tmp_path / "short.go", 99) is None
    assert sources.get(tmp_path / "short.go", 1) == "\ufffd"


def test_plain_text_of_a_diagnostic() -> None:
    assert diagnostic_text(Diagnostic("error", "m", "f.go", 1, 2)) == "f.go:1:2: m"
    assert diagnostic_text(Diagnostic("error", "m")) == "m"


@example("0" * 25 + "\u1100", 1, 33)  # half of a wide letter has room
@example("\u1100" * 40, 60, 33)  # ... and of one before the place that matters
@given(st.text(max_size=60), st.integers(1, 200), st.integers(10, 100))
def test_any_source_line_fits(source: str, column: int, width: int) -> None:
    lines = source_lines(source, Diagnostic("error", "m", "f.go", 1, column), Glyphs(), width)
    assert all(width_of(line) <= max(width, 20) for line in lines[:1])
    assert all(printable(plain(line)) == plain(line) for line in lines)


@given(st.text(max_size=40), st.text(max_size=20), st.integers(12, 90))
def test_any_diagnostic(message: str, path: str, width: int) -> None:
    found = Diagnostic("error", message, path or None, 1, 1, details=(message,), explanation=message)
    rows = error_rows([ErrorEntry(path, Path("/nonexistent"), (found,))], Glyphs(), width)
    assert all(width_of(line) <= width for row in rows for line in row.lines)


def test_each_problem_of_a_refused_config_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: fn\nmemory: lots\ntimeout: never\n")
    base = record("fn")
    function = Function("fn", tmp_path, has_yaml=True, has_go=True)
    entry = entry_of(replace(base, function=function, reading=read_config(tmp_path)))
    assert entry is not None
    assert shown(entry).splitlines()[0] == "fn  2 errors"
    assert "✗ function.yaml:2:9  line 2: cannot unmarshal !!str `lots` into int" in shown(entry)
    assert "✗ function.yaml:3:10  line 3: cannot unmarshal !!str `never` into int" in shown(entry)


def test_rows_are_made_once_for_an_entry_and_a_width(fn: Path) -> None:
    chat, push = ErrorEntry("chat", fn, (WRONG,)), ErrorEntry("push", fn, (WRONG,))
    rows = ErrorRows(Glyphs())
    assert rows.known([], 80) == error_rows([], Glyphs(), 80)
    assert rows.known([chat], 80) is None
    rows.make([chat, push], 80)
    assert rows.known([push, chat], 80) == error_rows([push, chat], Glyphs(), 80)
    assert rows.known([chat], 79) is None
    (fn / "function.go").unlink()
    again = chat._replace()
    assert again == chat
    assert rows.known([again], 80) is None  # its function changed, and its source may have
    rows.make([again], 80)
    assert rows.known([again], 80) == error_rows([again], Glyphs(), 80)
    assert rows.known([push], 80) is None

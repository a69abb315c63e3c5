from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.config import load_config
from tui.workspace.excerpt import ExcerptLine, caret_line, excerpt, excerpt_for, source_lines
from tui.workspace.secrets import MASK

SOURCE = b'name: fn\nmemory: "64"\nenv:\n  A: b\n'


def test_the_line_with_its_neighbours_and_a_caret() -> None:
    assert excerpt(SOURCE, 2, 9) == (
        ExcerptLine(1, "name: fn"),
        ExcerptLine(2, 'memory: "64"', 8),
        ExcerptLine(3, "env:"),
    )
    assert caret_line(ExcerptLine(2, 'memory: "64"', 8)) == "        ^"


def test_the_first_and_the_last_line() -> None:
    assert [line.number for line in excerpt(SOURCE, 1, 1)] == [1, 2]
    assert [line.number for line in excerpt(SOURCE, 4, 3, context=2)] == [2, 3, 4]
    assert excerpt(SOURCE, 5, 1)[-1] == ExcerptLine(5, "", 0)
    assert [line.number for line in excerpt(SOURCE, 99, 1)] == []


def test_no_line_no_excerpt() -> None:
    assert excerpt(SOURCE, None) == ()
    assert excerpt(SOURCE, 2)[1].caret is None


def test_control_characters_are_escaped_and_the_caret_moves_along() -> None:
    (line,) = excerpt(b"a\x1b[31mb: [", 1, 8, context=0)
    assert line == ExcerptLine(1, "a\\e[31mb: [", 8)
    assert caret_line(ExcerptLine(1, "世界: x", 4)) == "      ^"


def test_long_lines_are_cut_around_the_caret() -> None:
    (line,) = excerpt(b"a" * 500 + b"!" + b"b" * 500, 1, 501, context=0)
    assert line.caret is not None
    assert line.text[line.caret] == "!"
    assert len(line.text) <= 162


def test_secrets_are_masked() -> None:
    source = b"env:\n  API_TOKEN: [sk-123456]\n  A: b\n"
    assert excerpt(source, 2, 14)[1] == ExcerptLine(2, f"  API_TOKEN: {MASK}", 13)
    assert excerpt(source, 2, 14, reveal=True)[1].text == "  API_TOKEN: [sk-123456]"


def test_lines_are_counted_as_yaml_counts_them() -> None:
    assert source_lines("a\r\nb\rc\x85d\u2028e\u2029f\ng".encode()) == list("abcdefg")
    assert source_lines("\ufeffa: b\n".encode("utf-16-le")) == ["a: b", ""]
    assert source_lines(b"\xef\xbb\xbfa\n\xff") == ["a", "\ufffd"]


def test_of_a_problem() -> None:
    error = load_config(SOURCE).error
    assert error is not None
    assert excerpt_for(SOURCE, error.problems[0], context=0) == (ExcerptLine(2, 'memory: "64"', 8),)


@given(st.binary(max_size=80), st.integers(1, 12), st.none() | st.integers(1, 90))
def test_any_bytes_any_place(source: bytes, line: int, column: int | None) -> None:
    for shown in excerpt(source, line, column):
        assert shown.caret is None or 0 <= shown.caret <= len(shown.text)
        assert "\x1b" not in shown.text
        assert "\n" not in shown.text

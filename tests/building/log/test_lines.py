from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.building.log.lines import LINE_LIMIT, LineSplitter


def split(*chunks: bytes) -> list[str]:
    splitter = LineSplitter()
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    return lines + list(splitter.finish())


def test_lines_across_chunks() -> None:
    assert split(b"a", b"b\nc\n", b"", b"\nd") == ["ab", "c", "", "d"]


def test_carriage_returns_of_line_ends_go_others_stay() -> None:
    assert split(b"a\r\nb\rc\r", b"\nd\r\n") == ["a", "b\rc", "d"]


def test_characters_cut_by_chunks_stay_whole() -> None:
    assert split("é".encode()[:1], "é".encode()[1:] + b"\n") == ["é"]


def test_a_line_without_end_is_cut_and_counted() -> None:
    chunks = LINE_LIMIT // 65_536 + 2
    lines = split(*[b"x" * 65_536] * chunks, b"\nnext\n")
    assert lines == ["x" * LINE_LIMIT + " … (131,072 bytes more)", "next"]


def test_a_line_of_ten_megabytes_comes_whole() -> None:
    assert split(*[b"x" * 65_536] * 160, b"\n") == ["x" * 65_536 * 160]


@given(st.lists(st.binary(max_size=40)))
def test_chunks_do_not_matter(chunks: list[bytes]) -> None:
    whole = b"".join(chunks)
    assert split(*chunks) == split(whole)


@given(st.binary(max_size=200))
def test_what_comes_is_what_is_told(content: bytes) -> None:
    lines = [line.removesuffix(b"\r") for line in content.split(b"\n")]
    if not content or content.endswith(b"\n"):
        lines.pop()
    # A last line that is only a carriage return still is a line.
    assert split(content) == [line.decode("utf-8", "replace") for line in lines]

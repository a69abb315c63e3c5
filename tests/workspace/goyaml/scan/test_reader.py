from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.goyaml.scan.reader import PIECE, Pieces


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (b"", "\n"),
        (b"a\xc3\xa9", "aé"),
        (b"\xef\xbb\xbfa", "a"),
        (b"\xef\xbb\xbf\xef\xbb\xbfa", "\ufeffa"),
        (b"\xff\xfea\x00\x3d\xd8\x00\xde", "a😀"),
        (b"\xfe\xff\x00a", "a"),
    ],
)
def test_encodings(source: bytes, text: str) -> None:
    pieces = Pieces(source)
    assert (pieces.text, pieces.fault) == (text, None)


@pytest.mark.parametrize(
    ("source", "fault", "before"),
    [
        (b"a\x80", "invalid leading UTF-8 octet", "a"),
        (b"a\xf8\x80\x80\x80", "invalid leading UTF-8 octet", "a"),
        (b"a\xc3", "incomplete UTF-8 octet sequence", "a"),
        (b"a\xe2\x28\xa1", "invalid trailing UTF-8 octet", "a"),
        (b"a\xc0\x80", "invalid length of a UTF-8 sequence", "a"),
        (b"a\xe0\x80\x80", "invalid length of a UTF-8 sequence", "a"),
        (b"a\xed\xa0\x80", "invalid Unicode character", "a"),
        (b"a\xf4\x90\x80\x80", "invalid Unicode character", "a"),
        (b"a\x00\xff", "control characters are not allowed", "a"),
        (b"a\xc2\x80", "control characters are not allowed", "a"),
        (b"a\xef\xbf\xbe", "control characters are not allowed", "a"),
        (b"\xff\xfea\x00b", "incomplete UTF-16 character", "a"),
        (b"\xff\xfe\x00\xdc", "unexpected low surrogate area", ""),
        (b"\xff\xfe\x00\xd8a\x00", "expected low surrogate area", ""),
        (b"\xff\xfe\x00\xd8", "incomplete UTF-16 surrogate pair", ""),
    ],
)
def test_faults(source: bytes, fault: str, before: str) -> None:
    pieces = Pieces(source)
    assert (pieces.fault, pieces.before_fault) == (fault, before)


def test_a_fault_hides_its_piece_and_no_other() -> None:
    pieces = Pieces(b"a" * (PIECE + 10) + b"\x00" + b"b" * 1000)
    assert (len(pieces.text), pieces.ends, len(pieces.before_fault)) == (PIECE, [PIECE], PIECE + 10)


def test_a_character_across_two_pieces_belongs_to_the_second() -> None:
    pieces = Pieces(b"a" * (PIECE - 1) + "é".encode() + b"b" * PIECE)
    assert pieces.ends == [PIECE - 1, 2 * PIECE - 2, 2 * PIECE]
    assert pieces.fault is None


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff\ufeff"), max_size=2000))
def test_sound_text_comes_through_whole(text: str) -> None:
    if any(ord(c) & 0xFFFF >= 0xFFFE and ord(c) < 0x10000 for c in text):
        return
    pieces = Pieces(text.encode())
    assert pieces.text == (text or "\n")
    assert pieces.ends[-1] == len(pieces.text)


@given(st.binary(max_size=1200))
def test_any_bytes(source: bytes) -> None:
    pieces = Pieces(source)
    assert pieces.ends == sorted(pieces.ends)
    assert (pieces.ends or [0])[-1] == len(pieces.text)
    assert pieces.before_fault.startswith(pieces.text)


def test_a_sequence_cut_by_a_piece_is_judged_with_what_follows() -> None:
    pieces = Pieces(b"a" * (PIECE - 1) + b"\xe2(x" + b"b" * PIECE)
    assert (pieces.fault, pieces.ends) == ("invalid trailing UTF-8 octet", [PIECE - 1])
    pieces = Pieces(b"a" * (PIECE - 2) + b"\xe2(x" + b"b" * PIECE)
    assert (pieces.fault, pieces.ends) == ("invalid trailing UTF-8 octet", [PIECE - 2])

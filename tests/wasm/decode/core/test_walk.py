from __future__ import annotations

import pytest

from tests.wasm.binary import body, custom, functions, leb, module, section, vec
from tests.wasm.features import accepts
from tui.wasm.decode.core.walk import ORDER
from tui.wasm.decode.decode import decode

EMPTY = {number: section(number, b"\0") for number in ORDER if number != 8}


def test_all_sections_empty_and_in_order() -> None:
    sections = [EMPTY[number] for number in ORDER if number != 8]
    source = module(*(part for empty in sections for part in (custom("c"), empty)), custom("last"))
    found = decode(source)
    assert accepts(source)
    assert found.ok, found.errors
    assert [part.id for part in found.sections if part.id] == [number for number in ORDER if number != 8]


@pytest.mark.parametrize("first", [number for number in ORDER if number != 8])
@pytest.mark.parametrize("second", [number for number in ORDER if number != 8])
def test_order_is_as_the_specification_says(first: int, second: int) -> None:
    source = module(EMPTY[first], EMPTY[second])
    in_order = ORDER.index(first) < ORDER.index(second)
    found = decode(source)
    assert found.ok is in_order is accepts(source)
    assert len(found.sections) == 2
    if first == second:
        assert "comes twice" in found.errors[0].message
    elif not in_order:
        assert "comes after" in found.errors[0].message


@pytest.mark.parametrize("number", [14, 15, 127, 255])
def test_unknown_ids_are_malformed_and_listed(number: int) -> None:
    found = decode(module(section(number, b"abc"), section(1, vec(b"\x60\0\0"))))
    assert found.errors[0].message == f"{number} is not a section id (0 to 13)"
    assert [part.name for part in found.sections] == [f"id {number}", "type"]
    assert found.counts.types == 1


def test_a_section_beyond_the_end() -> None:
    found = decode(module(b"\1\x20\1\x60"))
    assert found.errors[0].message == "the type section needs 32 bytes, 2 left"
    assert found.errors[0].offset == 8
    assert found.sections == ()


@pytest.mark.parametrize("tail", [b"\1", b"\1\x80", b"\1\xff\xff\xff\xff\x1f"])
def test_broken_frames(tail: bytes) -> None:
    assert decode(module(tail)).malformed


def test_a_payload_is_used_up_exactly() -> None:
    found = decode(module(section(1, b"\1\x60\0\0\0\0")))
    assert found.errors[0].message == "type section: 2 bytes left over after the last entry"
    short = decode(module(section(3, b"\1"), section(4, b"\0")))
    assert "1 entries declared, 0 bytes left" in short.errors[0].message


def test_an_entry_does_not_reach_into_the_next_section() -> None:
    found = decode(module(section(2, b"\1\x0aabc"), custom("aaaaaaaaaaaaaaaaaaaaaa")))
    assert found.errors[0].message.startswith("import section, entry 0:")
    assert len(found.sections) == 2


def test_padded_sizes_start_the_payload_behind_the_real_leb() -> None:
    found = decode(module(b"\1\x84\x80\x80\x80\0" + b"\1\x60\0\0"))
    assert found.ok
    part = found.sections[0]
    assert (part.header, part.size, part.start, part.count) == (6, 4, 14, 1)


def test_start_and_datacount_have_no_count() -> None:
    sections = functions(body())
    source = module(sections[:10], section(8, b"\0"), section(12, b"\0"), sections[10:])
    found = decode(source)
    assert found.ok, found.errors
    assert {part.name: part.count for part in found.sections}["start"] is None
    assert {part.name: part.count for part in found.sections}["datacount"] is None
    assert found.start == 0


def test_later_sections_are_read_although_one_is_broken() -> None:
    sections = functions(body())
    source = module(sections[:10], section(7, b"\1\xff"), sections[10:], custom("name", b"\0\2\1m"))
    found = decode(source)
    assert len(found.errors) == 1
    assert found.functions.defined == 1
    assert found.name == "m"


def test_an_absent_count_is_told_apart_from_zero() -> None:
    found = decode(module(section(1, b"")))
    assert found.malformed
    assert found.sections[0].count is None
    assert decode(module(section(1, leb(0)))).sections[0].count == 0


def test_two_modules_joined_are_told_as_such() -> None:
    whole = module(functions(body()))
    [note] = decode(whole + whole).errors
    assert note.message == f"another module begins here, at byte {len(whole)}: two files were joined"
    assert note.offset == len(whole)


def test_a_file_changed_as_text_is_told_as_such() -> None:
    whole = module(functions(body(b"\x41\x0a\x1a" * 4)), custom("x", b"a\nb\nc"))
    damaged = whole.replace(b"\n", b"\r\n")
    assert decode(whole).ok
    assert "changed as if it were text (CRLF)" in decode(damaged).errors[0].message

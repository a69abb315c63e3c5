from __future__ import annotations

import pytest

from tests.app.samples import COMMAND, HOSTILE, PERSISTENT, UNSAFE, make_record
from tests.app.screens import PaneApp, pane_text, rows_copied, shot_text, texts_in_turn
from tui.app.desk.record import FunctionRecord
from tui.app.messages import FullTextRequested
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.sections.content import SectionsContent
from tui.app.rows.glyphs import Glyphs
from tui.wasm.decode.decode import decode
from tui.wasm.module import DataSegment, DecodeNote, Headroom, Module, Section, SegmentCounts, SubSection
from tui.wasm.validate import Validation

DEBUG = PERSISTENT._replace(
    size=100_000,
    sections=(
        Section(1, "type", 8, 2, 40, 6),
        Section(10, "code", 60, 4, 29_996, 120),
        Section(0, ".debug_info", 31_000, 10, 39_990, None),
        Section(0, ".debug_line", 71_000, 10, 19_990, None),
        Section(0, "producers", 95_000, 2, 98, None),
        Section(11, "data", 96_000, 4, 900, 1),
        Section(0, "name", 97_000, 2, 998, None),
    ),
    dwarf_bytes=60_000,
    producers={"processed-by": (("TinyGo", "0.35.0"), ("clang", "18"))},
    segments=SegmentCounts(1, 890),
    data_segments=(DataSegment(96_010, 890, 0, 65_536),),
    name_parts=(SubSection(1, "function", 97_010, 980, 120),),
)


async def test_sections_show_offset_size_count_and_share() -> None:
    lines = [line.split() for line in (await pane_text(SectionsContent(), make_record(DEBUG), 90)).splitlines()]
    assert ["▌", "type", "1", "0x08", "8", "42", "B", "6", "<0.1", "%"] in lines
    assert next(line for line in lines if "code" in line)[:10] == [
        *("▸", "code", "10", "0x3c", "60", "30", "KB", "120", "30.0", "%")
    ]
    assert next(line for line in lines if "code" in line)[-1].startswith("████")


async def test_dwarf_is_one_row_with_the_flag_that_removes_it() -> None:
    shown = await pane_text(SectionsContent(), make_record(DEBUG), 100)
    assert "DWARF is 60.0 % of the file: -no-debug removes it and keeps name, producers" in shown
    assert ".debug_info" not in shown
    app = PaneApp(SectionsContent(), make_record(DEBUG))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("j", "j", "right")
        assert "▾ DWARF" in shot_text(app)
        assert ".debug_info" in shot_text(app)
        await pilot.press("j", "j", "left")
        assert "▾ DWARF" in next(line for line in shot_text(app).splitlines() if "▌" in line)


async def test_custom_sections_unfold_to_what_is_in_them() -> None:
    app = PaneApp(SectionsContent(), make_record(DEBUG))
    async with app.run_test(size=(100, 40)) as pilot:
        for _ in range(16):
            await pilot.press("right", "j")
        shown = shot_text(app)
        assert "processed-by  TinyGo 0.35.0, clang 18" in shown
        assert "segment 0  890 B at 0x10000" in shown
        assert "function  120 entries, 980 B" in shown
        # What was opened stays open for the next function.
        app.pane.show(make_record(DEBUG._replace(size=100_001), path="other"))
        await pilot.pause()
        assert "processed-by  TinyGo" in shot_text(app)


async def test_notes_carry_their_offsets() -> None:
    broken = COMMAND._replace(
        errors=(DecodeNote(9, "the type section is cut short"),), warnings=(DecodeNote(77, "odd"),)
    )
    shown = await pane_text(SectionsContent(), make_record(broken))
    assert "✗ malformed" in shown
    assert "✗ 0x09  the type section is cut short" in shown
    assert "▲ 0x4d  odd" in shown
    assert (await rows_copied(SectionsContent(), make_record(broken)))["the note"] == "0x4d: odd"


async def test_the_validators_word_is_told_where_it_lies() -> None:
    verdict = Validation("invalid", "type mismatch", 0x123, 7, "main.main", "main")
    shown = await pane_text(SectionsContent(), make_record(COMMAND, validation=verdict))
    assert "✗ invalid at 0x123 in main.main (main): type mismatch" in shown


async def test_headroom_and_components() -> None:
    near = COMMAND._replace(headroom=(Headroom("functions", 612_000, 1_000_000),))
    assert "61.2 %  612,000 of 1,000,000 functions" in await pane_text(SectionsContent(), make_record(near))
    names = (("instance", "wasi:cli/run@0.2.0"), ("func", "go\x1b[2J"))
    component = Module(5_000, "component", children=(COMMAND._replace(offset=64),), component_imports=names)
    shown = await pane_text(SectionsContent(), make_record(component))
    assert "a component, not a core module" in shown
    assert "What the component imports" in shown
    assert "instance     wasi:cli/run@0.2.0" in shown
    assert "\x1b" not in shown
    assert "0x40    118 KB  command (_start)" in shown


async def test_absent_and_unreadable_modules_say_so() -> None:
    assert "b builds it" in await pane_text(SectionsContent(), make_record())
    record = make_record(None, module_error="permission denied", modified=1.0)
    assert "✗ permission denied" in await pane_text(SectionsContent(), record)


async def test_a_real_module_and_its_truncation(persistent_reactor: bytes) -> None:
    module = decode(persistent_reactor)
    for width in (38, 76, 120):
        shown = await pane_text(SectionsContent(), make_record(module), width)
        assert "well-formed reactor" in shown
        for section in module.sections:
            assert section.name[:8] in shown
    cut = decode(persistent_reactor[:70_000])
    assert "✗ malformed" in await pane_text(SectionsContent(), make_record(cut))


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_text_is_shown_harmlessly(ascii_only: bool) -> None:
    pane = RecordPane(SectionsContent(Glyphs(ascii_only)))
    pane.content.opened = {f"section:{n}" for n in range(9)}
    for shown in await texts_in_turn(pane, map(hostile_record, HOSTILE), 38, 200):
        assert not UNSAFE & set(shown)
        assert shown.isascii() or not ascii_only


def hostile_record(text: str) -> FunctionRecord:
    module = DEBUG._replace(
        name=text,
        producers={text: ((text, text),)},
        sections=(*DEBUG.sections, Section(0, text, 1, 1, 1, 1)),
        errors=(DecodeNote(1, text),),
    )
    return make_record(module, validation=Validation("invalid", text, 1, 1, text, text))


async def test_a_cut_name_is_shown_whole() -> None:
    long = COMMAND._replace(sections=(Section(0, "n" * 300, 8, 2, 10, None),))
    app = PaneApp(SectionsContent(), make_record(long))
    async with app.run_test(size=(60, 20)) as pilot:
        assert "…" in shot_text(app)
        await pilot.press("enter")
        assert isinstance(app.asked[0], FullTextRequested)
        assert "n" * 300 in app.asked[0].text


async def test_many_sections_stay_cheap() -> None:
    many = COMMAND._replace(sections=tuple(Section(0, f"s{n}", n, 2, 10, None) for n in range(5_000)))
    app = PaneApp(SectionsContent(), make_record(many))
    async with app.run_test(size=(76, 20)) as pilot:
        await pilot.press("G")
        assert "and 4,500 more" in shot_text(app)
        await pilot.press("enter")
        assert isinstance(app.asked[0], FullTextRequested)
        assert app.asked[0].text.splitlines()[-1] == "s4999"

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.app.samples import COMMAND, HOSTILE, UNSAFE, make_record
from tests.app.screens import PaneApp, pane_text, shot_text
from tui.app.colours.roles import ROLES
from tui.app.desk.record import FunctionRecord
from tui.app.messages import FullTextRequested
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.size.content import SizeContent
from tui.app.panes.size.labels import label
from tui.app.panes.size.rows import SizeRows, Sizes
from tui.app.panes.size.treemap import SizeMap
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.retained import retained_sizes
from tui.wasm.sizes.size_report import FunctionSize, PackageSize, Retained, SizeReport
from tui.wasm.sizes.sizes import size_report

# A call graph of two roots: `big` is kept alive by `main.run` alone, `small` by both.
WAT = """(module
  (func $main.run (export "_start") call $lib.big call $lib.small)
  (func $lib.big (nop) (nop) (nop) (nop) (nop) (nop) (nop) (nop))
  (func $lib.small (nop))
  (func $main.other (export "other") call $lib.small))"""


def record_of(source: bytes, directory: Path, path: str = "chat") -> FunctionRecord:
    directory.mkdir(exist_ok=True)
    (directory / "function.wasm").write_bytes(source)
    modified = (directory / "function.wasm").stat().st_mtime
    return make_record(decode(source), path=path, directory=directory, modified=modified)


@pytest.fixture
def graph() -> bytes:
    wasmtime = pytest.importorskip("wasmtime")
    return bytes(wasmtime.wat2wasm(WAT))


async def settled(app: PaneApp) -> str:
    await app.workers.wait_for_complete()
    return shot_text(app)


async def test_own_and_retained_sizes_of_packages_and_functions(graph: bytes, tmp_path: Path) -> None:
    app = PaneApp(SizeContent(), record_of(graph, tmp_path))
    async with app.run_test(size=(90, 30)) as pilot:
        shown = await settled(app)
        report, retained = size_report(graph, decode(graph)), retained_sizes(graph, decode(graph))
        assert {row.name for row in report.rows} >= {"main", "lib"}
        for row in report.rows:
            line = next(text for text in shown.splitlines() if f" {row.name} " in text and "%" in text)
            assert f"{row.size} B" in line
            if row.name in retained.rows:
                assert f"{retained.rows[row.name]} B" in line
        await pilot.press("g", "enter")
        assert "▾" in shot_text(app)
        await pilot.press("j", "enter")
        assert isinstance(app.asked[-1], FullTextRequested)
        assert "would go with it" in app.asked[-1].text
        target = app.pane.copy_target()
        assert target is not None
        assert target.text in ("lib.big", "main.run", "lib.small", "main.other")


async def test_retained_sizes_are_worked_out_once(
    graph: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shown = []
    for _ in range(2):
        app = PaneApp(SizeContent(), record_of(graph, tmp_path))
        async with app.run_test(size=(90, 30)):
            shown.append(await settled(app))

        async def again(_: bytes) -> Retained:
            raise AssertionError("worked out twice")

        monkeypatch.setattr("tui.app.panes.size.content.retained_in_background", again)
    assert "retained" in shown[0]
    assert "being computed" not in shown[0]
    assert shown[1] == shown[0]


async def test_sorting_goes_round(graph: bytes, tmp_path: Path) -> None:
    content = SizeContent()
    pane = RecordPane(content)
    app = PaneApp(pane, record_of(graph, tmp_path))
    async with app.run_test(size=(90, 30)) as pilot:
        await settled(app)
        orders = []
        for _ in range(4):
            orders.append(content.order)
            shown = shot_text(app)
            assert {"own": "own ↓", "retained": "retained ↓", "name": "function ↓"}[content.order] in shown
            await pilot.press("s")
            await pilot.pause()
        assert orders == ["own", "retained", "name", "own"]


async def test_on_a_low_screen_that_is_one_line(echo_command: bytes, tmp_path: Path) -> None:
    content = SizeContent()
    pane = RecordPane(content)
    app = PaneApp(pane, record_of(echo_command, tmp_path))
    async with app.run_test(size=(40, 8)):
        await settled(app)
        assert pane.selectable_text().splitlines()[-1].strip() == "retained = own with stock Go"
        assert "no retained sizes" not in pane.selectable_text()


async def test_without_room_for_the_map_its_key_says_so(echo_command: bytes, tmp_path: Path) -> None:
    app = PaneApp(SizeContent(), record_of(echo_command, tmp_path))
    async with app.run_test(size=(40, 8), notifications=True) as pilot:
        await settled(app)
        await pilot.press("z")
        assert [notice.message for notice in app._notifications] == ["no room for the map here: m maximises"]


async def test_stock_go_says_that_retained_sizes_mean_nothing(echo_command: bytes, tmp_path: Path) -> None:
    content = SizeContent()
    pane = RecordPane(content)
    app = PaneApp(pane, record_of(echo_command, tmp_path))
    async with app.run_test(size=(100, 40)) as pilot:
        shown = await settled(app)
        assert "no retained sizes: stock Go puts every function in its table" in pane.selectable_text()
        assert " runtime   " in shown.splitlines()[2]
        await pilot.press("s")
        assert content.order == "name"
        await pilot.press("z")
        await pilot.pause()
        assert " runtime   " not in shot_text(app).splitlines()[2]


async def test_it_computes_only_in_sight_and_once_a_module(graph: bytes, tmp_path: Path) -> None:
    content = SizeContent()
    pane = RecordPane(content)
    first, second = record_of(graph, tmp_path / "a", "a"), record_of(graph, tmp_path / "b", "b")
    app = PaneApp(pane, None)
    async with app.run_test(size=(90, 30)) as pilot:
        pane.display = False
        await pilot.pause()
        pane.show(first)
        await pilot.pause()
        assert first.module is not None
        assert content.sizes(first.module) is None
        pane.display = True
        await pilot.pause()
        await settled(app)
        known = content.sizes(first.module)
        assert isinstance(known, Sizes)
        assert known.retained is not None
        pane.show(second)
        await settled(app)
        pane.show(first)
        assert content.sizes(first.module) is known


async def test_states_without_sizes(tmp_path: Path) -> None:
    assert "b builds it" in await pane_text(SizeContent(), make_record())
    gone = make_record(COMMAND, directory=tmp_path)
    app = PaneApp(SizeContent(), gone)
    async with app.run_test(size=(90, 30)):
        assert "function.wasm cannot be read: No such file" in await settled(app)
    empty = b"\0asm\x01\0\0\0"
    app = PaneApp(SizeContent(), record_of(empty, tmp_path))
    async with app.run_test(size=(90, 30)):
        assert "the module has no code" in await settled(app)


async def test_a_file_that_was_replaced_is_decoded_anew(graph: bytes, echo_command: bytes, tmp_path: Path) -> None:
    record = record_of(graph, tmp_path)
    (tmp_path / "function.wasm").write_bytes(echo_command)
    app = PaneApp(SizeContent(), record)
    async with app.run_test(size=(90, 30)):
        assert "runtime" in await settled(app)


def report_of(*sizes: int, name: str = "p") -> SizeReport:
    rows = tuple(
        PackageSize(f"{name}/{n}", "package", size, (FunctionSize(n, f"{name}.f{n}", f"f{n}", size),))
        for n, size in enumerate(sorted(sizes, reverse=True))
    )
    return SizeReport(sum(sizes), rows, None)


@given(st.lists(st.integers(0, 10**7), max_size=90), st.integers(1, 120), st.integers(1, 12))
def test_a_treemap_fills_its_cells(sizes: list[int], width: int, height: int) -> None:
    for ascii_only in (False, True):
        drawn = SizeMap(report_of(*sizes).rows, width, height, Glyphs(ascii_only))
        for lines in (drawn.lines(), drawn.lines(0)):
            assert [width_of(line) for line in lines] == [width] * height
            assert not ascii_only or all(plain(line).isascii() for line in lines)
        found = {drawn.row_at(x, y) for x in range(width) for y in range(height)} - {None}
        assert found <= set(range(sum(size > 0 for size in sizes)))


def named(*packages: tuple[str, int]) -> list[PackageSize]:
    return [PackageSize(name, "package", size, ()) for name, size in packages]


JSON = (("runtime", 600), ("encoding/json/v2", 300), ("encoding/json", 100), *((f"p{n}", 1) for n in range(38)))


def test_tiles_are_named_by_the_end_of_the_path_and_the_rest_is_one_tile() -> None:
    text = "\n".join(plain(line) for line in SizeMap(named(*JSON), 60, 6, Glyphs()).lines())
    assert "json/v2" in text
    assert "+38 more" in text
    assert "38 B" in text
    assert "p1" not in text


def test_a_cell_of_the_map_knows_its_row() -> None:
    drawn = SizeMap(named(*JSON), 60, 6, Glyphs())
    assert drawn.row_at(0, 0) == 0
    assert drawn.row_at(59, 5) == 3  # the first of those gathered
    assert drawn.row_at(60, 0) is None
    roles = {part.role for part in drawn.lines(20)[0]}
    assert "tile-lit strong" in roles  # row 20 is in the tile of the rest


def test_every_tile_has_a_style() -> None:
    used = {part.role for line in SizeMap(named(*JSON), 60, 6, Glyphs()).lines(1) for part in line}
    assert {word for role in used for word in role.split()} <= ROLES.keys()


@pytest.mark.parametrize(
    ("name", "room", "lines", "expected"),
    [
        ("encoding/json/v2", 16, 1, ("encoding/json/v2",)),
        ("encoding/json/v2", 10, 1, ("json/v2",)),
        ("encoding/json/v2", 6, 1, ()),  # "v2" alone would mislead
        ("encoding/json/v2", 10, 3, ("encoding/", "json/v2")),
        ("internal/runtime/maps", 12, 1, ("runtime/maps",)),
        ("internal/runtime/maps", 5, 1, ("maps",)),
        ("interface dispatch", 10, 3, ("interface", "dispatch")),
        ("v2", 2, 1, ("v2",)),
        ("", 4, 1, ("",)),
    ],
)
def test_labels(name: str, room: int, lines: int, expected: tuple[str, ...]) -> None:
    assert label(name, room, lines) == expected


@given(st.text("ab/v2 漢", max_size=40), st.integers(1, 30), st.integers(1, 5))
def test_labels_fit(name: str, room: int, lines: int) -> None:
    found = label(name, room, lines)
    assert len(found) <= lines
    assert all(cell_len(line) <= room for line in found)


async def test_a_click_on_a_tile_goes_to_its_row_and_the_map_follows_the_height(
    echo_command: bytes, tmp_path: Path
) -> None:
    content = SizeContent()
    pane = RecordPane(content)
    app = PaneApp(pane, record_of(echo_command, tmp_path))
    async with app.run_test(size=(100, 40)) as pilot:
        await settled(app)
        await pilot.click(offset=(96, 10))
        assert pane.row is not None
        assert pane.row.key != "package:runtime"
        await pilot.click(offset=(5, 4))
        assert pane.row.key == "package:runtime"
        index = pane.stack.find("map")
        assert index is not None
        before = pane.stack.shown[index].height
        await pilot.resize_terminal(100, 20)
        await pilot.pause()
        index = pane.stack.find("map")
        assert index is not None
        assert pane.stack.shown[index].height < before


def test_rows_wait_for_retained_sizes_and_take_them() -> None:
    report = report_of(100, 50)
    waiting = list(SizeRows(Sizes(report), "own", Glyphs()).rows({"package:p/0"}))
    assert [row.level for row in waiting] == [0, 1, 0]
    assert waiting[0].cells[3][0].text == "…"
    kept = Retained({0: 100, 1: 90}, {"p/0": 100, "p/1": 140}, {}, 0.0)
    ordered = list(SizeRows(Sizes(report, kept), "retained", Glyphs()).rows(set()))
    assert [row.copy for row in ordered] == ["p/1", "p/0"]
    assert ordered[0].cells[3][0].text == "140 B"


def test_thousands_of_functions_are_counted_not_listed() -> None:
    functions = tuple(FunctionSize(n, f"f{n}", f"f{n}", 1) for n in range(5_000))
    report = SizeReport(5_000, (PackageSize("p", "package", 5_000, functions),), None)
    rows = list(SizeRows(Sizes(report), "own", Glyphs()).rows({"package:p"}))
    assert len(rows) == 1_002
    assert rows[-1].cells[0][0].text == "and 4,000 more"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [38, 120])
async def test_hostile_names_are_shown_harmlessly(text: str, width: int) -> None:
    function = FunctionSize(1, text, text, 60)
    rows = (PackageSize(text, "package", 60, (function,)), PackageSize(f"b/{text}", "c", 40, (function,)))
    record = make_record(COMMAND._replace())
    assert record.module is not None
    for ascii_only in (False, True):
        content = SizeContent(Glyphs(ascii_only))
        pane = RecordPane(content)
        content._known[id(record.module)] = (record.module, Sizes(SizeReport(100, rows, text or None)))
        content.opened = {f"package:{text}", f"c:b/{text}"}
        content._working_on = record.module
        shown = await pane_text(pane, record, width)
        assert not UNSAFE & set(shown)
        assert shown.isascii() or not ascii_only

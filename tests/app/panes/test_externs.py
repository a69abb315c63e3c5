from __future__ import annotations

import pytest

from tests.app.samples import CONTRACT, HOSTILE, UNSAFE, VOID, WS, make_module, make_record
from tests.app.screens import PaneApp, pane_text, rows_copied, shot_text, texts_in_turn
from tui.app.desk.record import FunctionRecord
from tui.app.messages import FullTextRequested
from tui.app.panes.externs import ExternsContent
from tui.app.panes.record_pane import RecordPane
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.gateway.checks.imports import judge_imports
from tui.wasm.decode.decode import decode
from tui.wasm.module import Counts, FuncType, Import, Limits, Module, TableType
from tui.workspace.function import FunctionConfig

ONE = ("i32",)


def record_of(module: Module, config: FunctionConfig | None = None) -> FunctionRecord:
    return make_record(module, config, imports=judge_imports(module, CONTRACT))


IMPORTS = (
    Import("env", "cache_get", "func", FuncType(ONE * 2, ("i64",))),
    Import("env", "cache_set", "func", FuncType(ONE * 4, ONE)),
    Import("env", "db_query", "func", FuncType(ONE * 4, ("i64",))),
    Import("env", "log_inf", "func", FuncType(ONE * 2)),
    Import("envv", "anything", "func", FuncType(ONE * 2)),
    Import("wasi_snapshot_preview1", "fd_write", "func", FuncType(ONE * 4, ONE)),
)
MODULE = make_module(
    "reactor", {"_initialize": VOID, **WS, "ws_frame": FuncType(ONE, ONE), "extra": VOID}, *IMPORTS
)._replace(counts=Counts(imports=6), tables=(TableType("funcref", Limits(120, 120)),))
RECORD = record_of(MODULE, FunctionConfig("chat", ws_persistent=True))


async def test_each_import_has_a_mark_and_what_to_do() -> None:
    shown = await pane_text(ExternsContent(), RECORD, 100)
    assert "6 imports, 3 that the host refuses" in shown
    assert "✓ " in next(line for line in shown.splitlines() if "cache_get" in line)
    assert "≠" in next(line for line in shown.splitlines() if "cache_set" in line)
    assert "the module has i32i32i32i32_i32, the host i32i32i32i32i64_v" in shown
    assert "▲" in next(line for line in shown.splitlines() if "  db_query" in line)
    assert "→ better: db_query_v2" in shown
    assert "did you mean log_info?" in shown
    assert "✗ envv  0 of 1  the host has no such module, did you mean env?" in shown
    assert "✓ wasi_snapshot_preview1  1" in shown
    assert "(needs the allocator)" in await pane_text(ExternsContent(), RECORD, 160)


async def test_exports_stand_in_groups_with_types_and_marks() -> None:
    shown = await pane_text(ExternsContent(), RECORD, 120)
    order = [shown.index(f"  {title}  ") for title in ("Lifecycle", "Yours", "Allocator", "Other")]
    assert order == sorted(order)
    assert "✓  ws_open" in shown
    assert "(i32,i32)→i32" in shown
    wrong = next(line for line in shown.splitlines() if "ws_frame" in line)
    assert "≠" in wrong
    assert "the host calls (i32,i32)→i32" in wrong
    assert "2 pages (128 KiB), at most 16 (1 MiB)" in shown
    assert "funcref, 120 entries, at most 120" in shown


async def test_missing_exports_stand_where_one_looks_for_them() -> None:
    bare = record_of(make_module("reactor", {"_initialize": VOID}), FunctionConfig("c", ws_persistent=True))
    shown = await pane_text(ExternsContent(), bare)
    for name in ("ws_open", "ws_frame", "ws_close", "orama_alloc"):
        assert "missing" in next(line for line in shown.splitlines() if f"✗  {name}" in line)


async def test_a_cut_name_is_shown_whole_and_copied_whole() -> None:
    name = "n" * 300
    record = record_of(make_module("command", {name: VOID}))
    app = PaneApp(ExternsContent(), record)
    async with app.run_test(size=(60, 20)) as pilot:
        assert "…" in shot_text(app)
        while name not in str(app.pane.copy_target()):
            await pilot.press("j")
        await pilot.press("enter")
        assert isinstance(app.asked[-1], FullTextRequested)
        assert app.asked[-1].text.splitlines()[0] == name
    assert (await rows_copied(ExternsContent(), RECORD))["the module's name"] == "wasi_snapshot_preview1"


async def test_a_hundred_thousand_names_are_counted_and_can_be_read() -> None:
    imports = tuple(Import("env", f"f{n}", "func", VOID) for n in range(30_000))
    module = make_module("command", {f"e{n}": VOID for n in range(700)}, *imports)
    module = module._replace(counts=Counts(imports=100_000))
    app = PaneApp(ExternsContent(), make_record(module, imports=judge_imports(module, CONTRACT)))
    async with app.run_test(size=(76, 20)) as pilot:
        rows = {row.key: row for row in app.rows.stack.shown}
        assert "and 99,500 more" in plain(rows["more:imports"].lines[0])
        assert "and 200 more" in plain(rows["more:exports"].lines[0])
        assert rows["more:imports"].full.splitlines()[0] == "env.f500"
        assert rows["more:imports"].full.splitlines()[-1] == "and 79,500 more"
        app.rows.steps.go_to_key("more:exports")
        await pilot.press("enter")
        assert isinstance(app.asked[0], FullTextRequested)
        assert app.asked[0].text.endswith("e699")


async def test_no_imports_and_no_module() -> None:
    assert "asks nothing of its host" in await pane_text(
        RecordPane(ExternsContent()), record_of(make_module("command", {}))
    )
    assert "b builds it" in await pane_text(ExternsContent(), make_record())


async def test_a_real_module(persistent_reactor: bytes) -> None:
    module = decode(persistent_reactor)
    record = record_of(module, FunctionConfig("chat", ws_persistent=True))
    for width in (38, 76, 120):
        shown = await pane_text(ExternsContent(), record, width, 80)
        assert f"{len(module.imports)} imports" in shown
        for name in ("_initialize", "ws_open", "ws_frame", "ws_close", "orama_alloc", "memory"):
            assert name in shown
        assert "✗" not in shown


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_names_are_shown_harmlessly(ascii_only: bool) -> None:
    modules = (
        make_module("command", {text: VOID}, Import(text, text, "func", VOID), Import("env", text, "func", VOID))
        for text in HOSTILE
    )
    for shown in await texts_in_turn(ExternsContent(Glyphs(ascii_only)), map(record_of, modules), 38, 80):
        assert not UNSAFE & set(shown)
        assert shown.isascii() or not ascii_only

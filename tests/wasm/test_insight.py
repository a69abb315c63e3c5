from __future__ import annotations

import pytest

from tests.wasm.binary import COMPONENT_HEADER, custom, module
from tests.wasm.features import FEATURES, assemble
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.decode import decode
from tui.wasm.insight import (
    GROUPS,
    dwarf_share,
    dwarf_words,
    export_group,
    grouped_exports,
    imports_by_module,
    memory_words,
    table_words,
    trace_words,
    type_words,
)
from tui.wasm.module import Export, FuncType, Limits


def test_dwarf_of_tinygo_names_the_flag_and_what_stays() -> None:
    found = decode(tinygo_module(dwarf=3000))
    share = dwarf_share(found)
    assert share is not None
    assert share.flag == "-no-debug"
    assert share.keeps == "name, producers"
    assert share.bytes == found.dwarf_bytes
    words = dwarf_words(found)
    assert words is not None
    assert words.startswith("DWARF: 3.0 KB, 79.2 % of the file; ")
    assert "`-no-debug` removes it and keeps name, producers" in words


def test_no_dwarf_no_words_and_other_toolchains() -> None:
    assert dwarf_words(decode(tinygo_module())) is None
    share = dwarf_share(decode(module(custom(".debug_line", b"x"))))
    assert share is not None
    assert "strip-debug" in share.flag
    assert share.keeps == "all the rest"


def test_what_a_trace_shows() -> None:
    assert trace_words(decode(tinygo_module())) == "names kept: a trace shows function names"
    assert "files and lines" in trace_words(decode(tinygo_module(dwarf=10)))
    assert trace_words(decode(module())).startswith("stripped of names")
    assert "no traces" in trace_words(decode(COMPONENT_HEADER))


def test_limits_in_words() -> None:
    assert memory_words(Limits(2)) == "2 pages (128 KiB), no maximum"
    assert memory_words(Limits(1, 16, shared=True)) == "1 page (64 KiB), at most 16 (1 MiB), shared"
    assert memory_words(Limits(5, is64=True, page_size=1)) == "5 pages (5 B), no maximum, 64-bit, pages of 1 B"
    assert table_words(Limits(1)) == "1 entry, no maximum"
    assert table_words(Limits(1204, 1204)) == "1,204 entries, at most 1,204"


def test_types_on_one_line() -> None:
    found = decode(assemble(FEATURES["every export kind"]))
    assert [type_words(e.type) for e in found.exports][:5] == [
        "()->()",
        "externref, 3 entries, no maximum",
        "1 page (64 KiB), no maximum",
        "mut i64",
        "(i32)",
    ]
    assert type_words(None) == "?"


def test_a_function_type_has_one_form() -> None:
    one = FuncType(("i32", "i32", "i32", "i64"), ("i64",))
    assert (str(one), one.drawn("→")) == ("(i32,i32,i32,i64)->i64", "(i32,i32,i32,i64)→i64")
    assert one.drawn("→", "×") == "(i32×3,i64)→i64"
    assert str(FuncType(results=("i32", "i64"))) == "()->(i32,i64)"
    assert str(FuncType(results=("i32",), more_results=2)) == "()->(i32, and 2 more)"


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("_start", "lifecycle"),
        ("_initialize", "lifecycle"),
        ("handle", "yours"),
        ("ws_open", "yours"),
        ("malloc", "allocator"),
        ("orama_alloc", "allocator"),
        ("asyncify_start_unwind", "asyncify"),
        ("asyncifyOrders", "yours"),
        ("__indirect_function_table", "other"),
        ("tinygo_unwind", "other"),
        ("syscall.seek", "other"),
        ("go_scheduler", "other"),
    ],
)
def test_groups_of_functions(name: str, group: str) -> None:
    assert export_group(Export(name, "func", 0, FuncType())) == group
    assert export_group(Export(name, "memory", 0, None)) == "other"


def test_all_exports_are_in_one_group() -> None:
    found = decode(tinygo_module())
    groups = grouped_exports(found)
    assert tuple(groups) == GROUPS
    assert sorted(e.name for exports in groups.values() for e in exports) == sorted(e.name for e in found.exports)
    assert [e.name for e in groups["yours"]] == ["ws_frame"]


def test_imports_come_under_their_module() -> None:
    groups = imports_by_module(decode(assemble(FEATURES["imports"])))
    assert [(group.name, len(group.imports)) for group in groups] == [("a", 6), ("", 1)]

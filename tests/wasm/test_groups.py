from __future__ import annotations

import pytest

from tests.wasm.features import FEATURES, assemble
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.decode import decode
from tui.wasm.groups import GROUPS, export_group, grouped_exports, imports_by_module
from tui.wasm.module import Export, FuncType


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

from __future__ import annotations

import json

from tests.wasm.binary import COMPONENT_HEADER, body, functions, module, section
from tests.wasm.features import FEATURES, assemble
from tests.wasm.tinygo import tinygo_module
from tui.cli.reports.module_json import module_record, type_fields
from tui.wasm.decode.decode import decode
from tui.wasm.module import GlobalType, Limits, MemoryType, TableType, TagType

ISSUE_KEYS = [
    "file", "size", "kind", "mode", "sections", "imports", "exports", "memories", "producers", "target_features",
    "toolchain", "functions", "errors", "warnings",
]  # fmt: skip


def test_the_keys_of_the_issue_come_first_and_exactly() -> None:
    source = tinygo_module()
    record = module_record("m.wasm", decode(source))
    assert list(record)[: len(ISSUE_KEYS)] == ISSUE_KEYS
    printed = json.loads(json.dumps(record, allow_nan=False))
    assert list(printed["sections"][0]) == ["id", "name", "offset", "header", "size", "count"]
    assert printed["imports"] == [
        {
            "module": "wasi_snapshot_preview1",
            "name": "fd_write",
            "kind": "func",
            "params": ["i32", "i32", "i32", "i32"],
            "results": ["i32"],
        }
    ]
    assert printed["exports"][0] == {"name": "memory", "kind": "memory", "index": 0, "min": 2, "max": None}
    assert printed["exports"][1] == {"name": "_start", "kind": "func", "index": 1, "params": [], "results": []}
    assert printed["memories"] == [{"min": 2, "max": None}]
    assert printed["producers"]["processed-by"] == [["TinyGo", "0.35.0"]]
    assert printed["toolchain"] == "TinyGo 0.35.0"
    assert set(printed["functions"]) == {"imported", "defined", "code_bytes"}
    assert (printed["mode"], printed["kind"]) == ("command", "core")


def test_errors_have_offset_and_message() -> None:
    record = module_record("m", decode(module(b"\x0e\0")))
    assert record["errors"] == [{"offset": 8, "message": "14 is not a section id (0 to 13)"}]
    assert record["malformed"] is True


def test_types_of_every_kind() -> None:
    assert type_fields(TableType("funcref", Limits(1, 2, is64=True))) == {
        "element": "funcref", "min": 1, "max": 2, "is64": True,
    }  # fmt: skip
    assert type_fields(GlobalType("i64", True)) == {"type": "i64", "mutable": True}
    assert type_fields(MemoryType(Limits(1, 3, shared=True, page_size=1))) == {
        "min": 1, "max": 3, "shared": True, "page_size": 1,
    }  # fmt: skip
    assert type_fields(TagType(None)) == {} == type_fields(None)


def test_every_feature_can_be_printed() -> None:
    for feature in FEATURES:
        record = module_record(feature, decode(assemble(FEATURES[feature])))
        assert set(json.loads(json.dumps(record))) == set(record)


def test_components_list_what_is_inside() -> None:
    record = module_record("c", decode(COMPONENT_HEADER + section(1, module(functions(body())))))
    assert record["kind"] == "component"
    children = record["children"]
    assert isinstance(children, list)
    assert children[0]["functions"]["defined"] == 1
    assert children[0]["offset"] == 10

"""Any Module, and any life: strategies for the tests that nothing is raised whatever a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tui.wasm.mode import MODES
from tui.wasm.module import (
    DecodeNote,
    Export,
    ExternType,
    FunctionCounts,
    FuncType,
    GlobalType,
    Import,
    Limits,
    MemoryType,
    Module,
    Section,
    TableType,
    TagType,
)
from tui.workspace.function import FunctionConfig, RetryConfig

if TYPE_CHECKING:
    from tui.wasm.module import ExternKind

KNOWN = ["_start", "_initialize", "ws_open", "ws_frame", "ws_close", "handle", "malloc", "orama_alloc", "memory"]
HOST = ["cache_get", "cache_set", "set_http_response", "db_query", "log_info", "storage_put", "proc_exit"]
NASTY = ["", "\x1b[2J", "\u202e", "a" * 300, "\ud800", "[/x]", "{module}", "%s", "表", "a\u0301"]
KINDS: list[ExternKind] = ["func", "table", "memory", "global", "tag"]
names = st.sampled_from(KNOWN + HOST + NASTY) | st.text(max_size=12)
values = st.sampled_from(["i32", "i64", "f32", "f64", "v128", "anyref", "(ref null 3)"])
func_types = st.builds(FuncType, st.lists(values, max_size=9).map(tuple), st.lists(values, max_size=3).map(tuple))
known_types = st.sampled_from(
    [FuncType(), FuncType(("i32",), ("i32",)), FuncType(("i32", "i32"), ("i32",)), FuncType(("i32", "i32"), ("i64",))]
)
limits = st.builds(
    Limits,
    st.integers(0, 2**48),
    st.none() | st.integers(0, 2**48),
    st.booleans(),
    st.booleans(),
    st.sampled_from([1, 65536]),
)
memories = st.builds(MemoryType, limits)
types: st.SearchStrategy[ExternType | None] = st.one_of(
    st.none(),
    func_types,
    known_types,
    memories,
    st.builds(TableType, st.sampled_from(["funcref", "anyref"]), limits),
    st.builds(GlobalType, values, st.booleans()),
    st.builds(TagType, st.none() | func_types),
)
imports = st.builds(
    Import, st.sampled_from(["env", "host", "wasi:cli/x@0.2", *NASTY]), names, st.sampled_from(KINDS), types
)
exports = st.builds(Export, names, st.sampled_from(KINDS), st.integers(0, 2**32), types)
notes = st.builds(DecodeNote, st.integers(0, 2**33), names)
modules = st.builds(
    Module,
    size=st.integers(0, 2**31),
    kind=st.sampled_from(["core", "core", "core", "component", "not-wasm", "unknown"]),
    mode=st.sampled_from(MODES),
    sections=st.lists(
        st.builds(
            Section, st.integers(0, 14), names, st.integers(0, 99), st.integers(0, 9), st.integers(0, 99), st.none()
        ),
        max_size=3,
    ).map(tuple),
    imports=st.lists(imports, max_size=5).map(tuple),
    exports=st.lists(exports, max_size=9).map(tuple),
    memories=st.lists(memories, max_size=2).map(tuple),
    functions=st.builds(FunctionCounts, st.integers(0, 9), st.integers(0, 9), st.integers(0, 2**30)),
    target_features=st.lists(st.sampled_from(["+atomics", "-gc", "=simd128", "", "+\x1b"]), max_size=3).map(tuple),
    errors=st.lists(notes, max_size=1).map(tuple),
    warnings=st.lists(notes, max_size=1).map(tuple),
    unread=st.sampled_from([frozenset(), frozenset({0}), frozenset({7, 10})]),
)
configs = st.builds(
    FunctionConfig,
    name=names,
    internal=st.booleans(),
    memory=st.integers(1, 256),
    timeout=st.integers(1, 300),
    retry=st.builds(RetryConfig, st.integers(-9, 9), st.integers(-9, 9)),
    env=st.none() | st.dictionaries(names, names, max_size=2),
    ws_persistent=st.booleans(),
    ws_idle_timeout_sec=st.integers(-1, 9),
    reactor=st.booleans(),
    raw_http_response=st.booleans(),
    ws_auth=st.sampled_from(["", "capability", "jwt", "\x1b"]),
)

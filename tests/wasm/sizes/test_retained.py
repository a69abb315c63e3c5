from __future__ import annotations

from tests.wasm.binary import body, functions, module, name, section, vec
from tests.wasm.features import assemble
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.retained import MODULE, retained_sizes
from tui.wasm.sizes.size_report import Retained
from tui.wasm.sizes.sizes import size_report


def by_name(source: bytes) -> tuple[dict[str, int], dict[str, str], dict[str, int], Retained]:
    """Retained and own bytes and dominators by symbol."""
    found = decode(source)
    names = read_names(source, found)
    kept = retained_sizes(source, found)
    own = {f.symbol: f.size for row in size_report(source, found).rows for f in row.functions}
    above = {names[i]: "" if d == MODULE else names[d] for i, d in kept.dominators.items()}
    return {names[i]: size for i, size in kept.functions.items()}, above, own, kept


def test_a_function_retains_what_only_it_leads_to() -> None:
    sizes, above, own, _ = by_name(tinygo_module())
    assert sizes["main.main$1"] == own["main.main$1"]
    invoke = "interface:{Read:func:{slice:basic:uint8}{basic:int}}.Read$invoke"
    reader = "(*example.com/chat/shared.reader).Read"
    assert sizes[invoke] == own[invoke] + own[reader]
    assert sizes["encoding/json.Marshal"] == own["encoding/json.Marshal"] + own["memcpy"]
    assert above[reader] == invoke
    assert above["main.main"] == "_start"
    # Reached from main.main and from the table: nobody's but the module's.
    assert above["(*encoding/json.encodeState).marshal"] == ""
    assert above["runtime.alloc"] == ""
    assert sizes["runtime.alloc"] == own["runtime.alloc"] + own["dlmalloc"]


def test_what_the_module_retains_is_all_code(echo_command: bytes) -> None:
    for source in (tinygo_module(), echo_command):
        found = decode(source)
        kept = retained_sizes(source, found)
        top = sum(size for index, size in kept.functions.items() if kept.dominators[index] == MODULE)
        assert top == found.functions.code_bytes
        assert kept.note is None


def test_rows_count_each_byte_once() -> None:
    _, _, own, kept = by_name(tinygo_module())
    report_rows = kept.rows
    assert report_rows["encoding/json"] == (
        own["encoding/json.Marshal"] + own["memcpy"] + own["(*encoding/json.encodeState).marshal"]
    )
    assert report_rows["runtime"] == own["runtime.alloc"] + own["dlmalloc"]
    nested = assemble('(module (func $"a.F" (export "e") (call $"a.G")) (func $"a.G" (call $"a.H")) (func $"a.H"))')
    found = decode(nested)
    assert retained_sizes(nested, found).rows == {"a": found.functions.code_bytes}


def test_stock_go_retains_its_own_only(echo_command: bytes) -> None:
    found = decode(echo_command)
    kept = retained_sizes(echo_command, found)
    own = {f.index: f.size for row in size_report(echo_command, found).rows for f in row.functions}
    differing = sum(kept.functions[index] != size for index, size in own.items())
    assert differing < len(own) / 100


def test_dead_code_and_cycles() -> None:
    source = assemble("(module (func $a (call $b)) (func $b (call $a)) (func $c))")
    found = decode(source)
    kept = retained_sizes(source, found)
    assert sum(s for i, s in kept.functions.items() if kept.dominators[i] == MODULE) == found.functions.code_bytes
    # What nothing reaches counts for itself: $a leads to $b, and $c stands alone.
    assert kept.dominators == {0: MODULE, 1: 0, 2: MODULE}
    assert kept.functions[0] == found.functions.code_bytes - kept.functions[2]


def test_bodies_that_cannot_be_walked_are_told() -> None:
    source = module(functions(body(b"\xff"), body(b"\x10\0")))
    kept = retained_sizes(source, decode(source))
    assert kept.note is not None
    assert kept.note.startswith("1 bodies hold instructions")


def test_where_all_functions_are_entries_no_body_needs_be_walked() -> None:
    text = """(module (table 2 funcref) (elem (i32.const 0) func $b $c)
        (func $a (export "a") (call $b)) (func $b (call $c)) (func $c))"""
    whole = decode(source := assemble(text))
    kept = retained_sizes(source, whole)
    assert set(kept.dominators.values()) == {MODULE}
    assert sum(kept.functions.values()) == whole.functions.code_bytes
    exports = section(7, vec(name("a") + b"\0\0", name("b") + b"\0\1"))
    code = section(10, vec(body(b"\xff"), body(b"\x10\0")))
    unknown = module(section(1, vec(b"\x60\0\0")), section(3, b"\2\0\0"), exports, code)
    assert retained_sizes(unknown, decode(unknown)).note is None  # nothing is missing


def test_calls_out_of_range_and_no_code() -> None:
    source = module(functions(body(b"\x10\x64")))
    assert retained_sizes(source, decode(source)).functions == {0: 5}
    empty = module()
    assert retained_sizes(empty, decode(empty)).functions == {}

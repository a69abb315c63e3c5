from __future__ import annotations

import pytest
import wasmtime

from tests.engine import compiled
from tests.wasm.binary import body, functions, leb, module, name, section, vec
from tests.wasm.features import FEATURES, accepts, assemble
from tui.wasm.decode.core.externs import LISTED
from tui.wasm.decode.decode import decode
from tui.wasm.insight import type_words
from tui.wasm.module import ExternType, FuncType, GlobalType, MemoryType, TableType, TagType

PLAIN = {name for name in FEATURES if name not in {"structs", "abstract references", "gc constants", "exnref table"}}


def same_type(ours: ExternType | None, theirs: object) -> bool:
    """Whether wasmtime gives an import or export the type that we read."""
    match ours, theirs:
        case FuncType(), wasmtime.FuncType():
            return [list(ours.params), list(ours.results)] == [
                list(map(str, theirs.params)),
                list(map(str, theirs.results)),
            ]
        case MemoryType(), wasmtime.MemoryType():
            limits = theirs.limits
            return (ours.limits.minimum, ours.limits.maximum) == (limits.min, limits.max)
        case TableType(), wasmtime.TableType():
            limits = theirs.limits
            return (ours.limits.minimum, ours.limits.maximum) == (limits.min, limits.max)
        case GlobalType(), wasmtime.GlobalType():
            return (ours.value, ours.mutable) == (str(theirs.content), theirs.mutable)
    return isinstance(ours, TagType)


def test_imports_and_exports_of_a_real_module_have_wasmtimes_types(persistent_reactor: bytes) -> None:
    theirs = compiled(persistent_reactor)
    ours = decode(persistent_reactor)
    assert [(i.module, i.name) for i in ours.imports] == [(i.module, i.name) for i in theirs.imports]
    assert all(same_type(mine.type, other.type) for mine, other in zip(ours.imports, theirs.imports, strict=True))
    assert [e.name for e in ours.exports] == [e.name for e in theirs.exports]
    assert all(same_type(mine.type, other.type) for mine, other in zip(ours.exports, theirs.exports, strict=True))


@pytest.mark.parametrize("feature", ["function", "multi-value", "imports", "multi-memory"])
def test_types_of_assembled_modules_equal_wasmtimes(feature: str) -> None:
    source = assemble(FEATURES[feature])
    theirs = wasmtime.Module(wasmtime.Engine(), source)
    ours = decode(source)
    assert all(same_type(mine.type, other.type) for mine, other in zip(ours.imports, theirs.imports, strict=True))
    assert all(same_type(mine.type, other.type) for mine, other in zip(ours.exports, theirs.exports, strict=True))


def test_imports_lead_every_index_space() -> None:
    source = assemble(
        """(module (import "h" "f" (func (param i64))) (import "h" "g" (global f32))
        (func (param i32) (result i32) local.get 0) (global (mut i32) i32.const 0)
        (export "f0" (func 0)) (export "f1" (func 1)) (export "g0" (global 0)) (export "g1" (global 1)))"""
    )
    words = {e.name: type_words(e.type) for e in decode(source).exports}
    assert words == {"f0": "(i64)->()", "f1": "(i32)->i32", "g0": "f32", "g1": "mut i32"}


def test_the_same_import_twice_is_legal_and_the_same_export_is_not() -> None:
    assert decode(assemble('(module (import "a" "b" (func)) (import "a" "b" (func)))')).ok
    twice = functions(body())
    source = module(twice[:10], section(7, vec(b"\1a\0\0", b"\1a\0\0")), twice[10:])
    found = decode(source)
    assert not accepts(source)
    assert [note.message for note in found.errors] == ["export section, entry 1: two exports have the name 'a'"] or (
        "two exports have the name 'a'" in found.errors[0].message
    )
    assert not found.malformed


def test_an_export_out_of_range_is_shown_as_such() -> None:
    found = decode(module(section(7, vec(b"\1a\0\5", b"\1b\3\x07"))))
    assert [(e.name, e.kind, e.index, e.type) for e in found.exports] == [
        ("a", "func", 5, None),
        ("b", "global", 7, None),
    ]
    assert not found.ok
    assert not found.malformed


@pytest.mark.parametrize(
    ("number", "payload", "words"),
    [
        (2, vec(b"\1a\1b\5"), "kind of import"),
        (2, vec(b"\1a\1b\4\1\0"), "tag's attribute"),
        (2, vec(b"\1a"), "ends too early"),
        (7, vec(b"\1a\6\0"), "kind of export"),
        (4, vec(b"\x70\x08\0\0"), "limits flags"),
        (4, vec(b"\x40\1\x70\0\0"), "40 00"),
        (4, vec(b"\x7f\0\0"), "not a reference type"),
        (5, vec(b"\x20\0"), "limits flags"),
        (6, vec(b"\x7f\2\x41\0\x0b"), "mutability"),
        (6, vec(b"\x7f\0\x41\0"), "does not end|too early"),
        (13, vec(b"\1\0"), "tag's attribute"),
    ],
)
def test_malformed_entries_are_placed(number: int, payload: bytes, words: str) -> None:
    found = decode(module(section(number, payload)))
    assert found.malformed
    assert any(word in found.errors[0].message for word in words.split("|")), found.errors


@pytest.mark.parametrize(
    "text",
    [
        "(module (memory 2 1))",
        "(module (memory 65537))",
        "(module (table 2 1 funcref))",
        "(module (type (func (param i32))) (func $f (param i32)) (start $f))",
    ],
)
def test_what_no_engine_takes_is_invalid_not_malformed(text: str) -> None:
    source = assemble(text)
    found = decode(source)
    assert not accepts(source)
    assert not found.ok
    assert not found.malformed


def test_custom_page_sizes_are_read() -> None:
    found = decode(module(section(5, vec(b"\x08\x80\x80\x08\0"))))
    assert found.ok
    assert found.memories[0].limits.page_size == 1


def test_hooks_are_found_behind_the_exports_that_are_listed() -> None:
    names = [name(f"e{number}") + b"\0\0" for number in range(LISTED + 5)] + [name("_start") + b"\0\0"]
    sections = functions(body())
    source = module(sections[:10], section(7, leb(len(names)) + b"".join(names)), sections[10:])
    found = decode(source)
    assert found.ok, found.errors
    assert found.mode == "command"
    assert len(found.exports) == LISTED + 1
    assert found.counts.exports == LISTED + 6


def test_a_cut_import_section_keeps_what_was_read() -> None:
    source = assemble(FEATURES["imports"])
    imports = next(part for part in decode(source).sections if part.id == 2)
    found = decode(source[: imports.end - 3])
    assert len(found.imports) == 6
    assert found.errors[0].message.startswith("the import section needs")
    assert len(found.errors) == 1


VOID = section(1, b"\1\x60\0\0")


@pytest.mark.parametrize(
    "entry",
    [
        name("m") + b"\0\x7f" + vec(name("a") + b"\0\0", name("b") + b"\0\0"),
        name("m") + b"\0\x7e\0\0" + vec(name("a"), name("b")),
    ],
    ids=["each with its type", "one type for all"],
)
def test_imports_of_one_module_told_in_short(entry: bytes) -> None:
    found = decode(module(VOID, section(2, vec(entry, name("n") + name("c") + b"\0\0"))))
    assert found.ok, found.errors
    assert [(one.module, one.name, one.kind, str(one.type)) for one in found.imports] == [
        ("m", "a", "func", "()->()"),
        ("m", "b", "func", "()->()"),
        ("n", "c", "func", "()->()"),
    ]
    assert (found.counts.imports, found.functions.imported) == (3, 3)


def test_wasmtime_reads_the_short_form_too() -> None:
    entry = name("m") + b"\0\x7f" + vec(name("a") + b"\0\0", name("b") + b"\0\0")
    wasmtime.Module.validate(wasmtime.Engine(), module(VOID, section(2, vec(entry))))


def test_a_short_form_that_is_cut_off_is_malformed() -> None:
    for entry in (name("m") + b"\0\x7f\5", name("m") + b"\0\x7e\5\0\1", name("m") + b"\0\x7e\0\0\1"):
        assert decode(module(VOID, section(2, b"\1" + entry))).malformed

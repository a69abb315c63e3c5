"""Components from text: what is good passes whole, and none that is cut off or changed raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.conftest import wat
from tests.wasm.binary import COMPONENT_HEADER, section
from tui.wasm.decode.decode import decode

GOOD = {
    "types": """(component
      (type $r (record (field "a" u8) (field "b" string)))
      (type $v (variant (case "x") (case "y" u32)))
      (type (list $r)) (type (tuple u8 s64 f32)) (type (flags "p" "q")) (type (enum "e" "f"))
      (type (option $v)) (type (result)) (type (result u8 (error string)))
      (type $res (resource (rep i32))) (type (own $res)) (type (borrow $res))
      (type (func (param "a" $r) (result $v))) (type (func)))""",
    "imports": """(component
      (import "f" (func (param "a" string) (result u32)))
      (import "t" (type (sub resource)))
      (import "wasi:cli/run@0.2.0" (instance (export "run" (func (result (result))))))
      (import "m" (core module (import "" "" (func (param i32))) (export "x" (memory 1 2)) (export "g" (global i32))))
      (import "c" (component (import "a" (func)) (export "b" (func)))))""",
    "instances": """(component
      (core module $m (func (export "run")) (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable))
      (core instance $i (instantiate $m))
      (core instance (export "again" (func $i "run")))
      (alias core export $i "memory" (core memory $mem))
      (func $f (canon lift (core func $i "run")))
      (core func $lowered (canon lower (func $f)))
      (instance $j (export "f" (func $f)))
      (alias export $j "f" (func $again))
      (export "run" (func $f)) (export "j" (instance $j)))""",
    "nested": """(component
      (component $c (import "f" (func)) (export "g" (func 0)))
      (import "h" (func $h))
      (instance $i (instantiate $c (with "f" (func $h))))
      (export "g" (func $i "g")))""",
    "outer": '(component (type $t u8) (component (alias outer 1 $t (type $u)) (export "u" (type $u))))',
    "resource": """(component (type $r (resource (rep i32)))
      (core func (canon resource.new $r)) (core func (canon resource.drop $r)) (core func (canon resource.rep $r)))""",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_good_component_has_no_fault(text: str) -> None:
    source = wat(text)
    found = decode(source)
    assert (found.kind, found.errors) == ("component", ())


def test_what_it_imports_and_exports_is_listed() -> None:
    found = decode(wat(GOOD["imports"]))
    assert found.component_imports == (
        ("func", "f"),
        ("type", "t"),
        ("instance", "wasi:cli/run@0.2.0"),
        ("core module", "m"),
        ("component", "c"),
    )
    assert decode(wat(GOOD["nested"])).component_exports == (("func", "g"),)


@pytest.mark.parametrize(
    ("number", "payload", "words"),
    [
        (2, b"\1\2", "0x02 is not a kind of core instance"),
        (2, b"\1\1\1\1a\x13\0", "0x13 is not a core sort"),
        (3, b"\1\x5d\0", "0x5D does not start a core type"),
        (5, b"\1\3", "0x03 is not a kind of instance"),
        (6, b"\1\6\0\0\1a", "0x06 is not a sort"),
        (6, b"\1\1\3\0", "0x03 is not a target of an alias"),
        (7, b"\1\x62", "0x62 does not start a type of a component"),
        (7, b"\1\x6b\x6a", "0x6A is not a value type"),
        (7, b"\1\x40\0\1\1", "0x01 is not the end of no result"),
        (8, b"\1\0\1\0\0\0", "0x01 is not a function"),
        (8, b"\1\x1c\1\x0a", "0x0A is not an option"),
        (8, b"\1\x60", "0x60 is not a canonical function that is known here"),
        (10, b"\1\0\1f\6\0", "0x06 is not a sort"),
        (11, b"\1\3\1f\1\0\0", "0x03 is not a kind of name"),
        (7, b"\1\x6a\2", "0x02 is not a mark of what may be there"),
        (7, b"\1\x6b", "the section ends too early"),
        (7, b"\1\x73\x73", "leaves 1 bytes over"),
        (1, b"\0asm\x0d\0\1\0", "a component where a core module belongs"),
        (4, b"\0asm\1\0\0\0", "a core module where a component belongs"),
    ],
)
def test_a_malformed_section_is_told(number: int, payload: bytes, words: str) -> None:
    found = decode(COMPONENT_HEADER + section(number, payload))
    assert any(words in note.message for note in found.errors), found.errors


@given(st.sampled_from(sorted(GOOD)), st.integers(8, 400), st.integers(0, 255), st.booleans())
def test_changed_or_cut_off_nothing_raises(name: str, at: int, value: int, cut: bool) -> None:
    source = bytearray(wat(GOOD[name]))
    at = min(at, len(source) - 1)
    if cut:
        del source[at:]
    else:
        source[at] = value
    assert decode(bytes(source)).kind in ("component", "unknown", "not-wasm")


def test_types_inside_types_have_an_end() -> None:
    deep = b"\1" + b"\x42\1\1" * 200 + b"\x73"
    assert any("types inside one another" in n.message for n in decode(COMPONENT_HEADER + section(7, deep)).errors)


def test_what_a_component_with_a_fault_imports_and_exports_is_listed_all_the_same() -> None:
    fault = section(7, b"\1\x6f\0")  # a tuple of nothing
    good = wat(GOOD["imports"])[8:]
    found = decode(COMPONENT_HEADER + fault + good + section(11, b"\1\0\1x\1\7\0"))
    assert [note.message for note in found.errors] == ["type section: a tuple without a type"]
    assert [name for _, name in found.component_imports] == ["f", "t", "wasi:cli/run@0.2.0", "m", "c"]
    assert found.component_exports == (("func", "x"),)

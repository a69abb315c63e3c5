"""Components that are well-formed and wrong, each by its rule, beside those that keep the rules."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.gateway.conftest import wat
from tui.wasm.decode.budget import Budget
from tui.wasm.decode.decode import decode

HERE = Path(__file__).parent
MODULE = '(core module $m (func (export "f") (param i32) (result i32) unreachable) (memory (export "m") 1))'
CORE = f"{MODULE} (core instance $i (instantiate $m))"
MEMORY = """(core module $m (memory (export "m") 1) (func (export "one") (param i32 i32) (result i32) unreachable)
  (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "free") (param i32)) (func (export "none")))
  (core instance $i (instantiate $m)) (alias core export $i "m" (core memory $mem))
  (alias core export $i "realloc" (core func $realloc)) (alias core export $i "one" (core func $one))
  (alias core export $i "free" (core func $free)) (alias core export $i "none" (core func $none))"""


def cases(name: str) -> list[tuple[str, str]]:
    """The components of a file of text, each with the line of words over it."""
    blocks = (HERE / name).read_text().strip().split("\n\n")
    parts = [block.removeprefix(";; ").partition("\n") for block in blocks]
    return [(_whole(text), words) for words, _, text in parts]


def _whole(text: str) -> str:
    first, _, rest = text.partition("\n")
    return f"(component {({'CORE': CORE, 'MEMORY': MEMORY}).get(first, first)} {rest})"


INVALID = cases("invalid.wat")
VALID = cases("valid.wat")


@pytest.mark.parametrize(("text", "words"), INVALID, ids=range(len(INVALID)))
def test_a_rule_that_is_broken_is_told(text: str, words: str) -> None:
    found = decode(wat(text))
    assert [words in note.message for note in found.errors] == [True], found.errors
    assert found.errors[0].fault == "invalid"


@pytest.mark.parametrize("text", [text for text, _ in VALID], ids=[words for _, words in VALID])
def test_what_keeps_the_rules_has_no_fault(text: str) -> None:
    assert decode(wat(text)).errors == ()


def test_two_instances_of_a_component_have_different_resources() -> None:
    text = """(component
      (component $c (type $t (resource (rep i32))) (export $e "t" (type $t)))
      (instance $a (instantiate $c)) (instance $b (instantiate $c))
      (alias export $a "t" (type $ta)) (alias export $b "t" (type $tb))
      (component $d (import "t" (type $t (sub resource))) (import "f" (func (param "x" (own $t)))))
      (import "i" (instance $i (export "t" (type $t (sub resource))) (export "f" (func (param "x" (own $t))))))
      (instance (instantiate $d (with "t" (type TYPE)) (with "f" (func $i "f")))))"""
    good = text.replace("TYPE", '$i "t"')
    assert decode(wat(good)).errors == ()
    for other in ("$ta", "$tb"):
        assert "own of another resource" in decode(wat(text.replace("TYPE", other))).errors[0].message


def test_types_of_types_end_where_engines_end_them() -> None:
    layers = ["(component $c0)"]
    for level in range(7):
        inner = " ".join(f'(instance (export "e{n}") (instantiate $c{level}))' for n in range(10))
        layers.append(f"(component $c{level + 1} (alias outer 1 $c{level} (component $c{level})) {inner})")
    patient = Budget(1 << 50, math.inf)  # it is a limit that ends it, no clock
    found = decode(wat(f"(component {' '.join(layers)})"), budget=patient)
    assert "a type of more than 1,000,000 types" in found.errors[0].message
    assert found.errors[0].fault == "limit"

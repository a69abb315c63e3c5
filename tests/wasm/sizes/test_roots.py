from __future__ import annotations

from tests.wasm.binary import body, functions, module, section, vec
from tests.wasm.features import FEATURES, assemble
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.roots import root_functions


def roots(source: bytes) -> set[int]:
    return root_functions(source, decode(source))


def test_exports_start_elements_and_globals_are_roots() -> None:
    source = assemble(
        """(module (func $a (export "a")) (func $b) (func $c) (func $d) (func $e) (func $f) (table 3 funcref)
        (start $b) (elem (i32.const 0) func $c) (elem funcref (ref.func $d) (ref.null func))
        (global funcref (ref.func $e)))"""
    )
    assert roots(source) == {0, 1, 2, 3, 4}


def test_all_forms_of_element_segments_are_read() -> None:
    assert roots(assemble(FEATURES["elements"])) == {0, 1}


def test_a_module_like_tinygos() -> None:
    assert roots(tinygo_module()) == {1, 4, 15, 16, 17}


def test_a_broken_section_gives_what_was_read() -> None:
    sections = functions(body(), body())
    source = module(sections[:11], section(9, vec(b"\1\0\1\1") + b"\xff"))
    assert roots(module(sections) + section(9, b"\2\1\0\1\1\xff")) == {1}
    assert isinstance(roots(source), set)

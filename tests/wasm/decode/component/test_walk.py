from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.wasm.binary import COMPONENT_HEADER, HEADER, body, custom, functions, module, section
from tests.wasm.features import assemble
from tui.wasm.decode.decode import decode

CORE = module(functions(body()))


def test_an_assembled_component_is_recognised() -> None:
    found = decode(assemble('(component (core module $m (func (export "_start"))) (core module (memory 1)))'))
    assert found.kind == "component"
    assert not found.ok
    assert found.errors == ()
    assert [child.mode for child in found.children] == ["command", "library"]
    assert found.sections[0].name == "core module"
    assert all(child.ok for child in found.children)


def test_nested_modules_are_placed_in_the_file() -> None:
    source = COMPONENT_HEADER + custom("x") + section(1, CORE) + section(4, COMPONENT_HEADER + section(1, CORE))
    found = decode(source)
    assert [child.kind for child in found.children] == ["core", "component"]
    first, second = found.children
    inner = second.children[0]
    for child in (first, inner):
        assert source[child.offset : child.offset + child.size] == CORE
        assert child.sections[0].offset == child.offset + 8
    assert first.functions.defined == 1


def test_errors_inside_are_the_components_errors() -> None:
    found = decode(COMPONENT_HEADER + section(1, HEADER + b"\x0e\0") + b"\x40\0")
    assert [note.message for note in found.errors] == [
        "64 is not a section id of a component (0 to 12)",
        "14 is not a section id (0 to 13)",
    ]
    cut = decode(COMPONENT_HEADER + section(1, CORE)[:-1])
    assert "needs" in cut.errors[0].message


def test_components_in_components_end_somewhere() -> None:
    source = COMPONENT_HEADER
    for _ in range(200):
        source = COMPONENT_HEADER + section(4, source)
    found = decode(source)
    depth = 0
    while found.children:
        found = found.children[0]
        depth += 1
    assert depth == 21
    assert not found.complete


def test_many_children_are_counted() -> None:
    found = decode(COMPONENT_HEADER + section(1, HEADER) * 1500)
    assert len(found.children) == 1000
    assert "1,500 modules and components inside" in found.warnings[0].message


@given(st.binary(max_size=200))
def test_any_bytes_after_the_header(source: bytes) -> None:
    assert decode(COMPONENT_HEADER + source).kind == "component"

"""Element segments as wazero reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.gateway.engine.wazero.constants import GLOBAL_GET, REF_FUNC, REF_NULL, constant
from tui.gateway.engine.wazero.engine_module import Element
from tui.gateway.engine.wazero.reader import EXTERNREF, FUNCREF, Reader, Refused, labelled, reference_name
from tui.gateway.engine.wazero.spaces import MOST
from tui.wasm.decode.leb import Malformed, u32_vector

PASSIVE, EXPLICIT, EXPRESSIONS = 1, 2, 4  # bits of a segment's flags
_CONSTANTS: Final = {0x41: "i32.const", 0x42: "i64.const", 0x43: "f32.const", 0x44: "f64.const", 0x0C: "br"}


def read_elements(reader: Reader) -> list[Element]:
    """The element section. Raises Refused."""
    count = labelled("get size of vector", reader.u32)
    return [labelled("read element", _element, reader) for _ in range(count)]


def _element(reader: Reader) -> Element:
    flags = labelled("read element prefix", reader.u32)
    if flags > 7:
        raise Refused(f"invalid element segment prefix: 0x{flags:x}")
    active = not flags & PASSIVE
    table = labelled("get size of vector", reader.u32) if active and flags & EXPLICIT else 0
    offset = labelled("read expr for offset", constant, reader) if active else None
    element = FUNCREF
    if flags & (PASSIVE | EXPLICIT):
        element = _reference(reader) if flags & EXPRESSIONS else _kind(reader)
    if flags & EXPRESSIONS:
        return Element(active, element, table, offset, (), _expressions(reader, element))
    return Element(active, element, table, offset, _functions(reader), [])


def _kind(reader: Reader) -> int:
    kind = labelled("read element prefix", reader.byte)
    if kind:
        raise Refused(f"element kind must be zero but was 0x{kind:x}")
    return FUNCREF


def _reference(reader: Reader) -> int:
    found = labelled("read element ref type", reader.byte)
    if found not in (FUNCREF, EXTERNREF):
        raise Refused("ref type must be funcref or externref for element as of WebAssembly 2.0")
    return found


def _functions(reader: Reader) -> Sequence[int]:
    count = labelled("get size of vector", reader.u32)
    try:
        indices, after = u32_vector(reader.source, reader.at, count, reader.tick)
    except (IndexError, Malformed):
        indices, after = (), 0
    if reader.at < after <= reader.end and max(indices) < MOST:
        reader.at = after
        return indices
    # One by one, for the words of what is wrong.
    return [_function(labelled("read function index", reader.u32)) for _ in range(count)]


def _function(index: int) -> int:
    if index >= MOST:
        raise Refused(f"too large function index in Element init: {index}")
    return index


def _expressions(reader: Reader, element: int) -> list[tuple[str, int]]:
    count = labelled("failed to get the size of constexpr vector", reader.u32)
    return [_expression(reader, element) for _ in range(count)]


def _expression(reader: Reader, element: int) -> tuple[str, int]:
    found = constant(reader)
    if found.opcode == GLOBAL_GET:
        return "global", found.value
    if found.opcode not in (REF_FUNC, REF_NULL):
        shown = _CONSTANTS.get(found.opcode, "")
        raise Refused(f"const expr must be either ref.null or ref.func but was {shown}")
    actual = FUNCREF if found.opcode == REF_FUNC else found.value
    if actual != element:
        names = f"want {reference_name(element)}, but constexpr has {reference_name(actual)}"
        raise Refused(f"element type mismatch: {names}")
    return ("function", _function(found.value)) if found.opcode == REF_FUNC else ("null", 0)

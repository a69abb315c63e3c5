"""Instructions on memories and tables, as wazero validates them."""

from __future__ import annotations

from tui.gateway.engine.wazero.bodies.body import Body
from tui.gateway.engine.wazero.bodies.instructions import ACCESS, MISC, NAMES, TRUNCATIONS, Access
from tui.gateway.engine.wazero.reader import I32, Refused, labelled, reference_name


def memarg(body: Body) -> int:
    """The alignment's exponent; the offset is passed over."""
    align = labelled("read memory align", body.reader.u32)
    labelled("read memory offset", body.reader.u32)
    return align


def access(body: Body, opcode: int) -> None:
    """Loads and stores."""
    if not body.spaces.has_memory:
        raise Refused(f"memory must exist for {NAMES[opcode]}")
    found: Access = ACCESS[opcode]
    align = memarg(body)
    if align >= 32 or 1 << align > found.width:
        raise Refused("invalid memory alignment")
    if found.stores:
        body.pop(found.value)
    body.pop(I32)
    if not found.stores:
        body.stack.append(found.value)


def memory_size(body: Body, opcode: int) -> None:
    """memory.size, memory.grow."""
    if not body.spaces.has_memory:
        raise Refused(f"memory must exist for {NAMES[opcode]}")
    at = body.reader.at
    index = labelled("read immediate", body.reader.u32)
    if index or body.reader.at != at + 1:
        raise Refused("memory instruction reserved bytes not zero with 1 byte")
    if opcode == 0x40:
        body.pop(I32)
    body.stack.append(I32)


def table_access(body: Body, opcode: int) -> None:
    """table.get, table.set."""
    element = table_element(body, labelled("read immediate", body.reader.u32))
    if opcode == 0x25:
        body.operands("table.get", I32)
        body.stack.append(element)
    else:
        body.operands("table.set", element, I32)


def table_element(body: Body, index: int) -> int:
    """The element type of a table."""
    if index >= len(body.spaces.tables):
        raise Refused(f"table of index {index} not found")
    return body.spaces.tables[index]


def misc(body: Body, _: int) -> None:
    """What follows the byte FC: saturating truncations, bulk memory, tables."""
    number = labelled("failed to read misc opcode", body.reader.u32)
    if number > 0xFF:
        raise Refused(f"invalid misc opcode: 0x{number:x}")
    if number >= len(MISC):
        raise Refused(f"unknown misc opcode 0x{number:x}")
    name = MISC[number]
    if number < len(TRUNCATIONS):
        taken, given = TRUNCATIONS[number]
        body.operands(name, taken)
        body.stack.append(given)
    elif number < 12:
        _memory_bulk(body, number, name)
    elif number < 15:
        _table_bulk(body, number, name)
    else:
        _table_size(body, number, name)


def _memory_bulk(body: Body, number: int, name: str) -> None:
    """memory.init, data.drop, memory.copy, memory.fill."""
    if number != 9 and not body.spaces.has_memory:
        raise Refused(f"memory must exist for {name}")
    if number in (8, 9):
        if body.spaces.module.announced_data is None:
            raise Refused(f"{name} requires data count section")
        index = labelled(f"failed to read data segment index for {name}", body.reader.u32)
        count = body.spaces.module.data_count
        if index >= count:
            raise Refused(f"index {index} out of range of data section(len={count})")
    if number == 9:
        return
    for _ in range(2 if number == 10 else 1):
        at = body.reader.at
        memory = labelled(f"failed to read memory index for {name}", body.reader.u32)
        if memory or body.reader.at != at + 1:
            raise Refused(f"{name} reserved byte must be zero encoded with 1 byte")
    body.operands(name, I32, I32, I32)


def _table_bulk(body: Body, number: int, name: str) -> None:
    """table.init, elem.drop, table.copy."""
    if number == 14:
        _table_copy(body, name)
        return
    elements = body.spaces.module.elements
    index = labelled(f"failed to read element segment index for {name}", body.reader.u32)
    if index >= len(elements):
        raise Refused(f"index {index} out of range of element section(len={len(elements)})")
    if number == 13:
        return
    table = table_element(body, labelled(f"failed to read source table index for {name}", body.reader.u32))
    if elements[index].element != table:
        have, want = reference_name(elements[index].element), reference_name(table)
        words = f"element type {have} does not match table type {want}"
        raise Refused(f"type mismatch for table.init: {words}")
    body.operands(name, I32, I32, I32)


def _table_copy(body: Body, name: str) -> None:
    to = table_element(body, labelled(f"failed to read destination table index for {name}", body.reader.u32))
    of = table_element(body, labelled(f"failed to read source table index for {name}", body.reader.u32))
    if of != to:
        sides = f"{reference_name(of)} (src) != {reference_name(to)} (dst)"
        raise Refused(f"table type mismatch for table.copy: {sides}")
    body.operands(name, I32, I32, I32)


def _table_size(body: Body, number: int, name: str) -> None:
    """table.grow, table.size, table.fill."""
    element = table_element(body, labelled(f"failed to read table index for {name}", body.reader.u32))
    body.operands(name, *((I32, element), (), (I32, element, I32))[number - 15])
    if number < 17:
        body.stack.append(I32)

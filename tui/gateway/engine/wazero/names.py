"""The name section as wazero reads it: a fault in it, which others pass over, refuses the module."""

from __future__ import annotations

from tui.gateway.engine.wazero.reader import Reader, labelled

MODULE, FUNCTIONS, LOCALS = 0, 1, 2


def read_names(reader: Reader, left: int) -> None:
    """The subsections of a name section of `left` bytes. Raises Refused.

    The count of bytes left wraps around where a subsection is longer than the section: reading then goes on to the
    end of the file.
    """
    while left > 0 and reader.at < reader.end:
        start = reader.at
        part = reader.byte()
        size = labelled(f"failed to read the size of subsection[{part}]", reader.u32)
        left = (left - (reader.at - start)) % (1 << 64)
        if part == MODULE:
            reader.text("module name")
        elif part == FUNCTIONS:
            _functions(reader)
        elif part == LOCALS:
            _locals(reader)
        else:
            labelled(f"failed to skip subsection[{part}]", reader.skip, size)
        left = (left - size) % (1 << 64)


def _count(reader: Reader, part: int) -> int:
    return labelled(f"failed to read the function count of subsection[{part}]", reader.u32)


def _index(reader: Reader, part: int) -> int:
    return labelled(f"failed to read a function index in subsection[{part}]", reader.u32)


def _functions(reader: Reader) -> None:
    """Names of functions: most of a name section. Read at once where they are plain, else one by one for the words."""
    count = _count(reader, FUNCTIONS)
    start = reader.at
    if _plain(reader, count):
        return
    reader.at = start
    for _ in range(count):
        index = _index(reader, FUNCTIONS)
        reader.text(f"function[{index}] name")


def _plain(reader: Reader, count: int) -> bool:
    """Pass over `count` ASCII names with small indices; False where one needs a closer look."""
    source, position, end = reader.source, reader.at, reader.end
    try:
        for _ in range(count):
            if source[position] >= 0x80:
                position += 1
                if source[position] >= 0x80:
                    position += 1
            if source[position] >= 0x80:
                return False
            length = source[position + 1]
            position += 2
            if length >= 0x80:
                if source[position] >= 0x80:
                    return False
                length = length & 0x7F | source[position] << 7
                position += 1
            name = position
            position += length
            if position > end or not source[name:position].isascii():
                return False
    except IndexError:
        return False
    reader.at = position
    return True


def _locals(reader: Reader) -> None:
    for _ in range(_count(reader, LOCALS)):
        function = _index(reader, LOCALS)
        count = labelled(f"failed to read the local count for function[{function}]", reader.u32)
        for _ in range(count):
            local = labelled(f"failed to read a local index of function[{function}]", reader.u32)
            reader.text(f"function[{function}] local[{local}] name")

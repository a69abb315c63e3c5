"""Modules made byte by byte, for what no text form can say."""

from __future__ import annotations

HEADER = b"\0asm\1\0\0\0"
COMPONENT_HEADER = b"\0asm\x0d\0\1\0"


def leb(value: int) -> bytes:
    """An unsigned LEB128."""
    head = bytearray()
    while value > 0x7F:
        head.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(head) + bytes((value,))


def section(number: int, payload: bytes) -> bytes:
    """A section with its frame."""
    return bytes((number,)) + leb(len(payload)) + payload


def vec(*entries: bytes) -> bytes:
    """A vector with its count."""
    return leb(len(entries)) + b"".join(entries)


def name(text: str | bytes) -> bytes:
    """A name with its length."""
    raw = text.encode() if isinstance(text, str) else text
    return leb(len(raw)) + raw


def custom(title: str, payload: bytes = b"") -> bytes:
    """A custom section."""
    return section(0, name(title) + payload)


def module(*sections: bytes) -> bytes:
    """A core module of these sections."""
    return HEADER + b"".join(sections)


def body(code: bytes = b"", local_runs: bytes = b"\0") -> bytes:
    """A function body: local runs, code, end."""
    whole = local_runs + code + b"\x0b"
    return leb(len(whole)) + whole


def functions(*bodies: bytes) -> bytes:
    """The sections of a module with one type ()->() and a function for each body."""
    types = section(1, vec(b"\x60\0\0"))
    return types + section(3, vec(*(b"\0" for _ in bodies))) + section(10, vec(*bodies))


def producers(**fields: tuple[tuple[str, str], ...]) -> bytes:
    """A `producers` section; `processed_by` stands for `processed-by`."""
    rows = [
        name(field.replace("_", "-")) + vec(*(name(tool) + name(version) for tool, version in pairs))
        for field, pairs in fields.items()
    ]
    return custom("producers", vec(*rows))


def function_names(symbols: dict[int, str]) -> bytes:
    """A `name` section with function names only."""
    entries = vec(*(leb(index) + name(symbol) for index, symbol in symbols.items()))
    return custom("name", b"\1" + leb(len(entries)) + entries)

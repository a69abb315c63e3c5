"""The mode in which a module was built, and whether it is one: from the heads of its sections and its export section.

Cheap enough for every row of a list: what is in the other sections is not read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from tui.reading import open_regular

if TYPE_CHECKING:
    from tui.building.model import BuildMode

_MAGIC: Final = b"\0asm\x01\0\0\0"
_EXPORT: Final = 7
_EXPORTS_READ: Final = 1 << 20  # bytes; a larger export section is not one of a function
_NO_MODULE: Final = "function.wasm is not a WebAssembly module"
_CUT: Final = "function.wasm is cut short: its last section is longer than the file"
_OTHER_VERSION: Final = "function.wasm is of a version of WebAssembly that the host does not know"
_HOOKS: Final[tuple[tuple[bytes, BuildMode], ...]] = ((b"_start", "command"), (b"_initialize", "reactor"))


class Outline(NamedTuple):
    """What the heads of a module's sections tell."""

    mode: BuildMode | None = None  # "command" where it exports `_start`, "reactor" where it exports `_initialize`
    fault: str | None = None  # why the host could not load it, as a sentence; None where nothing speaks against it


def outline(path: Path) -> Outline:
    """The mode, and what is wrong with the file as a whole. Raises `OSError`.

    No mode where it exports neither hook or both, or is no module. That all sections are there in full is looked at;
    what is in them is left to a real reading of the module.
    """
    with open(open_regular(path), "rb") as file:
        fault = _head_fault(file.read(8))
        if fault is not None:
            return Outline(fault=fault)
        exports, end = _sections(file)
        size = os.fstat(file.fileno()).st_size
    names = _names(exports) if exports else set()
    found: list[BuildMode] = [mode for hook, mode in _HOOKS if hook in names]
    return Outline(found[0] if len(found) == 1 else None, _CUT if end > size else None)


def built_mode(path: Path) -> BuildMode | None:
    """The mode alone."""
    return outline(path).mode


def _head_fault(head: bytes) -> str | None:
    if head == _MAGIC:
        return None
    if not head:
        return f"{_NO_MODULE}: it is empty"
    if _MAGIC.startswith(head):
        return f"{_NO_MODULE}: its header is cut short"
    if head[:4] != _MAGIC[:4]:
        return _NO_MODULE
    component = head[4:] == b"\x0d\0\x01\0"
    return "function.wasm is a component: the host runs core modules only" if component else _OTHER_VERSION


def _sections(file: BinaryIO) -> tuple[bytes | None, int]:
    """The payload of the export section, found by seeking over the others, and where the last section ends."""
    exports, position = None, len(_MAGIC)
    while head := file.read(1):
        size = 0
        for shift in range(0, 35, 7):
            byte = file.read(1)
            if not byte:
                return exports, file.tell() + 1  # the size itself is cut short: more was to come
            size |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                break
        position = file.tell() + size
        if head[0] == _EXPORT and size <= _EXPORTS_READ:
            exports = file.read(size)
        file.seek(position)
    return exports, position


def _names(exports: bytes) -> set[bytes]:
    """The names in an export section; those read so far where it is cut short."""
    names: set[bytes] = set()
    count, position = _number(exports, 0)
    for _ in range(min(count, len(exports))):
        length, position = _number(exports, position)
        names.add(exports[position : position + length])
        _, position = _number(exports, position + length + 1)  # one byte of kind, then the index
        if position >= len(exports):
            break
    return names


def _number(source: bytes, position: int) -> tuple[int, int]:
    """The LEB128 number at `position` and where it ends; 0 at the end of `source`."""
    number = 0
    for shift in range(0, 35, 7):
        if position >= len(source):
            return number, position
        byte = source[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
    return number, position

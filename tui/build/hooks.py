"""The mode in which a module was built, read from its export section alone: cheap enough for every row of a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from tui.build.model import BuildMode

_MAGIC: Final = b"\0asm\x01\0\0\0"
_EXPORT: Final = 7
_EXPORTS_READ: Final = 1 << 20  # bytes; a larger export section is not one of a function
_HOOKS: Final[tuple[tuple[bytes, BuildMode], ...]] = ((b"_start", "command"), (b"_initialize", "reactor"))


def built_mode(path: Path) -> BuildMode | None:
    """ "command" where the module exports `_start`, "reactor" where it exports `_initialize`.

    None where it exports neither or both, is no module, or is cut short: other checks say so. Raises `OSError`.
    """
    with path.open("rb") as file:
        if file.read(8) != _MAGIC:
            return None
        exports = _export_section(file)
    if exports is None:
        return None
    names = _names(exports)
    found: list[BuildMode] = [mode for hook, mode in _HOOKS if hook in names]
    return found[0] if len(found) == 1 else None


def _export_section(file: BinaryIO) -> bytes | None:
    """The payload of the export section, found by seeking over the others."""
    while head := file.read(1):
        size = 0
        for shift in range(0, 35, 7):
            byte = file.read(1)
            if not byte:
                return None
            size |= (byte[0] & 0x7F) << shift
            if byte[0] < 0x80:
                break
        if head[0] == _EXPORT:
            return file.read(size) if size <= _EXPORTS_READ else None
        file.seek(size, 1)
    return None


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

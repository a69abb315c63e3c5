"""The mode in which a module was built, and whether it is one: from the heads of its sections and its export section.

Cheap enough for every row of a list: what is in the other sections is not read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.facts import Fact
from tui.reading import open_regular
from tui.wasm.decode.leb import Malformed, u32

if TYPE_CHECKING:
    from tui.building.events import BuildMode

_MAGIC: Final = b"\0asm\x01\0\0\0"
_CUSTOM, _EXPORT = 0, 7
_SECTIONS_READ: Final = 100_000  # frames; a module with more is told of by a real reading only
_WINDOW: Final = 4096  # bytes read at once
_FRAME: Final = 6  # bytes of the longest frame: id and size
_EXPORTS_READ: Final = 1 << 18  # bytes; a larger export section is not one of a function
_NO_MODULE: Final = "function.wasm is not a WebAssembly module"
_CUT: Final = "function.wasm is cut short: its last section is longer than the file"
_OTHER_VERSION: Final = "function.wasm is of a version of WebAssembly that the host does not know"
_HOOKS: Final[tuple[tuple[bytes, BuildMode], ...]] = ((b"_start", "command"), (b"_initialize", "reactor"))


class Outline(Fact):
    """What the heads of a module's sections tell."""

    mode: BuildMode | None = None  # "command" where it exports `_start`, "reactor" where it exports `_initialize`
    fault: str | None = None  # why the host could not load it, as a sentence; None where nothing speaks against it


def outline(path: Path) -> Outline:
    """The mode, and what is wrong with the file as a whole. Raises `OSError`.

    No mode where it exports neither hook or both, or is no module. That all sections are there in full is looked at;
    what is in them is left to a real reading of the module.
    """
    descriptor = open_regular(path)
    try:
        fault = _head_fault(os.pread(descriptor, len(_MAGIC), 0))
        if fault is not None:
            return Outline(fault=fault)
        frames = _frames(descriptor, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)
    there = _hooks(frames.exports) if frames.exports else set()
    found: list[BuildMode] = [mode for hook, mode in _HOOKS if hook in there]
    return Outline(found[0] if len(found) == 1 else None, frames.fault)


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


class _Frames(Fact):
    """What the frames of a module's sections tell."""

    exports: bytes | None = None  # the payload of the export section
    fault: str | None = None


def _frames(descriptor: int, size: int) -> _Frames:
    """The export section, found by passing over the others, and what is wrong with a frame."""
    exports, position = None, len(_MAGIC)
    window, base = b"", 0
    for _ in range(_SECTIONS_READ):
        if position >= size:
            return _Frames(exports, _CUT if position > size else None)
        if position + _FRAME > base + len(window):
            window, base = os.pread(descriptor, _WINDOW, position), position
        try:
            section = window[position - base]
            length, start = u32(window, position - base + 1)
        except IndexError:
            return _Frames(exports, _CUT)
        except Malformed as error:
            return _Frames(exports, f"function.wasm is damaged: {error.message} (at byte {position:,})")
        if section == _CUSTOM and length == 0:
            return _Frames(exports, f"function.wasm is damaged: a custom section without a name (at byte {position:,})")
        if section == _EXPORT and length <= _EXPORTS_READ:
            exports = os.pread(descriptor, length, base + start)
        position = base + start + length
    return _Frames(exports)  # what follows is left to a real reading


def _hooks(exports: bytes) -> set[bytes]:
    """The hooks among the names of an export section; those read so far where it is cut short."""
    found: set[bytes] = set()
    hooks = [hook for hook, _ in _HOOKS]
    try:
        count, position = u32(exports, 0)
        for _ in range(min(count, len(exports))):
            length, start = u32(exports, position)
            position = start + length
            if exports[start:position] in hooks:
                found.add(exports[start:position])
            _, position = u32(exports, position + 1)  # one byte of kind, then the index
    except (IndexError, Malformed):
        return found
    return found

"""Whether a file is a WebAssembly module: by its first bytes, as the deploy tool looks, and as a whole."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.reading import open_regular, read_descriptor

if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC: Final = b"\0asm"
_HEADER: Final = 8  # bytes: magic and version


def module_fault(path: Path) -> str | None:
    """Why a file is no WebAssembly binary, in the deploy tool's words; None if its first bytes are right.

    The deploy tool looks at the length of the header and the magic bytes, not at the version (gateway/GATEWAY.md).
    """
    try:
        with _opened(path) as descriptor:
            return _header_fault(descriptor, path)
    except OSError as error:
        return _open_fault(path, error)


def whole_fault(path: Path, folder: int | None = None) -> str | None:
    """Why a file is no whole module, read to its end; None if it is one. `path` may be relative to an open `folder`.

    Sections are complete, their sizes right, their contents well-formed. A component, and a version of the format that
    nobody knows yet, are judged by their first bytes alone. Takes tens of milliseconds for a few MB.
    """
    try:
        with _opened(path, folder) as descriptor:
            return opened_fault(descriptor, path)
    except OSError as error:
        return _open_fault(path, error)


def opened_fault(descriptor: int, path: Path) -> str | None:
    """The same of a file that is open at its beginning; `path` is what it is called. Raises OSError."""
    return _header_fault(descriptor, path) or _structure_fault(descriptor)


def size_of(path: Path) -> int | None:
    """Bytes of a file; None where there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - one system call, no Path
    except OSError:
        return None


@contextmanager
def _opened(path: Path, folder: int | None = None) -> Iterator[int]:
    descriptor = open_regular(path, folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _open_fault(path: Path, error: OSError) -> str:
    step = "read" if isinstance(error, IsADirectoryError) else "open"
    return f"failed to {step} WASM file: {step} {path}: {_words(error)}"


def _header_fault(descriptor: int, path: Path) -> str | None:
    try:
        header = os.read(descriptor, _HEADER)
    except OSError as error:
        return f"failed to read WASM file: read {path}: {_words(error)}"
    if len(header) < _HEADER:
        return f"file too small to be a valid WASM binary ({len(header)} bytes)"
    return None if header.startswith(MAGIC) else "file is not a valid WASM binary (bad magic bytes)"


def _structure_fault(descriptor: int) -> str | None:
    """Raises OSError."""
    from tui.wasm.decode.core.walk import NAMES
    from tui.wasm.decode.decode import CORE_HEADER, decode
    from tui.wasm.decode.outline import frame_fault
    from tui.wasm.decode.read import OUTLINE_ABOVE

    size = os.fstat(descriptor).st_size
    fault = frame_fault(descriptor, size)
    if fault is not None:
        (section,) = os.pread(descriptor, 1, fault.offset) or b"\xff"
        what = "cut short" if section < len(NAMES) else "damaged"
        return f"the module is {what}: {fault.message} (at byte {fault.offset:,})"
    if size > OUTLINE_ABOVE or os.pread(descriptor, _HEADER, 0) != MAGIC + CORE_HEADER:
        return None
    os.lseek(descriptor, 0, os.SEEK_SET)
    module = decode(read_descriptor(descriptor, OUTLINE_ABOVE))
    malformed = [note for note in module.errors if note.fault == "malformed"]
    return f"the module is damaged: {malformed[0].message} (at byte {malformed[0].offset:,})" if malformed else None


def _words(error: OSError) -> str:
    """The system's words for an error, in lower case as Go prints them."""
    return (error.strerror or str(error)).lower()

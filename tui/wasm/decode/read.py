"""From a file to bytes or a Module. Files are read once and never mapped: a compiler that truncates a mapped file kills
the reader with SIGBUS."""

from __future__ import annotations

import os
from time import sleep

from tui.reading import open_regular, read_descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike
    from typing import Final

    from tui.wasm.module import Module

ATTEMPTS: Final = 6
PAUSE: Final = 0.05  # seconds before the second attempt; doubled before each further one
OUTLINE_ABOVE: Final = 200_000_000  # bytes; of larger files only header and sections are read
LARGEST: Final = 1 << 30  # bytes; no engine takes a larger module


class ModuleChangedError(OSError):
    """The file kept changing while it was read: somebody is still writing it."""


def _state(descriptor: int) -> tuple[int, int, int]:
    found = os.fstat(descriptor)
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _attempt(path: str | PathLike[str]) -> bytes | None:
    """The file's bytes, or None where it changed meanwhile."""
    descriptor = open_regular(path)
    try:
        before = _state(descriptor)
        if before[0] > LARGEST:
            raise OSError(27, f"Larger than any engine takes ({LARGEST:,} bytes)", str(path))
        source = read_descriptor(descriptor, before[0])
        return source if len(source) == before[0] and _state(descriptor) == before else None
    finally:
        os.close(descriptor)


def read_bytes(path: str | PathLike[str]) -> bytes:
    """The bytes of a file as they were at one moment.

    A file that changes while it is read, or is deleted and comes back (a compiler replacing it), is tried again for
    about a second. Raises ModuleChangedError where that does not help, else the OSError that opening it gave.
    """
    pause = PAUSE
    for attempt in range(ATTEMPTS):
        try:
            source = _attempt(path)
        except FileNotFoundError:
            if attempt == 0 or attempt == ATTEMPTS - 1:  # it was never there, or went away for good
                raise
            source = None
        if source is not None:
            return source
        if attempt < ATTEMPTS - 1:
            sleep(pause)
            pause *= 2
    raise ModuleChangedError(11, "The file keeps changing while it is read", str(path))


def read_module(path: str | PathLike[str], deadline: float | None = None) -> Module:
    """The Module in a file. Of one above 200 MB only header and sections are read, which `Module.warnings` says."""
    if os.stat(path).st_size > OUTLINE_ABOVE:  # noqa: PTH116 -- pathlib costs 5 ms of start-up
        from tui.wasm.decode.outline import outline

        descriptor = open_regular(path)
        try:
            return outline(descriptor, _state(descriptor)[0])
        finally:
            os.close(descriptor)
    from tui.wasm.decode.decode import decode

    return decode(read_bytes(path), deadline)

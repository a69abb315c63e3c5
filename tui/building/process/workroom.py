"""A build's private folder beside its output, and the last good module kept safe in it."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.process.guard import Guard
from tui.building.process.guard_process import remove_tree, restore, signature
from tui.reading import open_regular

PREFIX: Final = ".fn-tui-"
_KEPT: Final = ".kept"
_TEMPORARY: Final = ".tmp"
# A function with `//go:embed *` takes in every folder here, and go refuses one in which it finds no visible file.
_NOTE: Final = "private"
_NOTE_TEXT: Final = "Private folder of a running build; removed when it ends.\n"
_FICLONE: Final = 0x40049409  # Linux: share the blocks of another file
_CHUNK: Final = 1 << 20

MAGIC: Final = b"\0asm"
_HEADER: Final = 8  # bytes: magic and version


@dataclass(frozen=True, slots=True)
class Workroom:
    """TMPDIR of one build. On the output's file system, so that the compiler's last step is an atomic rename."""

    ident: str
    folder: Path
    output: Path
    before: str  # the output's signature before the build, "-" for none
    was_valid: bool  # whether that was a module at all

    @property
    def temporary(self) -> Path:
        """What the compiler gets as TMPDIR."""
        return self.folder / _TEMPORARY

    @property
    def untouched(self) -> bool:
        """Whether the output is still the very file that it was before the build."""
        return signature(str(self.output)) == self.before

    def put_back(self) -> None:
        """Undo whatever happened to the output: its old bytes and times, or no file if there was none."""
        restore(str(self.folder / _KEPT), str(self.output), self.before)

    def remove(self) -> None:
        """Remove the private folder; no error if it is gone."""
        remove_tree(str(self.folder))


def open_workroom(output: Path, guard: Guard) -> Workroom:
    """Make the folder, keep a copy of the present module, tell the guard. Raises OSError, leaving nothing behind."""
    ident = guard.new_build()
    folder = output.parent / f"{PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
    kept, before = folder / _KEPT, signature(str(output))
    guard.register_folder(ident, folder, kept, output, before)
    try:
        folder.mkdir(mode=0o700)
        (folder / _TEMPORARY).mkdir()
        (folder / _NOTE).write_text(_NOTE_TEXT)
        if before != "-" and output.is_file():
            keep_copy(output, kept)
    except OSError:
        remove_tree(str(folder))
        guard.release(ident)
        raise
    return Workroom(ident, folder, output, before, was_valid=module_fault(output) is None)


def close_workroom(room: Workroom, guard: Guard) -> None:
    """Remove the folder and tell the guard. Raises OSError where the folder cannot be removed."""
    try:
        room.remove()
    finally:
        guard.release(room.ident)


def keep_copy(source: Path, target: Path) -> None:
    """Copy a file with its mode and times; blocks are shared where the file system can. Raises OSError."""
    with open(open_regular(source), "rb") as reader, target.open("xb") as writer:
        if not _share_blocks(reader.fileno(), writer.fileno()):
            while chunk := reader.read(_CHUNK):
                writer.write(chunk)
        status = os.fstat(reader.fileno())
        os.fchmod(writer.fileno(), stat.S_IMODE(status.st_mode))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))


def _share_blocks(source: int, target: int) -> bool:
    import fcntl

    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True


def remove_leftovers(directory: Path) -> None:
    """Remove private folders that a power cut left. Call it with the function locked: then none is in use."""
    for folder in directory.glob(f"{PREFIX}*"):
        kept, output = folder / _KEPT, directory / "function.wasm"
        if module_fault(output) is not None and module_fault(kept) is None:
            kept.replace(output)
        remove_tree(str(folder))


def module_fault(path: Path) -> str | None:
    """Why a file is no WebAssembly binary, in the deploy tool's words; None if its first bytes are right.

    The deploy tool looks at the length of the header and the magic bytes, not at the version (gateway/GATEWAY.md).
    """
    try:
        descriptor = open_regular(path)
    except IsADirectoryError as error:
        return f"failed to read WASM file: read {path}: {_words(error)}"
    except OSError as error:
        return f"failed to open WASM file: open {path}: {_words(error)}"
    try:
        header = os.read(descriptor, _HEADER)
    except OSError as error:
        return f"failed to read WASM file: read {path}: {_words(error)}"
    finally:
        os.close(descriptor)
    if len(header) < _HEADER:
        return f"file too small to be a valid WASM binary ({len(header)} bytes)"
    return None if header.startswith(MAGIC) else "file is not a valid WASM binary (bad magic bytes)"


def _words(error: OSError) -> str:
    """The system's words for an error, in lower case as Go prints them."""
    return (error.strerror or str(error)).lower()

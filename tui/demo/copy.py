"""Copies the sample workspace, with its two ready-made modules and the ages that let it tell its story."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui.files import write_new

WORKSPACE: Final = Path(__file__).parent / "workspace"
PREBUILT_FOLDER: Final = Path(__file__).parent / "prebuilt"
_DAY: Final = 86_400.0
SOURCES_AGE: Final = 5 * _DAY
CHANGED: Final = {"shop/functions/ledger/function.go": 2 * _DAY}  # since its module was built
# function.wasm -> (compressed module, age in seconds). chat is newer than its source, and only its mode is wrong;
# ledger is older than its source.
PREBUILT: Final = {
    "chat/function.wasm": ("chat.wasm.gz", 1 * _DAY),
    "shop/functions/ledger/function.wasm": ("ledger.wasm.gz", 3 * _DAY),
}


class DemoError(Exception):
    """The sample workspace cannot be laid out there. The text says why."""


def copy_workspace(target: Path) -> list[Path]:
    """Lay the sample workspace out in `target`, a new or an empty folder; the files that were made.

    Raises DemoError where something lies there already, OSError where it cannot be written.
    """
    _claim(target)
    now = time.time()
    made = []
    for source in sorted(_sources(WORKSPACE)):
        place = source.relative_to(WORKSPACE).as_posix()
        made += [_write(target / place, source.read_bytes(), now - CHANGED.get(place, SOURCES_AGE))]
    for place, (name, age) in PREBUILT.items():
        made.append(_write(target / place, _unpack(PREBUILT_FOLDER / name), now - age))
    return made


def _claim(target: Path) -> None:
    """Make the folder, or see that it is empty."""
    try:
        target.mkdir(parents=True, exist_ok=True)
        taken = any(target.iterdir())
    except FileExistsError as error:
        raise DemoError(f"{target} is there already, and is not a folder") from error
    if taken:
        raise DemoError(f"{target} is not empty: name a new folder, or none to get a temporary one")


def _sources(folder: Path) -> Iterator[Path]:
    """The files that are shipped, without what a build in the package's own folder may have left."""
    return (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".wasm")


def _write(path: Path, content: bytes, modified: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_new(path, content)
    os.utime(path, (modified, modified), follow_symlinks=False)
    return path


def _unpack(path: Path) -> bytes:
    import gzip

    return gzip.decompress(path.read_bytes())

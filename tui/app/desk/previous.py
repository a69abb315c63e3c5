"""Keeps the module that a build replaces, so that the difference can be shown: one a function, under XDG cache."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path
from typing import Final

KEPT: Final = 100  # modules; the ones longest unused go
LEFT_SECONDS: Final = 86_400.0  # a build that takes longer than this is none
_MARK: Final = ".building"


def previous_path(directory: Path) -> Path:
    """Where the module before the last good build of a function is kept. It need not exist."""
    from hashlib import sha256

    from tui.settings.xdg import cache_home

    name = sha256(os.fsencode(directory)).hexdigest()[:24]
    return cache_home() / "previous" / f"{name}.wasm"


def set_aside(wasm: Path) -> None:
    """Before a build: keep the module of now beside. Nothing where there is none, or no room for it."""
    target = previous_path(wasm.parent)
    beside = target.with_name(target.name + _MARK)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.unlink(missing_ok=True)
        if not wasm.is_file():
            return
        # A build renames its output, so the file linked here keeps its bytes; across file systems it is copied.
        try:
            os.link(wasm, beside)
        except OSError:
            shutil.copyfile(wasm, beside)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def settle(wasm: Path, *, built: bool) -> Path | None:
    """After a build: what was set aside becomes the previous module, if it was good. The previous one, or None."""
    target = previous_path(wasm.parent)
    beside = target.with_name(target.name + _MARK)
    with contextlib.suppress(OSError):
        if not beside.exists():
            return target if target.exists() else None
        if built and not _same(beside, wasm):
            beside.replace(target)
            _prune(target.parent)
        else:
            beside.unlink()
    return target if target.exists() else None


def known_previous(directory: Path) -> Path | None:
    """The module kept from before the last good build, where there is one."""
    path = previous_path(directory)
    return path if path.exists() else None


def module_before(wasm: Path) -> Path | None:
    """The module to compare with as the disk has it now: a build that replaced function.wasm may not be settled yet."""
    target = previous_path(wasm.parent)
    beside = target.with_name(target.name + _MARK)
    with contextlib.suppress(OSError):
        if beside.exists() and wasm.is_file() and not _same(beside, wasm):
            return beside
    return target if target.exists() else None


def _same(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    import filecmp

    return other.is_file() and filecmp.cmp(one, other, shallow=False)


def _prune(folder: Path) -> None:
    kept = sorted(folder.glob("*.wasm"), key=lambda path: path.stat().st_mtime, reverse=True)
    # What a killed fn-tui set aside and never settled; a link's own time is that of its inode's last change.
    left = [path for path in folder.glob(f"*{_MARK}") if path.stat().st_ctime < time.time() - LEFT_SECONDS]
    for path in (*kept[KEPT:], *left):
        path.unlink(missing_ok=True)

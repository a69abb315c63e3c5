"""The module that the last good build replaced, to show the difference: one a function, under XDG cache."""

from __future__ import annotations

import errno
import os
import re
import stat
from _blake2 import blake2b  # as in the store: hashlib loads OpenSSL for it, 0.6 MB of a screen that stays open
from pathlib import Path
from typing import Final

from tui.files import keep_newest, open_own, replace_in
from tui.reading import open_regular, read_descriptor, same_content
from tui.settings.xdg import cache_home
from tui.wasm.decode.read import LARGEST

KEPT: Final = 100  # modules; the ones replaced longest ago go
_NAMES: Final = re.compile(r"[0-9a-f]{24}\.wasm")


def previous_path(directory: Path) -> Path:
    """Where the module before the last good build of a function is kept. It need not exist."""
    name = blake2b(os.fsencode(directory), digest_size=12).hexdigest()
    return cache_home() / "previous" / f"{name}.wasm"


def known_previous(directory: Path) -> Path | None:
    """The module kept from before the last good build, where there is one."""
    path = previous_path(directory)
    try:
        return path if stat.S_ISREG(path.lstat().st_mode) else None
    except OSError:
        return None


def keep_previous(folder: int, name: str, wasm: Path) -> str | None:
    """After a good build: what was there before, the file `name` in an open folder, becomes the previous module.

    Unless its bytes are those of the new one, `wasm`. It is moved out of the folder, or copied to another file system.
    The sentence of what went wrong, or None; it costs no more than a difference to show.
    """
    target = previous_path(wasm.parent)
    try:
        if not _differs(folder, name, wasm):
            return None
        kept = open_own(target.parent)
        try:
            _move(folder, name, kept, target.name)
        finally:
            os.close(kept)
        keep_newest(target.parent, _NAMES, KEPT)
    except OSError as error:
        return f"the module before this build cannot be kept in {target.parent}: {error.strerror or error}"
    return None


def _differs(folder: int, name: str, wasm: Path) -> bool:
    """Whether there was another module before. Raises OSError."""
    try:
        before = open_regular(name, folder)
    except FileNotFoundError:
        return False
    try:
        now = open_regular(wasm)
        try:
            return not same_content(before, now)
        finally:
            os.close(now)
    finally:
        os.close(before)


def _move(folder: int, name: str, kept: int, new_name: str) -> None:
    os.utime(name, dir_fd=folder)  # its age here is when it was replaced
    try:
        os.rename(name, new_name, src_dir_fd=folder, dst_dir_fd=kept)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        opened = open_regular(name, folder)
        try:
            replace_in(kept, new_name, read_descriptor(opened, LARGEST), 0o600, durable=False)
        finally:
            os.close(opened)

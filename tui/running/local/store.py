"""The store that all guests of a gateway share: looked at and seeded once, before the first of them runs."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import time
from typing import Final

from tui.running.host.http.recording import Recording
from tui.running.host.secrets import read_secrets
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.host.state import CACHE, DATABASE, State
from tui.running.host.veil import Veil

PREFIX: Final = "fn-tui-dev-"
STATE: Final = "state"
NEW_SECONDS: Final = 60.0  # in which a folder may not be locked yet
_OURS: Final = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")
_FILES: Final = tuple(f"{file}{end}" for file in (DATABASE, CACHE) for end in ("", "-wal", "-shm", "-journal"))


class Store:
    """A folder of state that is kept, or a private one that goes away again. Its methods belong in a thread."""

    def __init__(self, settings: HostSettings) -> None:
        self._settings = settings
        self._fresh: str | None = None
        self._lock = -1  # a descriptor of that folder: the lock is the kernel's, and ends with this process
        self.recording: Recording | None = None  # of fetches, where one is named

    def open(self) -> HostSettings:
        """See that all can be used, run the seed, and give the settings for guests. Raises HostSetupError."""
        settings = self._settings
        if settings.fresh:
            # Guests are several processes, so what is kept for none of them longer than this is a file all the same.
            forget_orphans()
            self._fresh = tempfile.mkdtemp(prefix=PREFIX)
            self._lock = os.open(self._fresh, os.O_RDONLY | os.O_DIRECTORY)
            _take(self._lock)
            settings = replace(settings, fresh=False, state=str(Path(self._fresh) / STATE))
        try:
            secrets = read_secrets(settings.secrets) if settings.secrets else {}
            if settings.http:
                self.recording = Recording(settings.http, answers=True, veil=Veil(secrets))
            state = State(settings)
        except HostSetupError:
            self.close()
            raise
        state.database.close()
        state.cache.close()
        return replace(settings, seed="")

    def close(self) -> None:
        """Take a store away that was for this gateway only."""
        if self._fresh is not None and os.path.isdir(self._fresh):
            shutil.rmtree(self._fresh)
            os.close(self._lock)
            self._fresh = None


def forget_orphans() -> None:
    """Take away the private folders of gateways that were killed: nobody has them locked any more."""
    with suppress(OSError):
        above = os.open(tempfile.gettempdir(), os.O_RDONLY | os.O_DIRECTORY)
        try:
            for name in filter(_OURS.fullmatch, os.listdir(above)):  # noqa: PTH208 -- by descriptor
                with suppress(OSError):  # somebody else's, or gone
                    _forget(above, name)
        finally:
            os.close(above)


def _forget(above: int, name: str) -> None:
    """Take an orphan away, by the names of what we lay there: a folder that holds anything else stays."""
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    try:
        found = os.fstat(folder)
        is_old = time() - found.st_mtime > NEW_SECONDS
        if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != 0o700 or not is_old or not _take(folder):
            return
        with suppress(FileNotFoundError):
            _empty(folder)
        os.rmdir(name, dir_fd=above)
    finally:
        os.close(folder)


def _empty(folder: int) -> None:
    state = os.open(STATE, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
    try:
        for file in _FILES:
            with suppress(FileNotFoundError):
                os.unlink(file, dir_fd=state)
    finally:
        os.close(state)
    os.rmdir(STATE, dir_fd=folder)


def _take(folder: int) -> bool:
    """Lock a folder; False where somebody has."""
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody has; or the file system knows no such locks, and then nobody is taken for dead
        return False
    return True

"""The local store of a workspace: SQLite files under XDG state that any tool can open; never in the workspace."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from tui.files import open_own
from tui.reading import read_whole
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.host.sql import Sql, SqlError
from tui.settings.xdg import state_home

DATABASE: Final = "database.sqlite"
CACHE: Final = "cache.sqlite"
VERSION: Final = 1  # of what lies in a store
MOST_SEED: Final = 64 << 20  # bytes


class StateError(HostSetupError):
    """The store, or a seed, cannot be used. The text says why."""


def state_folder(workspace: str) -> Path:
    """Where the state of a workspace lies: under XDG state, by the workspace's name and path."""
    path = os.path.abspath(workspace)  # noqa: PTH100 - resolve() would ask the disk
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in os.path.basename(path)[:40])  # noqa: PTH119
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    return state_home() / "run" / f"{name or 'workspace'}-{digest}"


class State:
    """The files, opened when a function first asks for them; in memory where none are to be kept."""

    def __init__(self, settings: HostSettings) -> None:
        """Raises StateError."""
        folder = Path(settings.state) if settings.state and not settings.fresh else None
        if folder is not None:
            _own(folder)
        self.database = Sql(folder / DATABASE if folder is not None else None)
        self.cache = Sql(folder / CACHE if folder is not None else None)
        if folder is not None:
            self._check_version()
        if settings.seed:
            self._seed(settings.seed)

    def _check_version(self) -> None:
        try:
            for sql in (self.database, self.cache):
                found = sql.raw("PRAGMA user_version", ())[0][0]
                if found not in (0, VERSION):
                    raise StateError(
                        f"the local store is of version {found}, this fn-tui knows {VERSION}: take another folder "
                        "(--state), or a newer fn-tui; nothing was changed"
                    )
                if found == 0:
                    sql.raw(f"PRAGMA user_version = {VERSION}", ())
        except SqlError as error:
            raise StateError(f"the local store cannot be used: {error.words}") from error

    def _seed(self, path: str) -> None:
        try:
            text = read_whole(path, MOST_SEED).decode("utf-8")
        except OSError as error:
            raise StateError(f"{path}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise StateError(f"{path}: byte {error.start} is not UTF-8") from error
        try:
            self.database.script(text)
        except SqlError as error:
            raise StateError(f"{path}: {error.words}; nothing of it was kept") from error


def _own(folder: Path) -> None:
    """Make the folder. Raises StateError, also for a link: what it leads to is not ours."""
    try:
        os.close(open_own(folder))
    except OSError as error:
        raise StateError(f"{folder}: {error.strerror or error}") from error
    for name in (DATABASE, CACHE):
        if os.path.islink(folder / name):  # noqa: PTH114
            raise StateError(f"{folder / name}: it is a link, and fn-tui writes through none")

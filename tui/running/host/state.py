"""The local store of a workspace: SQLite files under XDG state that any tool can open; never in the workspace."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path
from time import monotonic
from typing import Final
from urllib.parse import quote

from tui.files import open_own
from tui.running.host.settings import HostSettings, HostSetupError, setup_text
from tui.running.host.sql.file import Sql, SqlError

DATABASE: Final = "database.sqlite"
CACHE: Final = "cache.sqlite"
VERSION: Final = 1  # of what lies in a store
MOST_SEED: Final = 64 << 20  # bytes
MOST_CHECKED: Final = 4 << 20  # bytes of a file that is looked through before it is used
CHECKING: Final = 0.05  # seconds that this may take
COMPANIONS: Final = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a file
REMEDY: Final = "take another folder (--state) or none (--fresh); nothing was changed"


class StateError(HostSetupError):
    """The store, or a seed, cannot be used. The text says why."""


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
            self._begin(folder)
        if settings.seed:
            self._seed(settings.seed)

    def _begin(self, folder: Path) -> None:
        """Look at both files before either is touched, then mark those that are new."""
        versions = _version(folder / DATABASE), _version(folder / CACHE)
        try:
            for sql, version in zip((self.database, self.cache), versions, strict=True):
                if not version:
                    sql.raw(f"PRAGMA user_version = {VERSION}", ())
        except SqlError as error:
            raise StateError(f"{folder}: the local store cannot be used: {error.words}") from error

    def _seed(self, path: str) -> None:
        text = setup_text(path, MOST_SEED, StateError)
        try:
            self.database.script(text)
        except SqlError as error:
            raise StateError(f"{path}: {error.words}; nothing of it was kept") from error


def _version(path: Path) -> int:
    """The version of a file that can be used; 0 for a new one. Only looks. Raises StateError."""
    try:
        size = os.stat(path).st_size  # noqa: PTH116
        connection = sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=ro", uri=True)
    except FileNotFoundError:
        return 0
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"{path} cannot be used ({error}): {REMEDY}") from error
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version not in (0, VERSION):
            raise StateError(f"{path} is of version {version}, this fn-tui knows {VERSION}: {REMEDY}")
        damage = _damage(connection) if size <= MOST_CHECKED else None
    except sqlite3.Error as error:
        raise StateError(f"{path} cannot be used ({error}): {REMEDY}") from error
    finally:
        connection.close()
    if damage is not None:
        raise StateError(f"{path} is damaged ({damage}): {REMEDY}")
    return version


def _damage(connection: sqlite3.Connection) -> str | None:
    """What a look through the file finds wrong; None where nothing is, or time ran out. Raises sqlite3.Error."""
    due = monotonic() + CHECKING
    connection.set_progress_handler(lambda: monotonic() > due, 1_000)
    try:
        said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as error:
        if str(error) == "interrupted":
            return None
        raise
    return None if said == "ok" else " ".join(said.replace("*** in database main ***", "").split())


def _own(folder: Path) -> None:
    """Make the folder, and look at what lies in the places of its files.

    Raises StateError, also for a link: what it leads to is not ours.
    """
    try:
        opened = open_own(folder)
    except OSError as error:
        raise StateError(f"{folder}: {error.strerror or error}") from error
    try:
        for name in (file + end for file in (DATABASE, CACHE) for end in COMPANIONS):
            _look_at(opened, name, folder)
    finally:
        os.close(opened)


def _look_at(opened: int, name: str, folder: Path) -> None:
    """SQLite opens whatever has the name. Raises StateError for what is no file of its own."""
    try:
        mode = os.stat(name, dir_fd=opened, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise StateError(f"{folder / name}: {error.strerror or error}") from error
    if stat.S_ISLNK(mode):
        raise StateError(f"{folder / name} is a link, and fn-tui writes through none: {REMEDY}")
    if not stat.S_ISREG(mode):
        raise StateError(f"{folder / name} is not a regular file: {REMEDY}")

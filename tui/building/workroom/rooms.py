"""What is on record of private folders: made under XDG state before a folder is, dropped when it is gone.

A folder that is not on record was not made by fn-tui, and is not touched, whatever its name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from tui.files import FOLDER
from tui.settings.store.files import default_store
from tui.settings.store.store import Table


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """One private folder, made or about to be made."""

    folder: str  # its name in the function's directory
    token: str  # as its marker has it
    output: str  # the module's name
    before: str  # the module's signature before the build
    is_link: bool
    process: int  # of the fn-tui that made it


_FIELDS: Final = tuple(field.name for field in fields(RoomRecord))


def _encode(records: tuple[RoomRecord, ...]) -> Mapping[str, object]:
    return {"rooms": [{name: getattr(record, name) for name in _FIELDS} for record in records]}


def _decode(document: Mapping[str, object]) -> tuple[RoomRecord, ...] | None:
    rooms = document.get("rooms")
    if not isinstance(rooms, list):
        return None
    return tuple(record for each in rooms if (record := _record(each)) is not None)


def _record(entry: object) -> RoomRecord | None:
    """One record as it was read, all of it checked; None where it is none."""
    match entry:
        case {
            "folder": str(folder),
            "token": str(token),
            "output": str(output),
            "before": str(before),
            "is_link": bool(is_link),
            "process": int(process),
        } if "/" not in folder + output:
            return RoomRecord(folder, token, output, before, is_link, process)
    return None


ROOMS: Final = Table(
    "rooms",
    1,
    _encode,
    _decode,
    "the record of private folders",
    home="state",
    most_bytes=1 << 20,
    most_entries=1_000,
    passing=True,
)


def recorded(directory: int) -> tuple[RoomRecord, ...]:
    """What is on record of an open directory. Nothing where the record cannot be read: then nothing is removed."""
    return default_store().read(ROOMS, _key(directory)).value or ()


def record(directory: int, rooms: tuple[RoomRecord, ...]) -> str | None:
    """Put these on record, in place of what was; a sentence where that cannot be. With the directory locked."""
    store = default_store()
    return store.write(ROOMS, _key(directory), rooms) if rooms else store.forget(ROOMS, _key(directory))


def _key(directory: int) -> str:
    """By what the directory is, not by a path that may lead elsewhere tomorrow."""
    status = os.fstat(directory)
    return f"{status.st_dev}.{status.st_ino}"


def builder_of(directory: Path) -> int | None:
    """The process id of the fn-tui that builds there; None where it is not known."""
    try:
        opened = os.open(directory, FOLDER)
    except OSError:
        return None
    try:
        rooms = recorded(opened)
    finally:
        os.close(opened)
    return next((room.process for room in rooms if _is_alive(room.process)), None)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

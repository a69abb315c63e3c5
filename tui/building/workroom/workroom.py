"""A build's private folder beside its output, and the last good module kept safe in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.guard.guard import Guard
from tui.building.process.lock import FunctionLock
from tui.building.process.module_fault import whole_fault
from tui.building.process.outcome import reason_of
from tui.building.record.previous import keep_previous
from tui.building.workroom.kept import KEPT, NONE, NOTHING, Stay, is_linked, keep, put_back, signature
from tui.building.workroom.own_folder import make_folder, open_ours, remove_folder, remove_if_unfinished
from tui.building.workroom.rooms import RoomRecord, record, recorded
from tui.reading import open_regular, same_content

PREFIX: Final = ".fn-tui-"
_TEMPORARY: Final = ".tmp"


@dataclass(frozen=True, slots=True)
class Workroom:
    """TMPDIR of one build. On the output's file system, so that the compiler's last step is an atomic rename."""

    ident: str
    output: Path
    stay: Stay
    undisturbed: str  # the output's signature as the compiler finds it
    opened: int  # the private folder
    was_link: str | None  # what the output was a symbolic link to
    others: tuple[RoomRecord, ...]  # what else is on record of the directory: nobody changes that while it is locked

    @property
    def folder(self) -> Path:
        """The private folder."""
        return self.output.parent / self.stay.folder

    @property
    def temporary(self) -> Path:
        """What the compiler gets as TMPDIR."""
        return self.folder / _TEMPORARY

    @property
    def untouched(self) -> bool:
        """Whether the output is still the very file that it was when the compiler started."""
        return NONE != self.undisturbed == signature(self.stay.parent, self.stay.output)


def open_workroom(
    output: Path, lock: FunctionLock, guard: Guard, *, keeps: bool = True, known: tuple[RoomRecord, ...] | None = None
) -> Workroom:
    """Tell the guard, make the folder, keep the present module. Raises OSError, leaving nothing behind.

    `keeps` off: no copy is made, since nobody writes into the module; it may only be replaced as a whole. A record that
    cannot be kept does not stop the build: the guard knows of the folder, and removes it. `known`: what is on record of
    the directory, where somebody has just looked.
    """
    ident = guard.new_build()
    parent, name = lock.folder, f"{PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
    link = is_linked(parent, output.name)
    kept, before = (output.name, signature(parent, output.name)) if keeps or link else (NOTHING, NONE)
    stay = Stay(parent, name, os.urandom(16).hex(), output=kept, before=before, is_link=link)
    was_link = _link_text(parent, output.name) if link else None
    guard.register(ident, stay, lock.descriptors)
    entry = RoomRecord(name, stay.token, stay.output, stay.before, link, os.getpid())
    known = recorded(parent) if known is None else known
    record(parent, (*known, entry))
    opened = None
    try:
        opened = make_folder(parent, name, stay.token)
        os.mkdir(_TEMPORARY, dir_fd=opened)
        keep(stay, opened)
    except OSError:
        if opened is not None:
            _undo(stay, opened)
        record(parent, known)
        guard.release(ident)
        raise
    return Workroom(ident, output, stay, signature(parent, output.name), opened, was_link, known)


def _undo(stay: Stay, opened: int) -> None:
    """Take back a room that could not be furnished. Raises OSError."""
    try:
        if stay.is_link:
            put_back(stay, opened)
        remove_folder(stay.parent, stay.folder, opened)
    finally:
        os.close(opened)


def close_workroom(room: Workroom, guard: Guard, *, good: bool, previous: bool = False) -> str | None:
    """Put the module back unless the build was good, remove the folder, tell the guard. A sentence of what is left.

    The kept module is never removed before it is in its place again: where it cannot be put back, it stays. `previous`:
    after a good build it is kept as the module before this one.
    """
    stay = room.stay
    try:
        if not good:
            try:
                put_back(stay, room.opened)
            except OSError as error:
                what = "a folder is in its place" if isinstance(error, IsADirectoryError) else reason_of(error)
                return f"the last good module cannot be put back ({what}): it is kept at {room.folder / KEPT}"
        note = keep_previous(room.opened, KEPT, room.output) if good and previous and not stay.is_link else None
        try:
            remove_folder(stay.parent, stay.folder, room.opened)
        except OSError as error:
            return f"{room.folder} cannot be removed: {reason_of(error)}"
        record(stay.parent, room.others)
    finally:
        os.close(room.opened)
        guard.release(room.ident)
    if good and room.was_link is not None:
        return f"function.wasm was a link: it is a file of its own now, and {room.was_link} is as it was"
    return note


def remove_leftovers(lock: FunctionLock) -> tuple[RoomRecord, ...]:
    """Remove private folders that a killed fn-tui, or a power cut, left; what is on record after it. Only those on
    record, and marked as recorded.

    What was kept in one comes back where there is no whole module; a link always, unless there is a newer module. A
    folder that cannot be removed stays on record. Call it with the function locked: then none is in use.
    """
    known = recorded(lock.folder)
    left = tuple(entry for entry in known if not _removed(lock.folder, entry))
    if left != known:
        record(lock.folder, left)
    return left


def _removed(parent: int, entry: RoomRecord) -> bool:
    """Whether a recorded folder is gone now."""
    stay = Stay(parent, entry.folder, entry.token, output=entry.output, before=entry.before, is_link=entry.is_link)
    opened = open_ours(parent, entry.folder, entry.token)
    if opened is None:
        remove_if_unfinished(parent, entry.folder)
        return True  # gone, or another's by now
    try:
        if _wanted(stay, opened):
            put_back(stay, opened)
        remove_folder(parent, entry.folder, opened)
    except OSError:
        return False
    finally:
        os.close(opened)
    return True


def _wanted(stay: Stay, opened: int) -> bool:
    """Whether what was kept is better than what is in its place."""
    if stay.before == NONE or signature(opened, KEPT) == NONE:
        return False
    if signature(stay.parent, stay.output) == NONE:
        return True
    if whole_fault(Path(stay.output), stay.parent) is not None:
        return stay.is_link or whole_fault(Path(KEPT), opened) is None
    return stay.is_link and _same(stay, opened)


def _same(stay: Stay, opened: int) -> bool:
    """Whether the module is still the copy that was put in place of the link that is kept."""
    link = _link_text(opened, KEPT)  # leads somewhere from where it was; a file with other names is itself
    name, folder = (link, stay.parent) if link is not None else (KEPT, opened)
    try:
        with open(open_regular(stay.output, stay.parent), "rb") as one, open(open_regular(name, folder), "rb") as other:
            return same_content(one.fileno(), other.fileno())
    except OSError:
        return False


def _link_text(parent: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=parent)
    except OSError:
        return None

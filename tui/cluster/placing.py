"""A module that a worker sent, put in its place in one step once it was checked to its end."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.building.guard.guard import process_guard
from tui.building.process.module_fault import opened_fault, whole_fault
from tui.building.workroom.kept import is_linked
from tui.building.workroom.workroom import close_workroom, open_workroom
from tui.files import is_there, write_all, write_new

if TYPE_CHECKING:
    from tui.building.process.executor import Job

_NEW: Final = ".module"  # what was sent, in the private folder, until it is put in place


def see_that_it_can_be_placed(job: Job) -> None:
    """Raises OSError where a module could not be put there, before anybody builds it."""
    folder, name = job.lock.folder, job.plan.output.name
    is_linked(folder, name)
    if not os.access(".", os.W_OK, dir_fd=folder):
        number = errno.EROFS if os.fstatvfs(folder).f_flag & os.ST_RDONLY else errno.EACCES
        raise OSError(number, os.strerror(number))


def put_in_place(job: Job, content: bytes | memoryview, mode: int) -> tuple[str | None, str | None]:
    """Why it is none, None where it is in its place now; and a sentence to know beside it. Raises OSError."""
    if not job.keep_previous:
        done, fault = _placed_at_once(job, content, mode)
        if done:
            return fault, None
    guard = process_guard()
    room = open_workroom(job.plan.output, job.lock, guard, keeps=job.keep_previous)
    good = False
    try:
        write_new(_NEW, content, mode, room.opened)
        fault = whole_fault(Path(_NEW), room.opened)
        if fault is None:
            os.rename(_NEW, job.plan.output.name, src_dir_fd=room.opened, dst_dir_fd=room.stay.parent)
        good = fault is None
    finally:
        left = close_workroom(room, guard, good=good, previous=job.keep_previous)
    return fault, left


def _placed_at_once(job: Job, content: bytes | memoryview, mode: int) -> tuple[bool, str | None]:
    """Where no module was before: written without a name, and given one once it is whole.

    So there is nothing to be cleared up, whenever we are killed. Whether that could be, and why it is no module; where
    there is one already, or the system or the file system has no such files, it cannot. Raises OSError.
    """
    folder, output = job.lock.folder, job.plan.output
    without_name = getattr(os, "O_TMPFILE", 0)
    if not without_name or is_there(folder, output.name):
        return False, None
    try:
        descriptor = os.open(".", without_name | os.O_RDWR | os.O_CLOEXEC, mode, dir_fd=folder)
    except OSError:
        return False, None  # what stands in the way of any file is told by the other way
    try:
        write_all(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        fault = opened_fault(descriptor, output)
        return fault is not None or _is_named(descriptor, output.name, folder), fault
    finally:
        os.close(descriptor)


def _is_named(descriptor: int, name: str, folder: int) -> bool:
    """Give an open file without a name this one; whether that could be."""
    try:
        os.link(f"/proc/self/fd/{descriptor}", name, dst_dir_fd=folder, follow_symlinks=True)
    except OSError:  # something has that name by now, or there is no /proc
        return False
    return True

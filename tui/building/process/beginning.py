"""The first step of a build, in a thread: what must be so, the lock, whether it is needed, the room; and its undoing.

It is one step, since each goes its way through a thread and the loop, and there are thousands of builds.
"""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from time import monotonic

from tui.building.guard.guard import Guard, process_guard
from tui.building.inputs.need import BuildNeed
from tui.building.plan.preconditions import Ready, Refusal, prepare
from tui.building.process.lock import FunctionLock
from tui.building.process.options import BuildOptions
from tui.building.workroom.rooms import RoomRecord
from tui.building.workroom.workroom import Workroom, close_workroom, open_workroom, remove_leftovers
from tui.facts import Fact


class Begun(Fact):
    """What was found before a build, and the lock of its function: held, unless another fn-tui has it."""

    ready: Ready | Refusal
    lock: FunctionLock
    need: BuildNeed | None = None  # where the lock is held
    room: Workroom | None = None  # where a compiler is to run here
    at: float | None = None  # time.monotonic() of when all that comes before the build was known


def begin(directory: Path, options: BuildOptions, guard: Guard, claim: Lock) -> Begun:
    """What must be so; then the lock, where it is free, and whether it is to be built; then the room for that, unless
    somebody has taken `claim`. Raises OSError.
    """
    ready, lock = prepare(directory, options.compiler), FunctionLock(absolute(directory))
    known = take(lock) if isinstance(ready, Ready) else None
    if not isinstance(ready, Ready) or known is None:
        return Begun(ready, lock)
    begun = None
    try:
        need = need_of(ready, options)
        at, room = monotonic(), None
        if options.executor.works_here and is_needed(need, options) and claim.acquire(blocking=False):
            room = open_workroom(ready.plan.output, lock, guard, known=known)
        begun = Begun(ready, lock, need, room, at)
    finally:
        if begun is None:
            lock.release()
    return begun


def is_needed(need: BuildNeed, options: BuildOptions) -> bool:
    """Whether it is built after this look."""
    return options.force or not need.fresh


def need_of(ready: Ready, options: BuildOptions) -> BuildNeed:
    """Look whether it is needed. With the function locked."""
    return options.need_check.check(ready.plan, ready.config, forced=options.force)


def undo(begun: Begun) -> None:
    """Take back what nobody takes any more."""
    give_back(begun.lock, begun.room)


def give_back(lock: FunctionLock, room: Workroom | None) -> None:
    """Close the room, where there is one, and let others have the function."""
    try:
        if room is not None:
            close(room)
    finally:
        lock.release()


def close(room: Workroom) -> None:
    """Close the room of a build that did not come to its end."""
    close_workroom(room, process_guard(), good=False)


def take(lock: FunctionLock) -> tuple[RoomRecord, ...] | None:
    """Take the lock if it is free, and remove what a killed fn-tui left behind it; what is on record then, or None.
    Raises OSError.
    """
    if not lock.acquire():
        return None
    try:
        return remove_leftovers(lock)
    except OSError:
        lock.release()
        raise


def absolute(directory: Path) -> Path:
    """The directory as it is called, from the root on."""
    return Path(os.path.abspath(directory))  # noqa: PTH100 - resolve() would follow links

"""Threads that guests run on: their own stack has to hold a guest's whole recursion."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

from tui.running.engine.machine import NATIVE_STACK

T = TypeVar("T")
_NAME: Final = "guest"
_starting = threading.Lock()  # the size of new stacks is one for the whole process


def on_guest_stack(work: Callable[[], T]) -> T:
    """What `work` gives, done on a thread with room for a guest; at once where this is one already."""
    if threading.current_thread().name == _NAME:
        return work()
    results: list[T] = []
    faults: list[BaseException] = []

    def body() -> None:
        try:
            results.append(work())
        except BaseException as fault:  # noqa: BLE001 -- raised again on the thread that asked
            faults.append(fault)

    thread = guest_thread(body)
    thread.join()
    if faults:
        raise faults[0]
    return results[0]


def guest_thread(body: Callable[[], None]) -> threading.Thread:
    """A started thread with room for a guest."""
    thread = threading.Thread(target=body, name=_NAME, daemon=True)
    with _starting:
        before = threading.stack_size(NATIVE_STACK)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    return thread

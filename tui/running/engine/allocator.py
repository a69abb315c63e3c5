"""Bytes handed into a guest: room asked of its own allocator, then written."""

from __future__ import annotations

from typing import Final

from tui.running.engine.guest import Guest, GuestFunction
from tui.running.stop import Stop, Unwind

# Taken in this order, a function of the wrong type too; a global of that name is none.
NAMES: Final = ("orama_alloc", "malloc")
MASK32: Final = 0xFFFF_FFFF


def allocator(guest: Guest) -> GuestFunction | Stop | None:
    """The function that the host asks for room; None where the module exports none."""
    for name in NAMES:
        found = guest.function(name)
        if found is not None:
            return found
    return None


def pack(guest: Guest, data: bytes) -> int | None:
    """Pointer and length of the bytes in the guest, 0 where they cannot be put there.

    None where the allocator has no result: the gateway panics on it.
    """
    if not data:
        return 0
    function = allocator(guest)
    if function is None:
        guest.no_room_asked = True
        return 0
    if isinstance(function, Stop):
        return 0
    pointer = guest.call(function, len(data))
    if pointer is None:
        return None
    if isinstance(pointer, Stop) and pointer.kind == "deadline":
        raise Unwind(pointer)
    if isinstance(pointer, Stop) or not guest.memory.write(pointer & MASK32, data):
        return 0
    return (pointer & MASK32) << 32 | len(data)

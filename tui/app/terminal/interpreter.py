"""What holds for the whole interpreter, changed in this one file: settings of Python that a smooth screen needs."""

from __future__ import annotations

import gc
import sys
from functools import lru_cache
from typing import Final

LARGE: Final = 1 << 17  # bytes; what the C library begins with
_MMAP_THRESHOLD: Final = -3  # of mallopt(3)
SWITCH_SECONDS: Final = 0.001  # the loop waits this long for a thread that does not rest; Python's own wait is 5 ms


@lru_cache(maxsize=1)
def share_the_interpreter() -> None:
    """Once, before functions are read in threads: a key is answered between two steps of theirs."""
    sys.setswitchinterval(SWITCH_SECONDS)


@lru_cache(maxsize=1)
def return_large_blocks() -> None:
    """Once, before modules are read: have the bytes of a module go back to the system when they are let go.

    GNU's C library takes the first large block that is let go as a sign that more follow, and puts those among what
    lives on from then on: 4 MB of the sample workspace's 58. A threshold that is set stays.
    """
    import ctypes

    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return  # another C library
    set_option(_MMAP_THRESHOLD, LARGE)


def hold_the_collector() -> None:
    """Until `release_the_collector`: loading makes no garbage, and passes over what is loaded were half our start."""
    if gc.get_freeze_count():  # there was another screen: what is left of it would stay for good
        gc.unfreeze()
        gc.collect()
    gc.disable()


def release_the_collector() -> None:
    """After the first frame, where it was held; what is loaded by then stays, and is not looked at again."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


@lru_cache(maxsize=1)
def spare_the_collector() -> None:
    """Once, before the first flood: take what the screen is made of out of the garbage collector's way.

    Under a flood it would look at all of it about every second, 40-50 ms each time: the longest stalls there are.
    """
    gc.freeze()

"""What holds for the whole interpreter, changed in this one file: settings of Python that a smooth screen needs."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

LARGE: Final = 1 << 17  # bytes; what the C library begins with
_MMAP_THRESHOLD: Final = -3  # of mallopt(3)
OLDEST: Final = 2  # generation of objects: a pass over it is one over all of them
THRESHOLDS: Final = (700, 10, 3)  # Python's own, but for the last, 10: more passes, and shorter ones
LONG_PASS: Final = 0.01  # seconds of CPU; of the sample workspace one takes less
ASIDE: Final = 250  # functions: a pass over what is known of so many takes a few milliseconds
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
        if _long_passes not in gc.callbacks:
            gc.callbacks.append(_long_passes)
            gc.set_threshold(*THRESHOLDS)


class _LongPasses:
    """Takes what outlived a long pass of the collector out of the way of the next.

    Of 5,000 functions a pass over all objects takes a third of a second, and a key waits so long. What is known of them
    stays, and goes by itself when something newer is known.
    """

    def __init__(self) -> None:
        self._began = 0.0

    def __call__(self, phase: str, facts: Mapping[str, int]) -> None:
        if facts["generation"] < OLDEST:
            return
        if phase == "start":
            self._began = time.thread_time()
        elif time.thread_time() - self._began > LONG_PASS:
            gc.freeze()


_long_passes: Final = _LongPasses()


def set_aside() -> None:
    """After ASIDE functions were read: take what is known of them out of the collector's way before it looks at it.

    Of 5,000 functions a pass took a tenth of a second even so, minutes after they were read, and a key waited for it.
    """
    if gc.isenabled():
        gc.freeze()


@lru_cache(maxsize=1)
def spare_the_collector() -> None:
    """Once, before the first flood: take what the screen is made of out of the garbage collector's way.

    Under a flood it would look at all of it about every second, 40-50 ms each time: the longest stalls there are.
    """
    gc.freeze()

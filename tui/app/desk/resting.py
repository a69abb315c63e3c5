"""A thread that works beside the event loop, and steps aside often: one interpreter runs one thread at a time."""

from __future__ import annotations

import time
from typing import Final

SLICE_SECONDS: Final = 0.004  # a thread works this long, then rests, so that the loop gets its turn
REST_SECONDS: Final = 0.001


class Rest:
    """Steps aside for other threads, now and then."""

    def __init__(self) -> None:
        self._until = time.monotonic() + SLICE_SECONDS

    def rest(self) -> None:
        """Rest where the slice is over."""
        if time.monotonic() > self._until:
            time.sleep(REST_SECONDS)
            self._until = time.monotonic() + SLICE_SECONDS

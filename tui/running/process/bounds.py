"""How much a process that runs functions may take, where the system knows such a bound."""

from __future__ import annotations

import contextlib
import resource
from typing import Final

MOST_RUNNING: Final = 1 << 30  # bytes of private memory: a guest's own, its stack, what it prints
MOST_COMPILING: Final = 4 << 30  # the compiler needs the most


def bounded(most: int) -> None:
    """No core file, and no more private memory than that."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))

"""How many builds at once suit this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

BYTES_PER_BUILD: Final = 400_000_000  # TinyGo with encoding/json peaks at 310-330 MB
MOST: Final = 4

_MEMINFO: Final = Path("/proc/meminfo")
_CGROUP: Final = Path("/sys/fs/cgroup")


def default_jobs() -> int:
    """min(cores, free memory / 400 MB, 4), at least 1."""
    free = free_memory()
    by_memory = MOST if free is None else free // BYTES_PER_BUILD
    return max(1, min(usable_cores(), by_memory, MOST))


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def free_memory() -> int | None:
    """Bytes that can be used without swapping, within the container's limit; None where the system does not tell."""
    known = [free for free in (_available(), _left_in_container()) if free is not None]
    return min(known, default=None)


def _available() -> int | None:
    try:
        lines = _MEMINFO.read_text().splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), None)
    return int(kilobytes) * 1024 if kilobytes is not None else None


def _left_in_container() -> int | None:
    """Bytes below the limit of our control group (v2); its page cache counts as free."""
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        used = int((_CGROUP / "memory.current").read_text())
        statistics = dict(line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return None
    cache = int(statistics.get("inactive_file", "0"))
    return max(0, int(limit) - used + cache) if limit.isdigit() else None

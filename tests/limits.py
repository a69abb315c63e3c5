"""Running fn-tui as a process that may use only so much memory and CPU: what a bomb must stay within."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

MEGABYTE = 1_000_000


def run_limited(
    *argv: str | Path, cwd: Path | None = None, memory: int = 400 * MEGABYTE, cpu: int = 6
) -> subprocess.CompletedProcess[str]:
    """`fn-tui ARGV` with at most `memory` bytes of address space and `cpu` seconds; more ends in a crash or a kill.

    The limits are several times what the tests need here, so that a slow machine passes, and a fraction of what the
    bombs took when nothing bounded them.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))

    return subprocess.run(
        [sys.executable, "-m", "tui", *map(str, argv)],
        cwd=cwd,
        env={**os.environ, "GOTOOLCHAIN": "local", "MALLOC_ARENA_MAX": "1"},  # glibc's: of each 64 MB of addresses
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=limit,
    )

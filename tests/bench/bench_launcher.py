"""What a launcher costs: CPU of a build that is `true`, started by the guard, against a bare fork and exec.

Run it as `python -m tests.bench.bench_launcher [BUILDS]`. Both are small Python processes that start the same
program, in turn; what they cost with one start is taken off. The aim: at most 3 ms of CPU a build more than bare.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

from tui.building.guard.guard import Guard
from tui.building.guard.launcher import write_order
from tui.building.guard.process import Child

BUILDS, ROUNDS = 100, 5
AIM = 3.0  # milliseconds
TRUE = shutil.which("true") or "/bin/true"
BARE = """
import os, sys
for _ in range(int(sys.argv[1])):
    process = os.fork()
    if process == 0:
        os.execv(sys.argv[2], [sys.argv[2]])
    os.waitpid(process, 0)
"""


def used() -> float:
    """CPU seconds of all processes that were waited for."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def bare(starts: int) -> float:
    """CPU seconds of a process that forks and executes so often."""
    before = used()
    subprocess.run([sys.executable, "-I", "-S", "-c", BARE, str(starts), TRUE], check=True)
    return used() - before


async def _build(guard: Guard) -> None:
    child = Child()
    ident = guard.new_build()
    program = os.fsencode(TRUE)
    await child.start(guard, ident, write_order(b"/", program, guard.marker(ident), [program], [b"PATH=/bin"]))
    while not child.exited:
        child.wake.clear()
        await child.wake.wait()
    assert child.returncode == 0
    await child.end()


async def _builds(guard: Guard, starts: int) -> None:
    for _ in range(starts):
        await _build(guard)


def launched(starts: int) -> float:
    """CPU seconds of a guard, its launchers and what they start."""
    before = used()
    guard = Guard()
    asyncio.run(_builds(guard, max(starts, 1)))
    guard.close()
    return used() - before


def main() -> None:
    """Print both in milliseconds a start, and what the launcher adds."""
    builds = int(sys.argv[1]) if len(sys.argv) > 1 else BUILDS
    each: dict[str, list[float]] = {"bare": [], "launched": []}
    for _ in range(ROUNDS):
        for name, run in (("bare", bare), ("launched", launched)):
            each[name].append((run(builds + 1) - run(1)) / builds * 1000)
    plain, ours = (statistics.median(each[name]) for name in ("bare", "launched"))
    print(f"fork and exec   {plain:5.2f} ms of CPU (median of {ROUNDS} rounds of {builds})")
    print(f"with a launcher {ours:5.2f} ms of CPU, {ours / plain:.1f} times")
    print(f"a build costs {ours - plain:.2f} ms more (aim: {AIM:.0f})")
    sys.exit(ours - plain > AIM)


if __name__ == "__main__":
    main()

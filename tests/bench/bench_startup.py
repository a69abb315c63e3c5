"""CPU of the headless commands, start to end, against `python -c "import argparse"` in the same run.

Run: `python -m tests.bench.bench_startup [RUNS]`. The rivals take turns, so that a busy spell of the machine meets
all alike; medians are compared. Limits (exit code 1 where one is missed): `--help` 2 times, `plan` and `config` of the
sample workspace 3.5, `list` 4 times; `inspect` of a small module 1.2: it loads neither argparse nor what that does, and
takes 0.9.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.bench_inspect import CACHED, own_argv, synthesised

RUNS = 25
SAMPLE = Path(__file__).resolve().parents[2] / "tui" / "demo" / "workspace"
YARDSTICK = "import argparse"
# arguments of fn-tui -> the limit, in multiples of the yardstick
LIMITS = {"--help": 2.0, "list": 4.0, "plan FUNCTIONS": 3.5, "config FUNCTIONS": 3.5, "inspect MODULE": 1.2}


def cpu(argv: Sequence[str], folder: Path, environment: Mapping[str, str]) -> float:
    """CPU of one run of a process in milliseconds, its own children included. Its output is thrown away."""
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode in (0, 1), f"{argv} ends with {child.returncode}"  # 1: one of the sample's is refused
    return (usage.ru_utime + usage.ru_stime) * 1000


def medians(rivals: Mapping[str, Sequence[str]], folder: Path, runs: int) -> dict[str, float]:
    """The median CPU of each rival in milliseconds. A first round compiles our modules and does not count."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment = kept | CACHED | {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("CONFIG", "STATE", "CACHE")}
    for argv in rivals.values():
        done = subprocess.run(argv, capture_output=True, cwd=folder, env=environment, check=False)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(runs):
        for name, argv in rivals.items():
            taken[name].append(cpu(argv, folder, environment))
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> int:
    """Print a row for each command."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "workspace"
        shutil.copytree(SAMPLE, folder)
        module = Path(root) / "m.wasm"
        module.write_bytes(synthesised(70_000, 0))
        functions = sorted(path.parent.name for path in folder.glob("*/function.yaml"))
        meant = {"FUNCTIONS": functions, "MODULE": [str(module)]}
        rivals: dict[str, Sequence[str]] = {YARDSTICK: [sys.executable, "-c", YARDSTICK]}
        rivals |= {
            words: [*own_argv(), *(word for part in words.split() for word in meant.get(part, [part]))]
            for words in LIMITS
        }
        costs = medians(rivals, folder, runs)
    yardstick = costs[YARDSTICK]
    print(f'python -c "{YARDSTICK}": {yardstick:.1f} ms of CPU (median of {runs})\n')
    missed = 0
    for words, limit in LIMITS.items():
        ratio = costs[words] / yardstick
        missed += ratio > limit
        print(f"fn-tui {words:<18} {costs[words]:6.1f} ms  {ratio:5.2f} times (limit {limit:g})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

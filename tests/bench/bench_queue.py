"""30 builds of 0.2 s at 2 jobs: wall time and CPU of `fn-tui build` against `xargs -P2` in the same run.

Run it as `python -m tests.bench.bench_queue [ROUNDS]`. The aim: at most 1.10 times the wall time of xargs.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FAKES = Path(__file__).parent.parent / "building" / "fakes"
FUNCTIONS, JOBS = 30, 2


def workspace(root: Path) -> list[Path]:
    """Thirty functions, as small as they come."""
    directories = [root / f"f{number:02}" for number in range(FUNCTIONS)]
    for directory in directories:
        directory.mkdir()
        (directory / "function.yaml").write_text(f"name: {directory.name}\n")
        (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
        (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.24\n")
    return directories


def measured(argv: list[str], root: Path, environment: dict[str, str], text: str = "") -> tuple[float, float]:
    """Wall and CPU seconds of a command and all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(argv, cwd=root, env=environment, input=text, text=True, capture_output=True, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout + done.stderr
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print both, round by round in turn, and the ratio of the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        root, programs = Path(folder) / "work", Path(folder) / "bin"
        root.mkdir()
        programs.mkdir()
        (programs / "tinygo").symlink_to(FAKES / "fake-sleeper")
        directories = workspace(root)
        environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "XDG_STATE_HOME": str(Path(folder) / "state"),
            "XDG_CACHE_HOME": str(Path(folder) / "cache"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: compiled once, not at every start
        names = "".join(f"{directory}\n" for directory in directories)
        build = "cd {} && tinygo build -o {}/function.wasm -target wasi ."
        rivals = {
            "xargs -P2": (["xargs", f"-P{JOBS}", "-I{}", "sh", "-c", build], names),
            "fn-tui": ([sys.executable, "-m", "tui", "build", "--all", "--force", "--jobs", str(JOBS)], ""),
        }
        measured(rivals["fn-tui"][0], root, environment)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in rivals}
        for _ in range(rounds):
            for name, (argv, text) in rivals.items():
                times[name].append(measured(argv, root, environment, text))
        for name, taken in times.items():
            wall, cpu = (statistics.median(column) for column in zip(*taken, strict=True))
            print(f"{name:<10} {wall:6.2f} s wall  {cpu:6.2f} s CPU  (median of {rounds})")
        ratio = statistics.median(wall for wall, _ in times["fn-tui"]) / statistics.median(
            wall for wall, _ in times["xargs -P2"]
        )
        print(f"fn-tui takes {ratio:.3f} times the wall time of xargs (aim: 1.10)")


if __name__ == "__main__":
    main()

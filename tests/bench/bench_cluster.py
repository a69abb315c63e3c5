"""Builds on a Dask cluster of this machine's own processes: sleepers on many slots, stock Go against the local queue.

Run it as `python -m tests.bench.bench_cluster [--sleepers N] [--slots N] [--processes N] [--go N]`. The aims: sleepers
of 1 s in at most 1.25 times the ideal time, with 5 ms of the client's CPU each; stock Go at most 1.10 times the local
queue with two jobs; a workspace in which nothing changed in 1 s.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.processes import Cluster, Nursery, Process, make_function
from tests.gobuild import go_cache

ECHO = """package main

import (
	"fmt"

	"example.com/all/shared"
)

func main() {{ fmt.Println(shared.Word, {}) }}
"""


def measured(argv: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds of a command, and the CPU seconds of its own process and what it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(argv, env=environment, text=True, capture_output=True, check=False)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_of(process: Process) -> float:
    """CPU seconds of a process itself, so far."""
    return _cpu(process.pid, reaped=False)


def cpu_of_compilers(workers: Sequence[Process]) -> float:
    """CPU seconds of the workers' guards and of all that these have started, so far."""
    return sum(_cpu(guard, reaped=True) for worker in workers for guard in _children(worker.pid))


def cpu_of_all(cluster: Cluster) -> float:
    """CPU seconds of a cluster's processes and of all that its workers have started, so far."""
    return sum(map(cpu_of, (cluster.scheduler, *cluster.workers))) + cpu_of_compilers(cluster.workers)


def _cpu(process: int, *, reaped: bool) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if reaped else 13])) / os.sysconf("SC_CLK_TCK")


def _children(process: int) -> list[int]:
    """The children of all its threads."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text().split()]


@contextmanager
def cluster_of(folder: Path, processes: int, slots: int) -> Iterator[Cluster]:
    """Workers that share the slots."""
    nursery = Nursery()
    cluster = Cluster(folder, nursery)
    try:
        for worker in [cluster.begin_worker("--nthreads", str(slots // processes)) for _ in range(processes)]:
            worker.registered()
        yield cluster
    finally:
        cluster.stop()
        nursery.close()


def build(root: Path, cluster: Cluster, home: Path, *words: str) -> tuple[float, float]:
    """`fn-tui build --all` there."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GO"))},
        "HOME": str(home),
        "GOCACHE": str(go_cache()),
    }
    if "go" not in words:  # the stand-ins for TinyGo and its Go
        environment["PATH"] = f"{cluster.bin}{os.pathsep}{os.environ['PATH']}"
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return measured([sys.executable, "-m", "tui", "build", "--all", str(root), *words], environment)


def sleepers(folder: Path, count: int, slots: int, processes: int) -> None:
    """Many builds of a second, whose compiler is `sleep` in sh."""
    for number in range(count):
        make_function(folder / "ws" / f"f{number:04}", "sleep 1")
    ideal = -(-count // slots)
    with cluster_of(folder / "cluster", processes, slots) as cluster:
        there = ("--cluster", cluster.address)
        began = [cpu_of(each) for each in (cluster.scheduler, *cluster.workers)]
        compilers = cpu_of_compilers(cluster.workers)
        wall, cpu = build(folder / "ws", cluster, folder, *there)
        spent = [cpu_of(each) - first for each, first in zip((cluster.scheduler, *cluster.workers), began, strict=True)]
        print(f"{count} builds of 1 s on {slots} slots in {processes} worker processes: {wall:.1f} s, ideal {ideal} s")
        print(f"  {wall / ideal:.2f} times the ideal; CPU a build: {1000 * cpu / count:.1f} ms of the client, ", end="")
        compilers = cpu_of_compilers(cluster.workers) - compilers
        print(
            f"{1000 * spent[0] / count:.1f} ms of the scheduler, {1000 * sum(spent[1:]) / count:.1f} ms of workers, "
            f"{1000 * compilers / count:.1f} ms of the compilers and what starts them"
        )
        wall, cpu = build(folder / "ws", cluster, folder, *there)
        print(f"the same again, nothing changed: {wall:.2f} s ({cpu:.2f} s of CPU)")


def stock_go(folder: Path, count: int) -> None:
    """Real builds on two workers of this machine that share its Go cache, and by the local queue with two jobs."""
    root = folder / "monorepo"  # not "go": the home is above it, and that is where Go has its GOPATH
    (root / "shared").mkdir(parents=True)
    (root / "go.mod").write_text("module example.com/all\n\ngo 1.24\n")
    (root / "shared/shared.go").write_text('package shared\n\nconst Word = "hello"\n')
    for number in range(count):
        make_function(root / f"f{number:02}")
        (root / f"f{number:02}/go.mod").unlink()
    with cluster_of(folder / "cluster-go", 2, 2) as cluster:
        walls: dict[str, list[float]] = {}
        spent: dict[str, list[float]] = {}
        for turn, name in enumerate(("here", "there", "there", "here")):
            for number in range(count):
                (root / f"f{number:02}/function.go").write_text(ECHO.format(1000 * turn + number))
            words = ["--here", "--jobs", "2"] if name == "here" else ["--cluster", cluster.address]
            before = cpu_of_all(cluster)
            wall, cpu = build(root, cluster, folder, "--compiler", "go", *words)
            walls.setdefault(name, []).append(wall)
            spent.setdefault(name, []).append(cpu + cpu_of_all(cluster) - before)
    here, there = (sum(walls[name]) for name in ("here", "there"))
    print(f"{count} builds with stock Go: {here / 2:.1f} s here with 2 jobs, {there / 2:.1f} s on 2 workers: ", end="")
    print(f"{there / here:.2f} times; ", end="")
    here, there = (sum(spent[name]) for name in ("here", "there"))
    print(f"CPU of all processes {here / 2:.1f} and {there / 2:.1f} s: {there / here:.2f} times")


def main() -> None:
    """Print what it comes to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sleepers", type=int, default=2000)
    parser.add_argument("--slots", type=int, default=50)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--go", type=int, default=60)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.sleepers:
            sleepers(Path(folder), args.sleepers, args.slots, args.processes)
        if args.go:
            stock_go(Path(folder), args.go)


if __name__ == "__main__":
    main()

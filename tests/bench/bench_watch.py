"""From a save to the start of the build: `fn-tui watch` against the watchfiles CLI and entr, in one run.

Run it as `python -m tests.bench.bench_watch [--rounds N] [--around N]`. A save is a write, or a rename over the file,
in turn. Each program starts the same stand-in for a compiler, which writes down when it was started; N other functions
lie around those that are saved. Aims: half of what watchfiles takes, all saves by rename seen, 200 writes one build.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMPILER = """#!/bin/sh
date +%s.%N >> "$STARTED"
printf '\\000asm\\001\\000\\000\\000' > "${3:-/dev/null}"
"""
SHARE = 0.5  # of watchfiles' time, at most
PAUSE = 0.7  # seconds between saves: longer than any debounce here
FUNCTIONS = 20  # saved in turn: who builds one function over and over is suspended by fn-tui


class Rival:
    """A watcher under test, in a folder of its own."""

    def __init__(self, name: str, folder: Path, around: int = 0) -> None:
        self.name, self.folder = name, folder
        self.sources = [folder / f"ws/fn{number:02}/function.go" for number in range(FUNCTIONS)]
        self.started = folder / "started"
        (folder / "bin").mkdir(parents=True)
        self.started.touch()
        program = folder / "bin/tinygo"
        program.write_text(COMPILER)
        program.chmod(0o755)
        others = [folder / f"ws/others/group{number // 50}/fn{number}/function.go" for number in range(around)]
        for source in self.sources + others:
            source.parent.mkdir(parents=True)
            source.write_text("package main\n")
            (source.parent / "function.yaml").write_text("name: fn\n")
            (source.parent / "go.mod").write_text("module example.com/fn\n")
        self.process: subprocess.Popen[bytes] | None = None

    def argv(self) -> list[str]:
        """How it is told to start the compiler when the source changes."""
        build = f"{self.folder}/bin/tinygo"
        if self.name == "fn-tui":
            return [sys.executable, "-m", "tui", "watch", str(self.folder / "ws")]
        if self.name == "watchfiles":
            return [sys.executable, "-m", "watchfiles", "--target-type", "command", build, str(self.folder / "ws")]
        return ["sh", "-c", f"while true; do ls {self.folder}/ws/*/function.go | entr -n -d -p {build}; done"]

    def start(self) -> None:
        """Start it, and wait until it is watching."""
        environment = {
            **os.environ,
            "STARTED": str(self.started),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
        }
        silent = subprocess.DEVNULL
        self.process = subprocess.Popen(
            self.argv(), env=environment, stdin=silent, stdout=silent, stderr=silent, start_new_session=True
        )
        until = time.monotonic() + 60
        while not self.times() and time.monotonic() < until:
            self.save(0, f"package main // {time.time()}\n")
            time.sleep(0.5)
        assert self.times(), f"{self.name} does not react"
        time.sleep(1)

    def times(self) -> list[float]:
        """When the compiler was started so far."""
        return [float(line) for line in self.started.read_text().split()]

    def save(self, number: int, text: str, rename: bool = False) -> None:
        """Save a function's source as an editor does."""
        source = self.sources[number % FUNCTIONS]
        if rename:
            swap = source.with_name(".function.go.swp")
            swap.write_text(text)
            swap.replace(source)
        else:
            source.write_text(text)

    def latency(self, number: int, rename: bool) -> float | None:
        """Seconds from a save to the start that it caused; None where none came within 2 s."""
        before, saved = len(self.times()), time.time()
        self.save(number, f"package main // save {number} {saved}\n", rename)
        while time.time() < saved + 2:
            times = self.times()
            if len(times) > before:
                return times[before] - saved
            time.sleep(0.005)
        return None

    def many(self) -> int:
        """Builds that 200 writes in a row cause."""
        before = len(self.times())
        for number in range(200):
            self.save(1, f"package main // many {number}\n")
        time.sleep(2)
        return len(self.times()) - before

    def end(self) -> None:
        """End it with all that it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            time.sleep(0.5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def main() -> None:
    """Measure all rivals, save by save in turn, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--around", type=int, default=0)
    args = parser.parse_args()
    rounds: int = args.rounds
    names = ["fn-tui", "watchfiles", *(["entr"] if shutil.which("entr") else [])]
    with tempfile.TemporaryDirectory() as scratch:
        rivals = [Rival(name, Path(scratch) / name, args.around) for name in names]
        taken: dict[str, list[float | None]] = {name: [] for name in names}
        try:
            for rival in rivals:
                rival.start()
            for number in range(rounds):
                for rival in rivals:
                    taken[rival.name].append(rival.latency(number, rename=number % 2 == 1))
                time.sleep(PAUSE)
            many = {rival.name: rival.many() for rival in rivals}
        finally:
            for rival in rivals:
                rival.end()
    for name in names:
        seen = [seconds for seconds in taken[name] if seconds is not None]
        renames = [seconds for seconds in taken[name][1::2] if seconds is not None]
        middle = statistics.median(seen) if seen else float("nan")
        print(
            f"{name:<10} median {middle * 1000:4.0f} ms, worst {max(seen, default=0) * 1000:4.0f} ms, "
            f"{len(seen)} of {rounds} saves seen, {len(renames)} of {rounds // 2} by rename; "
            f"200 writes: {many[name]} builds"
        )
    ours, theirs = ([seconds for seconds in taken[name] if seconds is not None] for name in names[:2])
    share = statistics.median(ours) / statistics.median(theirs)
    good = len(ours) == rounds and share <= SHARE and many["fn-tui"] == 1
    print(f"aims: {SHARE} of watchfiles' time ({share:.2f}), all saves seen, 200 writes one build:", end=" ")
    print("met" if good else "NOT met")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()

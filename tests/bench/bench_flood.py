"""A real child that prints a million coloured lines: lines per CPU-second into the log pane, stalls, memory.

Run it as `python -m tests.bench.bench_flood [--lines N] [--peer turbo=PATH] [--peer mprocs=PATH]`. The child runs as a
build (guard, group and private folder included); transcript, log file and pane are the screen's own, in a real app
without a terminal. Peers run the same child in a terminal of the same size; only their own CPU counts, as ours does.
Aims: 200,000 lines per CPU-second, no stall of 100 ms, memory bounded, and a key to another widget within 50 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import os
import pty
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

from tests.app.screens import StyledApp
from tests.bench.bench_screen import paint

CHILD = """#!/bin/sh
awk 'BEGIN {
  for (i = 0; i < LINES; i++) printf "\\033[3%dm[%07d]\\033[0m compiling package %d of the program\\n", i % 8, i, i
}'
printf '\\000asm\\001\\000\\000\\000' > "$OUT"
"""
COLUMNS, ROWS = 120, 40


def write_child(folder: Path, lines: int, name: str = "tinygo", out: str = "$3") -> Path:
    """The program that floods, and leaves a module where `out` says (tinygo's third argument)."""
    program = folder / name
    text = CHILD.replace("LINES", str(lines)).replace("$OUT", out)
    program.write_text(text)
    program.chmod(0o755)
    return program


class Stalls:
    """The longest time for which the event loop answered nothing, in wall and in CPU seconds of this thread."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    async def watch(self) -> None:
        """Look at the clocks all the time."""
        wall, cpu = time.perf_counter(), time.thread_time()
        while True:
            await asyncio.sleep(0.002)
            now, spent = time.perf_counter(), time.thread_time()
            self.wall, self.cpu = max(self.wall, now - wall), max(self.cpu, spent - cpu)
            wall, cpu = now, spent


async def flood(function: Path, lines: int) -> dict[str, float]:
    """Build the function on a screen with a log pane and a list; what it cost."""
    from textual.app import ComposeResult
    from textual.containers import Horizontal
    from textual.widgets import OptionList

    from tui.app.log.pane import LogPane
    from tui.building.events import BuildEnded, BuildOutputBatch
    from tui.building.log.log_file import build_log
    from tui.building.log.transcript import Transcript
    from tui.building.process.runner import run_build

    class Screen(StyledApp):
        CSS = "OptionList { width: 30; } LogPane { border: round $primary; }"

        def compose(self) -> ComposeResult:
            with Horizontal():
                yield OptionList(*(f"function {number}" for number in range(100)))
                yield LogPane()

    app, stalls = Screen(), Stalls()
    took: list[float] = []  # seconds of each key that was pressed

    async def keys() -> None:
        options = app.query_one(OptionList)
        while True:
            before, pressed = options.highlighted, time.perf_counter()
            app.simulate_key("up" if before else "down")
            while options.highlighted == before:
                await asyncio.sleep(0.001)
            took.append(time.perf_counter() - pressed)
            await asyncio.sleep(0.05)

    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        pane, options = app.query_one(LogPane), app.query_one(OptionList)
        options.focus()
        transcript = Transcript(file=build_log(function))
        pane.read(transcript, "flood")
        await pilot.pause()
        memory, cpu, began = _peak_memory(), time.process_time(), time.perf_counter()
        watcher, pressing = asyncio.create_task(stalls.watch()), asyncio.create_task(keys())
        async for event in run_build(function):
            if isinstance(event, BuildOutputBatch):
                transcript.extend(event.stream, event.lines, event.seconds)
            elif isinstance(event, BuildEnded):
                assert event.result.status == "built", event.result
        transcript.close()
        while pane.view._timer is not None:
            await asyncio.sleep(0.01)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - began
        watcher.cancel()
        pressing.cancel()
        assert transcript.total == lines, transcript.total
        assert transcript.text(lines - 1).endswith(f"package {lines - 1} of the program")
        assert pane.view.rows is not None
        assert pane.view.rows.rows == transcript.total - transcript.first
        size = transcript.path.stat().st_size if transcript.path is not None else 0
        return {
            "rate": lines / cpu,
            "wall": wall,
            "stall_ms": stalls.wall * 1000,
            "stall_cpu_ms": stalls.cpu * 1000,
            "memory_mb": _peak_memory() - memory,
            "kept": transcript.total - transcript.first,
            "file_mb": size / 1e6,
            "moves": len(took),
            "key_ms": max(took) * 1000,
        }


def _peak_memory() -> float:
    """The most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def peer_argv(name: str, program: str, folder: Path, child: Path) -> list[str]:
    """How a peer runs the child; lays out what it needs."""
    if name == "mprocs":
        (folder / "mprocs.yaml").write_text(json.dumps({"procs": {"flood": {"cmd": [str(child)]}}}))
        return [program, "--config", str(folder / "mprocs.yaml")]
    (folder / "turbo.json").write_text(json.dumps({"tasks": {"flood": {"cache": False}}, "ui": "tui"}))
    manager = {"name": "root", "packageManager": "npm@10.0.0", "workspaces": ["p"]}
    (folder / "package.json").write_text(json.dumps(manager))
    (folder / "package-lock.json").write_text(json.dumps({"name": "root", "lockfileVersion": 3, "packages": {}}))
    (folder / "p").mkdir()
    (folder / "p/package.json").write_text(
        json.dumps({"name": "p", "version": "1.0.0", "scripts": {"flood": str(child)}})
    )
    return [program, "run", "flood", "--ui", "tui", "--no-daemon"]


def peer_cpu(argv: list[str], folder: Path, done: Path) -> float:
    """CPU seconds of the peer's own processes until the child is done and the peer has caught up."""
    environment = {**os.environ, "TERM": "xterm-256color", "TURBO_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1"}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(argv[0], argv, environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    spent, quiet, until = 0.0, 0, time.monotonic() + 120
    while quiet < 20 and time.monotonic() < until:
        ready, _, _ = select.select([terminal], [], [], 0.05)
        try:
            if ready:
                os.read(terminal, 1 << 16)
        except OSError:
            break
        now = _tree_cpu(pid)
        quiet = quiet + 1 if done.exists() and now - spent < 0.001 else 0
        spent = max(spent, now)
        if ready:
            time.sleep(0.01)
    for end in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(pid, end)
        except ProcessLookupError:
            break
        time.sleep(0.2)
    os.close(terminal)
    return spent


def _tree_cpu(root: int) -> float:
    """CPU seconds of a process and its descendants, but not of the shell and the awk that flood."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents: dict[int, tuple[int, str, float]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                name, _, rest = (entry / "stat").read_text().partition("(")[2].rpartition(")")
            except OSError:
                continue
            fields = rest.split()
            parents[int(entry.name)] = (int(fields[1]), name, (int(fields[11]) + int(fields[12])) / ticks)
    total, family = 0.0, [root]
    while family:
        process = family.pop()
        family += [child for child, (parent, _, _) in parents.items() if parent == process]
        _, name, spent = parents.get(process, (0, "", 0.0))
        if name not in {"awk", "mawk", "gawk", "sh", "dash", "bash", "tinygo", "flood"}:
            total += spent
    return total


def run_peer(name: str, program: str, lines: int) -> float:
    """Lines per CPU-second of a peer."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        child = write_child(folder, lines, "flood", str(folder / "done"))
        if name == "turbo":
            subprocess.run(["git", "init", "-q", scratch], check=True)
        spent = peer_cpu(peer_argv(name, program, folder, child), folder, folder / "done")
        assert (folder / "done").exists(), f"{name} did not run the child"
        return lines / spent


def main() -> None:
    """Measure, print, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=PATH", help="turbo=... or mprocs=...")
    args = parser.parse_args()
    peers = {name: path for name in ("turbo", "mprocs") if (path := shutil.which(name))}
    peers |= dict(peer.split("=", 1) for peer in args.peer)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "bin").mkdir()
        write_child(folder / "bin", args.lines)
        os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        os.environ["XDG_STATE_HOME"] = str(folder / "state")
        function = folder / "fn"
        function.mkdir()
        (function / "function.yaml").write_text("name: fn\n")
        (function / "function.go").write_text("package main\n\nfunc main() {}\n")
        (function / "go.mod").write_text("module example.com/fn\n\ngo 1.24\n")
        cost = asyncio.run(flood(function, args.lines))
    print(f"fn-tui  {cost['rate']:>9,.0f} lines per CPU-second (aim: 200,000); {cost['wall']:.1f} s wall")
    print(f"        worst stall {cost['stall_ms']:.0f} ms wall, {cost['stall_cpu_ms']:.0f} ms of our CPU (aim: 100)")
    print(
        f"        {cost['memory_mb']:.0f} MB more memory for {cost['kept']:,.0f} lines; {cost['file_mb']:.0f} MB file"
    )
    slowest = cost["key_ms"] / 1000 / paint()
    print(f"        the list moved {cost['moves']:.0f} times; slowest key {cost['key_ms']:.0f} ms (aim: 50), ", end="")
    print(f"{slowest:.2f} of a first paint")
    for name, program in peers.items():
        rate = run_peer(name, program, args.lines)
        print(f"{name:<7} {rate:>9,.0f} lines per CPU-second: fn-tui is {cost['rate'] / rate:.2f} times as fast")
    sys.exit(0 if cost["rate"] >= 200_000 else 1)


if __name__ == "__main__":
    main()

"""How the screen feels, in numbers: first paint, a key with 5,000 functions, idle CPU, memory. Ratios, one run.

    python -m tests.bench.bench_screen [--peer NAME TEXT COMMAND ...]

First paint is the CPU time of a whole process from exec to its first full frame, against a minimal Textual app in the
same run. Peers (posting, harlequin, toolong) are given as commands; they are timed on a pseudo-terminal until a text of
their first screen has come, and only ever compared with the same measure of ours: until the name of a function has.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import shlex
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from functools import lru_cache
from pathlib import Path

RUNS = 5
FIRST_FRAME = """
import os
class Once:
    def post_display_hook(self):
        if self.names_are_there():
            os._exit(0)
"""
MINIMAL = (
    FIRST_FRAME
    + """
from textual.app import App
from textual.widgets import Static
class Minimal(Once, App):
    def compose(self):
        yield Static("hello")
    def names_are_there(self):
        return True
Minimal().run(headless=True, size=(120, 40))
"""
)
OURS = (
    FIRST_FRAME
    + """
from tui.app.terminal.interpreter import hold_the_collector
hold_the_collector()  # as the command does
import sys
from pathlib import Path
from tui.app.shell.app import FnTui
from tui.app.options import ScreenOptions
class Ours(Once, FnTui):
    def names_are_there(self):
        return len(self.bench.store) > 0
Ours(ScreenOptions(Path(sys.argv[1]), remember=False)).run(headless=True, size=(120, 40))
"""
)
NAMES = """
import os, sys, time
from pathlib import Path
from tui.app.shell.app import FnTui
from tui.app.options import ScreenOptions
class Ours(FnTui):
    def post_display_hook(self):
        main = self.main
        rows = main.boxes.functions.rows
        if main.boxes.furnished and not self.bench.reader.searching and len(rows) == int(sys.argv[2]):
            read = sum(self.bench.store.state(path) != "reading" for path in rows)
            print(time.process_time() * 1000, read, flush=True)
            os._exit(0)
Ours(ScreenOptions(Path(sys.argv[1]), remember=False)).run(headless=True, size=(120, 40))
"""
KEYS = """
import asyncio, sys, time
from pathlib import Path
from tui.app.shell.app import FnTui
from tui.app.options import ScreenOptions
async def main():
    app = FnTui(ScreenOptions(Path(sys.argv[1]), remember=False))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.bench.reader.searching or not app.main.boxes.furnished:
            await asyncio.sleep(0.005)
        took = []
        for _ in range(int(sys.argv[2])):
            before, cursor = time.perf_counter(), app.main.boxes.functions.path
            app.simulate_key("j")
            while app.main.boxes.functions.path == cursor and time.perf_counter() - before < 1:
                await asyncio.sleep(0.001)
            took.append((time.perf_counter() - before) * 1000)
            await asyncio.sleep(0.03)
        took.sort()
        print(took[len(took) // 2], took[-1], app.bench.reader.pending)
asyncio.run(main())
"""
FILTER = """
from tui.app.terminal.interpreter import hold_the_collector
hold_the_collector()  # as the command does
import asyncio, statistics, sys, time
from pathlib import Path
from tui.app.shell.app import FnTui
from tui.app.options import ScreenOptions
from tui.gateway.contract.reading import load_contract
async def main():
    app = FnTui(ScreenOptions(Path(sys.argv[1]), remember=False), load_contract(None))
    async with app.run_test(size=(120, 40)) as pilot:
        store, functions = app.bench.store, app.main.boxes.functions
        while app.bench.reader.searching or any(store.state(path) == "reading" for path in store.paths):
            await asyncio.sleep(0.1)
        await pilot.press("slash")
        took = []
        for key in ["f", "u", "n", "1", *["backspace"] * 4] * int(sys.argv[2]):
            before, needle = time.process_time(), functions.needle
            app.simulate_key(key)
            await asyncio.sleep(0.15)  # by then all is drawn; sleeping takes no CPU
            while functions.needle == needle:
                await asyncio.sleep(0.001)
            took.append((time.process_time() - before) * 1000)
        print(statistics.median(took), max(took))
asyncio.run(main())
"""


def cpu_of(argv: list[str]) -> float:
    """User and system seconds of one process."""
    before = os.times()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


@lru_cache(maxsize=1)
def paint() -> float:
    """CPU seconds of a minimal Textual app to its first paint: the least of three. A machine of which that is 150 ms is
    meant by the aims, so that 50 ms are a third of it.
    """
    return min(cpu_of([sys.executable, "-c", MINIMAL]) for _ in range(3))


def first_paints(workspace: Path) -> tuple[float, float]:
    """CPU seconds to the first frame: a minimal app, ours. Medians of interleaved runs."""
    minimal, ours = [], []
    for _ in range(RUNS):
        minimal.append(cpu_of([sys.executable, "-c", MINIMAL]))
        ours.append(cpu_of([sys.executable, "-c", OURS, str(workspace)]))
    return statistics.median(minimal), statistics.median(ours)


def on_terminal(argv: list[str], shown: str, limit: float = 30.0) -> float:
    """CPU seconds of a program on a terminal of 120x40 until a text of its first screen has come; it is killed then."""
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color")
        os.execvp(argv[0], argv)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    end, came, used = time.monotonic() + limit, b"", 0.0
    while time.monotonic() < end and shown.encode() not in came:
        if select.select([master], [], [], 0.1)[0]:
            came += os.read(master, 65536)
            used = process_cpu(pid)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(master)
    if shown.encode() not in came:
        raise SystemExit(f"{argv[0]} did not show {shown!r} in {limit:.0f} s")
    return used


def process_cpu(pid: int) -> float:
    """User and system seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Resident memory of a process, MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1000


def idle(workspace: Path, seconds: float = 10.0) -> tuple[float, float]:
    """Share of a core used while nothing happens, and MB, with the workspace open on a terminal."""
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color")
        os.execvp(sys.executable, [sys.executable, "-m", "tui", str(workspace)])
    end = time.monotonic() + 4
    while time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            os.read(master, 65536)
    before = process_cpu(pid)
    time.sleep(seconds)
    used, memory = process_cpu(pid) - before, resident(pid)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    os.close(master)
    return used / seconds, memory


def many_functions(folder: Path, count: int) -> None:
    """A workspace of that many functions, none built."""
    for number in range(count):
        directory = folder / f"group{number % 50:02}" / f"function{number:04}"
        directory.mkdir(parents=True)
        (directory / "function.yaml").write_text(f"name: function{number:04}\nmemory: 64\n")
        (directory / "function.go").write_text("package main\n\nfunc main() {}\n")


def names(workspace: Path, empty: Path, count: int) -> tuple[float, int]:
    """CPU ms of the process when all names have been drawn, over an empty workspace; and how many had been read."""
    none, full, read = [], [], 0
    for _ in range(RUNS):
        none.append(_numbers(NAMES, empty, 0)[0])
        cpu, so_far = _numbers(NAMES, workspace, count)
        full.append(cpu)
        read = max(read, int(so_far))
    return statistics.median(full) - statistics.median(none), read


def _numbers(script: str, workspace: Path, number: int) -> list[float]:
    argv = [sys.executable, "-c", script, str(workspace), str(number)]
    done = subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True)
    return [float(word) for word in done.stdout.splitlines()[-1].split()]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", action="append", nargs=3, default=[], metavar=("NAME", "TEXT", "COMMAND"))
    args = parser.parse_args()
    os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp()
    with tempfile.TemporaryDirectory() as folder:
        from tui.demo.copy import copy_workspace

        demo, many, empty = Path(folder) / "demo", Path(folder) / "many", Path(folder) / "empty"
        copy_workspace(demo)
        empty.mkdir()
        many_functions(many, 5000)
        minimal, ours = first_paints(demo)
        over = (ours - minimal) * 1000
        print(f"first paint: minimal {minimal * 1000:.0f} ms, ours {ours * 1000:.0f} ms, over it {over:.0f} ms CPU")
        cpu, read = names(many, empty, 5000)
        print(f"5,000 names: {cpu:.0f} ms CPU over an empty workspace; {read} of them read by then")
        median, worst, unread = _numbers(KEYS, many, 60)
        print(f"a key while they are read: {median:.0f} ms, {worst:.0f} ms at worst; {unread:.0f} left at the end")
        few = Path(folder) / "few"
        many_functions(few, 50)
        (small, _), (large, slowest) = _numbers(FILTER, few, 3), _numbers(FILTER, many, 3)
        print(f"a key of the filter: {large:.0f} ms CPU of 5,000 names, {slowest:.0f} ms at worst;", end=" ")
        print(f"of 50 names {small:.0f} ms, ratio {large / small:.1f}")
        share, memory = idle(demo)
        print(f"idle: {share * 100:.2f} % of a core; {memory:.0f} MB")
        for name, shown, command in args.peer:
            theirs = statistics.median(on_terminal(shlex.split(command), shown) for _ in range(RUNS))
            own = statistics.median(
                on_terminal([sys.executable, "-m", "tui", str(demo)], "wallet") for _ in range(RUNS)
            )
            print(f"first screen on a terminal: {name} {theirs * 1000:.0f} ms CPU, ours {own * 1000:.0f} ms,", end=" ")
            print(f"ratio {own / theirs:.2f}")


if __name__ == "__main__":
    main()

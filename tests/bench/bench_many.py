"""Thousands of builds, and a thousand files that change at once: what a person waits for, and what a build costs.

    python -m tests.bench.bench_many [--functions N] [--builds N] [--files N] [--open N ...] [--idle SECONDS]

The screen runs in this process without a terminal; a stand-in for the compiler takes 10 ms and writes the smallest
module. Times are given in wall and in CPU of the event loop's thread: a machine that others use makes the first longer,
not the second. It fails where a build costs more than MOST_SHARE of a first paint. Aims, where a minimal Textual app
takes 150 ms of CPU to its first paint: first frame of the queue 100 ms, keys 50 ms (a third of a first paint),
cancel-all 200 ms, 15 ms of CPU a build beside its compiler (a tenth), a storm seen 500 ms after it ends (3.3), 150 MB,
0.3 % of a core when nothing happens.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Final

from tests.bench.bench_flood import Stalls
from tests.bench.bench_screen import paint, resident
from tests.monorepo import module
from tui.app.desk.reading.following import LAY_LATEST
from tui.app.desk.store import Change
from tui.building.guard.guard import process_guard
from tui.lines.states import State

COMPILER: Final = """#!/bin/sh
[ "$1" = version ] && echo "tinygo version 0.41.1 linux/amd64 (using go version go1.26.6 and LLVM version 20.1.1)"
[ "$1" = version ] && exit
sleep 0.01
printf '\\000asm\\001\\000\\000\\000' > "$3"
"""
GO: Final = "#!/bin/sh\necho go version go1.26.6 linux/amd64\n"  # another one on PATH may be none for that TinyGo
# Each file is put in place of the one before it, as git does it.
CHECKOUT: Final = """
import sys
from pathlib import Path
files, *directories = sys.argv[1:]
for number in range(int(files)):
    directory = Path(directories[number % len(directories)])
    name = ("function.yaml", "function.go", "go.mod", "README.md")[number // len(directories) % 4]
    swap = directory / ".swap"
    texts = {"function.yaml": "name: fn\\nmemory: 65\\n", "go.mod": "module example.com/fn\\n\\ngo 1.23\\n"}
    swap.write_text(texts.get(name, f"package main // {number}\\n"))
    swap.rename(directory / name)
"""
MEMORY: Final = 65  # as the new function.yaml has it
MOST_SHARE: Final = 0.13  # of a minimal app's first paint, for one build: the aim of a tenth, and some noise
OLD: Final = time.time() - 3_600


def workspace(folder: Path, count: int) -> list[Path]:
    """So many functions, fifty to a folder, none built."""
    directories = [folder / f"group{number // 50:03}" / f"fn{number:04}" for number in range(count)]
    for directory in directories:
        directory.mkdir(parents=True)
        (directory / "function.yaml").write_text(f"name: {directory.name}\n")
        (directory / "function.go").write_text("package main\n\nfunc main() {}\n")
        (directory / "go.mod").write_text("module example.com/fn\n\ngo 1.22\n")
        for file in directory.iterdir():
            os.utime(file, (OLD, OLD))
    return directories


def children() -> float:
    """CPU seconds of all processes that were waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def took(began: float, cpu: float) -> str:
    """How long something took since then, in wall and in CPU of this thread."""
    return f"{(time.perf_counter() - began) * 1000:.0f} ms, {(time.thread_time() - cpu) * 1000:.0f} ms of CPU"


class Bench:
    """A screen at work, and the stalls of its loop."""

    def __init__(self, root: Path) -> None:
        from tui.app.options import ScreenOptions
        from tui.app.shell.app import FnTui
        from tui.app.terminal.interpreter import hold_the_collector
        from tui.gateway.contract.reading import load_contract

        hold_the_collector()  # as the command does; the main screen releases it
        self.root = root
        self.app = FnTui(ScreenOptions(root), load_contract(None))
        self.key = 0.0  # seconds of the slowest key

    def counts(self) -> Mapping[State, int]:
        """How many functions are in each state."""
        return self.app.bench.store.counts.states

    @property
    def is_known(self) -> bool:
        """Whether every function was read."""
        reader, counts = self.app.bench.reader, self.counts()
        return not reader.searching and bool(counts) and not counts.get("reading") and not reader.pending

    async def known(self) -> None:
        """Wait until every function was read, and the disk is followed."""
        while not self.is_known:
            await asyncio.sleep(0.01)
        await asyncio.sleep(1.5)

    async def keys_while(self, busy: Callable[[], bool], most: float) -> Stalls:
        """Press j and k as long as something goes on, at most so many seconds; what the loop did meanwhile."""
        stalls, end = Stalls(), time.perf_counter() + most
        watcher = asyncio.create_task(stalls.watch())
        self.key, functions, letter = 0.0, self.app.main.boxes.functions, "j"
        while busy() and time.perf_counter() < end:
            before, pressed = functions.path, time.perf_counter()
            self.app.simulate_key(letter)
            while functions.path == before and time.perf_counter() - pressed < 1:
                await asyncio.sleep(0.001)
            self.key = max(self.key, time.perf_counter() - pressed)
            letter = "k" if letter == "j" else "j"
            await asyncio.sleep(0.05)
        watcher.cancel()
        return stalls

    def told(self, stalls: Stalls) -> str:
        """The slowest key, and the longest stall."""
        worst = f"longest stall {stalls.wall * 1000:.0f} ms, {stalls.cpu * 1000:.0f} ms of CPU"
        return f"slowest key {self.key * 1000:.0f} ms; {worst}, {stalls.cpu / paint():.2f} of a first paint"


async def queue(root: Path, count: int) -> None:
    """Ask for all builds, look at the queue, cancel all."""
    bench = Bench(root)
    async with bench.app.run_test(size=(120, 40)):
        await bench.known()
        drawn = asyncio.Event()
        bench.app.post_display_hook = lambda: drawn.set() if bench.counts().get("queued") else None  # type: ignore[method-assign]
        began, cpu = time.perf_counter(), time.thread_time()
        bench.app.simulate_key("A")
        await drawn.wait()
        shown = took(began, cpu)
        stalls = await bench.keys_while(lambda: bench.app.bench.builds.busy > 0, 5.0)
        print(f"{count:,} builds queued: first frame after {shown}; {bench.told(stalls)}", end="; ", flush=True)
        began, cpu = time.perf_counter(), time.thread_time()
        bench.app.simulate_key("X")
        while bench.app.bench.builds.busy or bench.counts().get("queued") or bench.counts().get("building"):
            await asyncio.sleep(0.001)
        print(f"cancelled after {took(began, cpu)}")


async def builds(root: Path, count: int, compiler: float, shares: list[float]) -> None:
    """Build all on the screen; CPU of this process and its launchers a build, as a share of a first paint.

    `compiler`: that of a bare run of the stand-in, seconds.
    """
    bench = Bench(root)
    async with bench.app.run_test(size=(120, 40)):
        await bench.known()
        before = await launching_cpu()  # of those that were cancelled before
        cpu, began = time.process_time(), time.perf_counter()
        bench.app.simulate_key("A")
        while bench.counts().get("unbuilt", 0) == count:
            await asyncio.sleep(0.001)
        while bench.app.bench.builds.busy:
            await asyncio.sleep(0.05)
        own, wall = time.process_time() - cpu, time.perf_counter() - began
        each, launched = own / count, (await launching_cpu() - before) / count - compiler
        parts = f"{each * 1000:.1f} here, {launched * 1000:.1f} to start it"
        share = (each + launched) / paint()
        shares.append(share)
        ours = f"{(each + launched) * 1000:.1f} ms of our CPU each ({parts}), {share:.3f} of a first paint"
        print(f"{count:,} builds on the screen: {ours}, in {wall:.1f} s; then {resident(os.getpid()):.0f} MB")


async def launching_cpu() -> float:
    """CPU seconds of the guard, its launchers and all compilers so far, once it has waited for all its children."""
    guard = process_guard().pid
    if guard is None:
        return 0.0
    children = Path(f"/proc/{guard}/task/{guard}/children")
    while children.read_text().strip():
        await asyncio.sleep(0.05)
    return tree_cpu(guard)


def tree_cpu(process: int) -> float:
    """CPU seconds of a process and of all that it has waited for."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def built(root: Path, count: int) -> float:
    """CPU seconds of each build of `fn-tui build`: its own, the guard's, the launcher's and the stand-in's."""
    before = children()
    argv = [sys.executable, "-m", "tui", "build", "--all", "--force", "--jobs", "2", str(root)]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return (children() - before) / count


def bare(folder: Path, count: int) -> float:
    """CPU seconds of a bare run of the stand-in, started by xargs."""
    before = children()
    names = "".join(f"{folder}/out{number}\n" for number in range(count))
    subprocess.run(["xargs", "-P2", "-I{}", "tinygo", "build", "-o", "{}"], input=names, text=True, check=True)
    return (children() - before) / count


async def storm(root: Path, directories: list[Path], files: int) -> None:
    """Change so many files at once, as a checkout does; when each change is known, and what keys wait meanwhile."""
    bench = Bench(root)
    async with bench.app.run_test(size=(120, 40)):
        await bench.known()
        store, ended = bench.app.bench.store, 0.0
        wanted = min(files, len(directories))
        seen: set[str] = set()

        def look(change: Change) -> None:
            readings = ((path, store[path].reading) for path in change.paths)
            seen.update(path for path, read in readings if read and read.config and read.config.memory == MEMORY)

        store.listen(look)
        argv = [sys.executable, "-c", CHECKOUT, str(files), *map(str, directories[:wanted])]
        changing = await asyncio.create_subprocess_exec(*argv)

        async def end() -> None:
            nonlocal ended
            await changing.wait()
            ended = time.perf_counter()

        ending, cpu = asyncio.create_task(end()), time.process_time()
        stalls = await bench.keys_while(lambda: not ended or len(seen) < wanted, 60.0)
        late, cpu = time.perf_counter() - ended, time.process_time() - cpu
        await ending
        assert len(seen) == wanted, store.counts
        what = f"{files:,} files change, {len(directories):,} functions open"
        told = f"all seen {late * 1000:.0f} ms after, {late / paint():.1f} first paints; {cpu * 1000:.0f} ms of CPU"
        print(f"{what}: {told}; {bench.told(stalls)}")


async def reading(root: Path, count: int, seconds: float) -> None:
    """Read so many built functions for the first time, while keys are pressed; then do nothing for some seconds."""
    bench = Bench(root)
    async with bench.app.run_test(size=(120, 40)):
        while bench.app.bench.reader.searching or len(bench.app.bench.store) < count:
            await asyncio.sleep(0.01)
        stalls = await bench.keys_while(lambda: not bench.is_known, 600.0)
        assert bench.is_known, bench.counts()
        print(f"{count:,} built functions read for the first time: {bench.told(stalls)}")
        if seconds:
            await asyncio.sleep(LAY_LATEST + 2)  # then the disk is followed
            before = time.process_time()
            await asyncio.sleep(seconds)
            share = (time.process_time() - before) / seconds
            print(f"{count:,} built functions open: {share * 100:.2f} % of a core, {resident(os.getpid()):.0f} MB")


def bounded(row: Coroutine[None, None, None]) -> None:
    """Measure one row, or give it up after an hour."""
    asyncio.run(asyncio.wait_for(row, 3_600))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=2_000)
    parser.add_argument("--builds", type=int, default=500)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--open", type=int, action="append")
    parser.add_argument("--idle", type=float, default=0.0, metavar="SECONDS")
    args = parser.parse_args()
    print(f"first paint of a minimal app: {paint() * 1000:.0f} ms of CPU")
    shares: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        (scratch / "bin").mkdir()
        programs = {"tinygo": COMPILER, "wasm-opt": "#!/bin/sh\necho wasm-opt version 120\n", "go": GO}
        for program, text in programs.items():
            (scratch / "bin" / program).write_text(text)
            (scratch / "bin" / program).chmod(0o755)
        os.environ["PATH"] = f"{scratch / 'bin'}{os.pathsep}{os.environ['PATH']}"
        for kind in ("CONFIG", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(scratch / kind)
        if args.functions:
            workspace(scratch / "queue", args.functions)
            bounded(queue(scratch / "queue", args.functions))
        if args.builds:
            workspace(scratch / "builds", args.builds)
            compiler = bare(scratch, args.builds)
            bounded(builds(scratch / "builds", args.builds, compiler, shares))
            ours, theirs = built(scratch / "builds", args.builds) * 1000, compiler * 1000
            more = f"{ours - theirs:.1f} more"
            print(f"a build of fn-tui build: {ours:.1f} ms of CPU in all, by xargs {theirs:.1f}: {more}")
        for count in args.open or [300]:
            directories = workspace(scratch / f"storm{count}", count)
            bounded(storm(scratch / f"storm{count}", directories, args.files))
            wasm = module(3_000, reactor=False, sockets=False)
            for directory in workspace(scratch / f"built{count}", count):
                (directory / "function.wasm").write_bytes(wasm)
            bounded(reading(scratch / f"built{count}", count, args.idle))
    if any(share > MOST_SHARE for share in shares):
        sys.exit(f"a build costs more than {MOST_SHARE} of a first paint")


if __name__ == "__main__":
    main()

"""Large workspaces: CPU of the first and the second look, headless and on the screen.

    python -m tests.bench.bench_big [--functions N] [--small N]

In one run, against `python -c "import argparse"`, since machines differ: N functions that each hold a module of 2 MB by
stock Go (200), and as many small ones as are asked for (1,000). The screen is asked until every function's state is
known. Nothing of the person's own is touched: settings, state and cache lie in a folder of the run's. Exits with 1
where a later `check` takes more than LIMIT of what one without the cache takes: what is kept between runs is to pay.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.bench.bench_inspect import CACHED, GO_PROGRAMS, own_argv
from tests.gobuild import build_go
from tests.monorepo import GO_MOD, SOURCE, module
from tests.wasm.binary import custom

LIMIT: Final = 0.7
OLD: Final = time.time() - 3_600
SCREEN: Final = """
import asyncio, resource, sys, time
from pathlib import Path
from tui.app.options import ScreenOptions
from tui.app.shell.app import FnTui
from tui.gateway.contract.reading import load_contract
async def main():
    app = FnTui(ScreenOptions(Path(sys.argv[1])), load_contract(None))
    async with app.run_test(size=(120, 40)) as pilot:
        store = app.bench.store
        while app.bench.reader.searching or not len(store) or store.counts["reading"] or app.bench.reader.pending:
            await asyncio.sleep(0.01)
        status = Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()
        known = time.process_time()
    helpers = resource.getrusage(resource.RUSAGE_CHILDREN)  # that read beside it, and have ended with it
    seconds = known + helpers.ru_utime + helpers.ru_stime
    print(seconds, f"{int(status[0]) / 1000:.0f} MB", dict(store.counts.states), flush=True)
asyncio.run(main())
"""


def workspace(folder: Path, count: int, wasm: bytes) -> Path:
    """So many functions, fifty to a folder, each with that module and a note of its own, and older than this run."""
    for number in range(count):
        directory = folder / f"group{number // 50:03}" / f"fn{number:04}"
        directory.mkdir(parents=True)
        files = {"function.go": SOURCE, "go.mod": GO_MOD, "function.yaml": f"name: fn{number}\n"}
        own = {"function.wasm": wasm + custom("note", str(number).encode())}  # what is known of one tells of no other
        for name, content in {**{name: text.encode() for name, text in files.items()}, **own}.items():
            (directory / name).write_bytes(content)
            os.utime(directory / name, (OLD + 60 * (name == "function.wasm"), OLD + 60 * (name == "function.wasm")))
    return folder


def cpu(argv: Sequence[str], environment: Mapping[str, str]) -> float:
    """CPU seconds of one process and its children."""
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode in (0, 1), f"{argv} ends with {child.returncode}"
    return usage.ru_utime + usage.ru_stime


def until_known(folder: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    """CPU seconds of the screen and its helpers until every state is known, and the states."""
    argv = [sys.executable, "-c", SCREEN, str(folder)]
    done = subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    seconds, _, states = done.stdout.splitlines()[-1].partition(" ")
    return float(seconds), states


def each(seconds: float, count: int, size: int) -> str:
    """What of so many seconds falls to one of `count` functions, whose modules have `size` bytes; and to a MB of large
    ones.
    """
    milliseconds = seconds / count * 1000
    share = f", {milliseconds / size * 1e6:.1f} a MB" if size > 1_000_000 else ""
    return f"{milliseconds:.1f} ms a function{share}"


def looks(name: str, folder: Path, scratch: Path, yardstick: float, of: tuple[int, int]) -> float:
    """Print what each look costs, the first and those after it; what a later `check` takes of one without the cache.

    `yardstick`: CPU seconds of a bare start of Python. `of`: how many functions, with modules of how many bytes.
    """
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    tree = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    for command in (["list", "--json"], ["check", "--json"]):
        homes = {f"XDG_{kind}_HOME": str(scratch / name / command[0] / kind) for kind in ("CONFIG", "STATE", "CACHE")}
        environment = kept | CACHED | tree | homes
        first, *others = (cpu([*own_argv(), *command, str(folder)], environment) for _ in range(4))
        anew = cpu([*own_argv(), *command, "--no-cache", str(folder)], environment)
        told = f"{first:.2f} s ({each(first, *of)})"
        print(f"{name}, {' '.join(command)}: {told}, then {min(others):.2f} s; --no-cache {anew:.2f} s")
    homes = {f"XDG_{kind}_HOME": str(scratch / name / "screen" / kind) for kind in ("CONFIG", "STATE", "CACHE")}
    environment = kept | CACHED | tree | homes
    shown = [until_known(folder, environment) for _ in range(3)]
    seconds, states = shown[0]
    later, last = min(shown[1:])
    times = f"{later / yardstick:.0f} times the yardstick"
    told = f"{seconds:.2f} s ({each(seconds, *of)}) {states}"
    print(f"{name}, screen until all is known: {told}, then {later:.2f} s, {times} {last}")
    return min(others) / anew


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=200)
    parser.add_argument("--small", type=int, action="append")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        environment = {**os.environ, "XDG_CACHE_HOME": str(scratch)}
        yardstick = min(cpu([sys.executable, "-c", "import argparse"], environment) for _ in range(5))
        print(f'python -c "import argparse": {yardstick * 1000:.0f} ms of CPU')
        big = build_go(GO_PROGRAMS["go, small"], "command")
        shares = []
        if args.functions:
            name, of = f"{args.functions} of {len(big) / 1e6:.1f} MB", (args.functions, len(big))
            shares.append(looks(name, workspace(scratch / "big", args.functions, big), scratch, yardstick, of))
        for count in filter(None, args.small or [1_000]):
            wasm = module(3_000, reactor=False, sockets=False)
            small = workspace(scratch / f"small{count}", count, wasm)
            shares.append(looks(f"{count:,} small", small, scratch, yardstick, (count, len(wasm))))
    print(f"a later check: {max(shares, default=0.0):.2f} of one without the cache (limit {LIMIT})")
    return int(max(shares, default=0.0) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())

"""Runs random modules on random inputs: `python -m tests.fuzz.fuzz_run --runs 10000 --seed 1`.

Mutants of the modules that the gateway's engine was asked about, each in the process that guests have. Faults: an
exception of ours, a process that does not answer in time, a file outside of the cache. A process that is lost is one,
too: whatever a guest does, wasmtime has to hold it. Prints each fault's bytes in hexadecimal; exit code 1 for any.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.fuzz.fuzz_decode import mutate
from tests.running.modulecases import module_cases
from tui.running.answer import Call, Caller, Target
from tui.running.host.settings import HostSettings
from tui.running.process.guest_process import GuestProcess, GuestProcessError

INPUTS = (b"", b"{}", b'{"a":1}', b"not json", b"\xff" * 100, b'{"__orama":"x"}', bytes(70_000))
SLOWEST = 8.0  # seconds of one run: every deadline is a second, initialisation has five


@dataclass
class Tally:
    """What a run of runs has seen."""

    stages: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, bytes]] = field(default_factory=list)
    slowest: float = 0.0


def run(runs: int, seed: int) -> Tally:
    """Run so many mutants; the same seed gives the same."""
    chance = random.Random(seed)
    seeds = [case.target().wasm for case in module_cases()]
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process = GuestProcess(folder / "cache", HostSettings())
        for _ in range(runs):
            source = _mutant(chance.choice(seeds), seeds, chance)
            process = _one(process, folder, _target(source, chance), tally, chance)
        process.close()
        strays = [one for one in folder.iterdir() if one.name != "cache"]
        tally.faults += [(f"a file that is not the cache's: {one}", b"") for one in strays]
    return tally


def _mutant(source: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    """A module with something changed: anywhere, or a byte of its second half, where code and data lie."""
    if chance.random() < 0.3:
        return mutate(source, seeds, chance)
    changed = bytearray(source)
    changed[chance.randrange(len(changed) // 2, len(changed))] = chance.randrange(256)
    return bytes(changed)


def _target(source: bytes, chance: random.Random) -> Target:
    return Target("f", source, chance.choice((1, 16, 64, 256)), 1, persistent=chance.random() < 0.3)


def _one(process: GuestProcess, folder: Path, target: Target, tally: Tally, chance: random.Random) -> GuestProcess:
    """One run; gives the process for the next, a new one where this one is lost."""
    frames = tuple(chance.choice(INPUTS) for _ in range(chance.randrange(4)))
    call = Call(chance.choice(INPUTS), frames, Caller(chance.choice(("", "0xabc"))), client_id="c", request_id="r")
    started = monotonic()
    try:
        tally.stages[process.run(target, call).stage] += 1
    except GuestProcessError as error:
        tally.faults.append((str(error), target.wasm))
        process = GuestProcess(folder / "cache", HostSettings())
    taken = monotonic() - started
    tally.slowest = max(tally.slowest, taken)
    if taken > SLOWEST * (1 + len(frames)):
        tally.faults.append((f"{taken:.1f} s", target.wasm))
    return process


def main() -> int:
    """Run, and print what was seen."""
    parser = argparse.ArgumentParser(description="Run random modules.")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tally = run(given.runs, given.seed)
    print(dict(tally.stages), f"slowest {tally.slowest:.1f} s")
    for words, source in tally.faults:
        print(words, source.hex())
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())

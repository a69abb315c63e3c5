"""Mutates modules and holds `decode` against wasmtime: `python -m tests.fuzz.fuzz_decode --mutants 200000 --seed 1`.

Three things count as faults: an exception, a module that wasmtime accepts and we refuse, and one that wasmtime cannot
even parse outside function bodies and we accept. Prints each fault's bytes in hexadecimal; exit code 1 if there is any.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import wasmtime

from tests.wasm.binary import leb
from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.decode import decode
from tui.wasm.module import Module

INTERESTING = (0, 1, 2, 0x0B, 0x40, 0x41, 0x60, 0x63, 0x64, 0x6F, 0x70, 0x7E, 0x7F, 0x80, 0x81, 0xFF)
LEBS = (
    b"\x80\x00", b"\x80\x80\x00", b"\xff\xff\xff\xff\x0f", b"\xff\xff\xff\xff\x1f", b"\x80\x80\x80\x80\x10",
    b"\x80\x80\x80\x80\x80\x00", b"\xff\xff\xff\xff\x07", b"\xff\xff\xff\xff\x7f", b"\x80\x80\x80\x80\x78",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
)  # fmt: skip
_OFFSET = re.compile(r"\(at offset (0x[0-9a-f]+)\)")
# What wasmtime says of bytes that it cannot parse, as against modules that break a validation rule.
UNPARSABLE = re.compile(
    r"unexpected end|invalid leading byte|malformed|integer (?:too large|representation)|length out of bounds|"
    r"out of order|unexpected content|unexpected data|bad magic|function and code section|data count|invalid \w+ kind|"
    r"size mismatch|unexpected-end|trailing|invalid initial byte|locals exceed"
)


@dataclass
class Tally:
    """What a run has seen."""

    verdicts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, bytes]] = field(default_factory=list)
    slowest: float = 0.0


def seeds() -> list[bytes]:
    """A module for each feature."""
    return [assemble(text) for text in FEATURES.values()]


def mutate(source: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """One to four changes: bytes set, flipped, inserted, removed, copied, a LEB put in, a piece of another module."""
    mutant = bytearray(source)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        place = chance.randrange(len(mutant) + 1)
        length = chance.choice((1, 1, 2, 4, 8))
        match chance.randrange(8):
            case 0:
                mutant[place : place + 1] = bytes((chance.choice(INTERESTING),))
            case 1 if place < len(mutant):
                mutant[place] ^= 1 << chance.randrange(8)
            case 2:
                mutant[place:place] = chance.randbytes(length)
            case 3:
                del mutant[place : place + length]
            case 4:
                mutant[place : place + 1] = chance.choice(LEBS)
            case 5:
                start = chance.randrange(len(mutant) + 1)
                mutant[place:place] = mutant[start : start + length * 3]
            case 6:
                other = chance.choice(others)
                start = chance.randrange(8, len(other) + 1)
                mutant[place : place + length] = other[start : start + length * 4]
            case _ if place < len(mutant):
                mutant[place] = (mutant[place] + chance.choice((-1, 1))) % 256
        if not mutant:
            break
    return bytes(mutant)


def mutate_payload(source: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Changes within one section, whose size is then set right: what lies behind the frame gets its turn."""
    sections = decode(source).sections
    if not sections:
        return mutate(source, others, chance)
    section = chance.choice(sections)
    payload = mutate(source[section.start : section.end], others, chance)
    frame = bytes((section.id,)) + leb(len(payload))
    return source[: section.offset] + frame + payload + source[section.end :]


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """`count` mutants; the same for the same seed."""
    chance = random.Random(seed)
    corpus = seeds()
    for _ in range(count):
        change = chance.choice((mutate, mutate_payload, mutate_payload))
        yield change(chance.choice(corpus), corpus, chance)


def _inside_bodies(module: Module, message: str) -> bool:
    """Whether wasmtime's complaint is about a body, whose instructions `decode` does not read."""
    told = _OFFSET.search(message)
    bodies = module.body_offsets
    return bool(told and len(bodies) and bodies[0] <= int(told[1], 16) <= bodies[-1])


def judge(source: bytes, engine: wasmtime.Engine) -> tuple[str, str | None]:
    """A word for the statistics, and what is wrong with our verdict, if anything."""
    module = decode(source)
    try:
        wasmtime.Module.validate(engine, source)
    except wasmtime.WasmtimeError as error:
        message = str(error)
        if module.errors:
            return "both refuse", None
        if UNPARSABLE.search(message) and not _inside_bodies(module, message):
            return "we accept", f"we accept what wasmtime cannot parse: {message}"
        return "wasmtime alone refuses (validation)", None
    if module.errors:
        return "we refuse", f"we refuse what wasmtime accepts: {module.errors[0]}"
    return "both accept", None


def run(count: int, seed: int) -> Tally:
    """Judge `count` mutants."""
    tally = Tally()
    engine = wasmtime.Engine()
    for mutant in mutants(count, seed):
        started = time.perf_counter()
        try:
            verdict, fault = judge(mutant, engine)
        except Exception as error:  # noqa: BLE001 -- any exception is a finding here
            verdict, fault = "exception", f"{type(error).__name__}: {error}"
        tally.slowest = max(tally.slowest, time.perf_counter() - started)
        tally.verdicts[verdict] += 1
        if fault:
            tally.faults.append((fault, mutant))
    return tally


def main() -> int:
    """Print statistics and faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the mutants that show a fault")
    args = parser.parse_args()
    tally = run(args.mutants, args.seed)
    for verdict, count in tally.verdicts.most_common():
        print(f"{count:>8,}  {verdict}")
    print(f"slowest mutant: {tally.slowest * 1000:.1f} ms")
    for number, (fault, mutant) in enumerate(tally.faults):
        print(f"{fault}\n  {mutant.hex()}")
        if args.keep:
            args.keep.mkdir(parents=True, exist_ok=True)
            (args.keep / f"{number}.wasm").write_bytes(mutant)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())

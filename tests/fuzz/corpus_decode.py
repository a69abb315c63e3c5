"""Holds `decode` against wasm-objdump and wasmtime on folders of real modules.

Run: `python -m tests.fuzz.corpus_decode FOLDER...`, with modules from `npm pack`, `pip download` or Debian packages
unpacked there. Compared: section ranges and counts, function body sizes, verdicts. A module that only legacy exceptions
keep wasmtime from taking is listed apart: its bodies are not read here.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from tui.wasm.decode.decode import decode
from tui.wasm.decode.leb import u32
from tui.wasm.module import Module
from tui.wasm.validate import validate


def _objdump(path: Path, *options: str) -> str:
    done = subprocess.run(["wasm-objdump", *options, path], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def _differences(path: Path, source: bytes, found: Module) -> Iterator[str]:
    shown = _objdump(path, "-h")
    ranges = [(int(a, 16), int(b, 16)) for a, b in re.findall(r"start=(0x\w+) end=(0x\w+)", shown)]
    if ranges != [(part.start, part.end) for part in found.sections]:
        yield "section ranges"
    details = _objdump(path, "-x", "-j", "code")
    sizes = [int(size) for size in re.findall(r"^ - func\[\d+\] size=(\d+)", details, re.MULTILINE)]
    ours = []
    for start, end in pairwise(found.body_offsets):
        size, body = u32(source, start)
        ours.append(size)
        if body + size != end:
            yield f"body at {start}"
    # wasm-objdump stops at types that it does not know (exnref): then what it listed so far must agree.
    if ours[: len(sizes)] != sizes or (found.functions.defined and not sizes):
        yield "body sizes"
    verdict = validate(source)
    if verdict is not None and verdict.ok != found.ok:
        yield f"verdict: {verdict.outcome} {verdict.message}; ours: {found.errors[:1]}"


def main() -> int:
    """Print what differs; exit code 1 where anything but legacy exceptions does."""
    seen: set[bytes] = set()
    differing = legacy = 0
    for path in sorted(file for folder in sys.argv[1:] for file in Path(folder).rglob("*.wasm")):
        source = path.read_bytes()
        found = decode(source)
        if source in seen or found.kind != "core":
            continue
        seen.add(source)
        for difference in _differences(path, source, found):
            is_legacy = "legacy exceptions" in difference
            legacy += is_legacy
            differing += not is_legacy
            print(f"{path}: {difference}")
    print(f"{len(seen)} modules, {differing} differences, {legacy} with legacy exceptions")
    return 1 if differing or not seen else 0


if __name__ == "__main__":
    sys.exit(main())

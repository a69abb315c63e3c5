"""The recorded output of failing builds by TinyGo 0.35.0 and 0.41.1, read with the sources that it is about.

`cases/expected.txt` was written from that output by hand: each error that the compiler gave, once, with its place.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tui.building.errors.diagnostics import DIAGNOSTICS_KEPT, headline, parse_diagnostics
from tui.building.errors.grammar import NOISE, PACKAGE, PLACED
from tui.building.errors.situation import Situation
from tui.building.events import Diagnostic
from tui.text import printable

HERE: Final = Path(__file__).parent / "cases"
CASES: Final[dict[str, Any]] = {
    f"{case['tinygo']}/{case['id']}": case
    for case in map(json.loads, gzip.decompress((HERE / "tinygo-errors.jsonl.gz").read_bytes()).splitlines())
}
# Words of the explanation of a case's first error; "" for what speaks for itself.
EXPLAINED: Final = {
    "e03-unused": "",
    "e05-cycle": "in a ring",
    "e06-nomain": "needs `func main()`",
    "e07-wasmexport-types": "numbers and pointers only",
    "e10-gomod-new": "The `go` line of go.mod asks for Go 1.99.0",
    "e11-gomod-toolchain": "The `toolchain` line of go.mod asks for Go 1.99.1",
    "e12-missing-shared": "which has no folder shared/money",
    "e13-shared-error": "",
    "e14-cgo": "C header",
    "e19-initcycle": "",
    "e20-dup-export": "TinyGo itself crashed",
    "e21-dup-wasmexport": "ws_open is exported twice",
    "e22-embed-missing": "//go:embed names a file that is not there",
    "e23-tags": "function.go:1: //go:build linux",
    "e24-notmain": "`package main`",
    "e25-generics": "",
    "e29-wasmimport-types": "numbers and pointers only",
    "e30-overflow": "int has 32 bits",
    "e31-dupdecl": "",
    "e32-mixedpkg": "other.go says other",
    "e33-gosum": "go.sum does not know",
    "e36-internal": "is internal",
    "e37-signal": "does not work there",
    "e39-invalid-utf8": "",
    "e40-method-missing": "",
    "e41-missing-return": "",
    "e42-spaces dir": "",
    "e43-linkname": "declared without a body",
    "e44-asm": "declared for assembly (add.s)",
    "e45-cfile": "",
    "e47-workspace": "go.work names shared",
    "e48-recursive-type": "",
    "e50-unicode": "",
    "f04-gotypes": "does not work there",
    "f06-flood": "",
    "f07-ünï dir": "",
    "f08-instantiate": "",
    "f09-wasmimport-noname": "takes a name",
    "f10-export-method": "numbers and pointers only",
}


def read(name: str, folder: Path) -> tuple[Diagnostic, ...]:
    """The diagnostics of a case, its files laid out in `folder`."""
    case = CASES[name]
    directory = folder / "fn"
    for file, content in case["files"].items():
        path = directory / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    situation = Situation("-buildmode=c-shared" in case["argv"], "tinygo", f"tinygo build failed: {case['exit']}")
    return parse_diagnostics(case["stderr"].replace("$PWD", str(directory)).split("\n"), directory, situation=situation)


def told(name: str, folder: Path) -> Iterator[str]:
    """A case as `expected.txt` has it."""
    yield f"== {name}"
    for found in read(name, folder):
        yield headline(found).replace(str(folder / "fn"), "$PWD")
        yield from (f"    {detail}" for detail in found.details[:5])


def expected() -> dict[str, list[str]]:
    """The lines of `expected.txt` by case."""
    blocks: dict[str, list[str]] = {}
    for line in (HERE / "expected.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            blocks[line[3:]] = [line]
        else:
            blocks[line[:0] or list(blocks)[-1]].append(line)
    return blocks


EXPECTED: Final = expected()


@pytest.mark.parametrize("name", sorted(CASES))
def test_exactly_the_errors_that_the_compiler_gave(name: str, tmp_path: Path) -> None:
    assert list(told(name, tmp_path)) == EXPECTED[name]


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_it_means(name: str, tmp_path: Path) -> None:
    first = read(name, tmp_path)[0]
    words = EXPLAINED[name.partition("/")[2]]
    assert words in (first.explanation or "")
    assert bool(words) == (first.explanation is not None)


def test_the_flood_is_read_whole(tmp_path: Path) -> None:
    lines = [f"function.go:{line}:2: undefined: x{line}" for line in range(1, DIAGNOSTICS_KEPT + 11)]
    found = parse_diagnostics(lines, tmp_path)
    assert len(found) == DIAGNOSTICS_KEPT + 1
    assert found[-1].message == "10 more diagnostics: the log has them all"


LINES = st.sampled_from(
    sorted({line for case in CASES.values() for line in case["stderr"].split("\n")[:40] if len(line) < 200})
)


@settings(max_examples=examples(3))
@given(st.lists(LINES | st.text(max_size=60), max_size=30))
def test_every_line_that_looks_like_a_diagnostic_is_in_exactly_one(lines: list[str]) -> None:
    found = parse_diagnostics(lines, Path("/nonexistent/fn"))
    for each in found:
        assert all(printable(text) == text for text in (each.message, *each.details))
    placed = [line for line in (line.rstrip() for line in lines) if PLACED.fullmatch(line)]
    heads = [line for line in placed if not PLACED.fullmatch(line)["message"][0].isspace()]  # type: ignore[index]
    traced = any(each.message.startswith(("panic: ", "SIG", "fatal error: ")) for each in found)
    if not traced:
        for line in heads:
            if NOISE.match(line) or PACKAGE.fullmatch(line):
                continue
            match = PLACED.fullmatch(line)
            assert match is not None
            here = [each for each in found if each.line == int(match["line"]) and each.path is not None]
            assert here, line

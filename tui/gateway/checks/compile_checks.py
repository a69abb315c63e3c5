"""Checks on what the sources alone show that no compiler takes: told before the build, not after it has failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.gateway.checks.build_checks import release, severity
from tui.gateway.checks.case import Case, Check, Raised, quoted
from tui.gateway.checks.gosource import GoExport
from tui.gateway.verdict import Place
from tui.text import plural, printable

# Go types that never cross the boundary of a module (cmd/compile: wasmexport; TinyGo: compiler/symbol.go).
_NO_NUMBER: Final = re.compile(r"\[\]|\bmap\[|\bchan\b|\bfunc\b|\berror\b|\binterface\b|\bany\b|\bcomplex(?:64|128)\b")


def duplicate_exports(case: Case) -> Iterator[Raised]:
    """One name exported twice: TinyGo crashes or wasm-opt refuses, stock Go does not link."""
    by_name: dict[str, list[GoExport]] = {}
    for export in case.sources.exports:
        by_name.setdefault(export.name, []).append(export)
    for name, exports in by_name.items():
        if len(exports) > 1:
            first, second = exports[0].place, exports[1].place
            yield Raised(
                f"{quoted(name)} is exported {plural(len(exports), 'time')}: at {first} and at {second}",
                "the build fails: a module has each name once",
                f"take the directive at {second} away",
                second,
                severity(case),
            )


def export_types(case: Case) -> Iterator[Raised]:
    """An exported function with a parameter or result that is no number."""
    for export in case.sources.exports:
        found = _NO_NUMBER.search(export.signature)
        if export.legacy or export.type is not None or found is None:
            continue
        yield Raised(
            f"{quoted(export.name)} takes or gives what is no number: {printable(export.signature, 80)}",
            f"//go:wasmexport {printable(export.name, 80)}: unsupported parameter or result type",
            "pass text as pointer and length: (ptr, length uint32)",
            export.place,
            severity(case),
        )


def left_out(case: Case) -> Iterator[Raised]:
    """Every Go file left out by constraints: there is nothing to compile."""
    out = case.sources.left_out
    if case.sources.files or not out:
        return
    name, line, why = out[0]
    more = f" (and {plural(len(out) - 1, 'more file')})" if len(out) > 1 else ""
    yield Raised(
        f"no Go file is left to build: {printable(why)}{more}",
        "build constraints exclude all Go files",
        "take the constraint away, or add a file for WASI",
        Place(name, line),
        severity(case),
    )


def no_function_go(case: Case) -> Iterator[Raised]:
    """Other Go files, and no function.go: the deploy tool looks for that very name."""
    sources = case.sources
    if sources.has_function_go or not (sources.files or sources.left_out):
        return
    other = (*sources.files, *(name for name, _, _ in sources.left_out))[0]
    yield Raised(
        f"there is no function.go: the deploy tool looks for that very name, and {printable(other)} is not it",
        f"function.go not found in {printable(str(case.subject.directory))}",
        f"mv {printable(other)} function.go" if len(sources.files) == 1 else "give one of the files that name",
        Place("function.go"),
        severity(case),
    )


def toolchain(case: Case) -> Iterator[Raised]:
    """A `toolchain` line for a newer Go than the compiler's: fetched from the network, or the build fails."""
    sources, have = case.sources, case.subject.go_version
    wants = sources.toolchain
    if have is None or wants is None or release(wants) <= release(have):
        return
    yield Raised(
        f"go.mod's toolchain line asks for {printable(wants)}, the compiler's Go is {have}",
        f"go: downloading {printable(wants)}; without the network the build fails",
        f"line {sources.toolchain_at} of {sources.go_mod_place}: remove it, or install {printable(wants)}",
        Place(sources.go_mod_place, sources.toolchain_at),
    )


CHECKS = (
    Check("source-function-go", "No function.go beside other Go files", "error", no_function_go),
    Check("source-left-out", "Every Go file left out by constraints", "error", left_out),
    Check("source-duplicate-export", "One name exported twice", "error", duplicate_exports),
    Check("source-export-type", "An exported function with what is no number", "error", export_types),
    Check("source-toolchain", "A toolchain line for a newer Go", "warning", toolchain, (15,)),
)

"""Checks on what a build needs, and on memory: what stops the compiler, and what the host has no room for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.gateway.checks.case import WASM, Case, Check, Raised, quoted
from tui.gateway.checks.module_checks import compile_words
from tui.gateway.life.words import BUILD
from tui.gateway.verdict import Place, Severity
from tui.text import first_line, memory_bytes, plural, printable
from tui.workspace.names import module_command

PAGE: Final = 65536  # bytes
MEBIBYTE: Final = 1 << 20


def severity(case: Case) -> Severity:
    """A build that fails blocks a function that has no module; with one, deploy takes that."""
    return "error" if case.subject.module is None else "warning"


def go_mod(case: Case) -> Iterator[Raised]:
    """Pitfall 15: no go.mod, or one for a newer Go than the compiler's."""
    sources = case.sources
    if not sources.files:
        return
    if sources.go_mod is None:
        words = "go: go.mod file not found in current directory or any parent directory; see 'go help modules'"
        remedy = f"{module_command(case.subject.directory.name)}, in the function's directory"
        yield Raised("no go.mod in the directory or above it", words, remedy, Place("go.mod"), severity(case))
        return
    have, wants = case.subject.go_version, sources.go_line
    if have is not None and wants is not None and release(wants) > release(have):
        yield Raised(
            f"go.mod asks for Go {wants}, the compiler's is {have}",
            f"go: go.mod requires go >= {wants} (running go {have})",
            f"line {sources.go_line_at} of {sources.go_mod_place}: go {'.'.join(have.split('.')[:2])}",
            Place(sources.go_mod_place, sources.go_line_at),
            severity(case),
        )


def release(version: str) -> tuple[int, ...]:
    """A Go version in numbers: `1.24rc1` counts as 1.24."""
    numbers = []
    for part in version.removeprefix("go").split("."):
        digits = part[: next((i for i, character in enumerate(part) if not character.isdecimal()), len(part))]
        if not digits.isascii() or not digits:
            break
        numbers.append(int(digits[:9]))
    return tuple(numbers + [0] * (3 - len(numbers)))


def package(case: Case) -> Iterator[Raised]:
    """A trap of the compilers: a package that is not main, or has no func main in command mode."""
    sources = case.sources
    if not sources.files:
        if case.subject.sources is not None and not sources.unread:
            message = f"no Go file in {case.subject.directory.name or '.'}"
            yield Raised(message, "function.go not found", "add function.go", Place("function.go"), severity(case))
        return
    wrong = next((name for name in sources.packages if name != "main"), None)
    if wrong is not None:
        yield Raised(
            f"the package is named {quoted(wrong)}, not main",
            f'expected main package to have name "main", not "{wrong}"',
            "write `package main`",
            Place(sources.files[0]),
            severity(case),
        )
    elif sources.main is None and not sources.unread and case.asked is not None and case.asked.mode == "command":
        yield Raised(
            "no func main: a command build fails at link time, a reactor build would not need it",
            "wasm-ld: error: undefined symbol: main.main",
            "add `func main() {}`",
            Place(sources.files[0]),
            severity(case),
        )


def failed(case: Case) -> Iterator[Raised]:
    """The last build failed, and one now would meet the very same inputs."""
    if case.subject.failed is None:
        return
    why = printable(first_line(case.subject.failed), 200)
    if case.subject.module is None and case.subject.module_error is None:
        met = "deploy builds it first, and fails the same way"
    else:
        met = "the module that is there is an earlier one, without what was changed since"
    yield Raised(f"the last build failed: {why}", met, f"mend what its errors name; {BUILD}", Place(WASM))


def unread(case: Case) -> Iterator[Raised]:
    """Sources that could not be read: what they say is not in this verdict."""
    for name, why in case.sources.unread[:5]:
        yield Raised(
            f"{name} cannot be read: {why}", "not known", "make it a readable file of a usual size", Place(name)
        )


def memory(case: Case) -> Iterator[Raised]:
    """Pitfall 16: the module's memory against the limit in function.yaml and the engine's."""
    module = case.module
    if module is None or not module.memories:
        return
    limits = module.memories[0].limits
    needs = limits.minimum * limits.page_size
    pages = case.contract.runtime.memory_pages
    shown = f"{plural(limits.minimum, 'page')} ({memory_bytes(needs)})"
    if pages is not None and needs > pages * PAGE:
        message = f"needs {shown} of memory at start, the host gives {pages:,} pages ({memory_bytes(pages * PAGE)})"
        words = compile_words(case) or case.contract.runtime.refusal
        yield Raised(message, words, "use less memory: look at large global arrays", Place(WASM))
        return
    key = case.contract.memory_key
    limit = getattr(case.config, key, None) if key is not None and case.config is not None else None
    if key is None or not isinstance(limit, int) or not case.kind.enforces_memory or needs <= limit * MEBIBYTE:
        return
    yield Raised(
        f"needs {shown} of memory at start, {key} allows {limit} MB",
        _memory_words(case, needs, limit),
        case.set_key(key, str(-(-needs // MEBIBYTE))),
        case.line(key),
    )


def _memory_words(case: Case, needs: int, limit: int) -> str:
    """What is said of a memory that starts larger than it may be: by the name of its first export."""
    exports = case.module.exports if case.module is not None else ()
    name = next((export.name for export in exports if export.kind == "memory"), None)
    megabytes = needs // MEBIBYTE
    if name is None:
        return case.contract.say("hidden_memory", bytes=needs, needs=megabytes, limit=limit)
    return case.contract.say("memory_limit", name=printable(name, 80), needs=megabytes, limit=limit)


CHECKS = (
    Check("memory-limit", "More memory at start than the function may have", "error", memory, (16,)),
    Check("go-mod", "No go.mod, or one for a newer Go", "error", go_mod, (15,)),
    Check("go-package", "A package that the compiler cannot build", "error", package),
    Check("build-failed", "The last build failed", "error", failed),
    Check("source-unread", "A source that could not be read", "warning", unread),
)

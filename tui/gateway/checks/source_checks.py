"""Checks on what the Go sources do: what builds and fails when it is called, and results taken for their opposite."""

from __future__ import annotations

from collections.abc import Iterator

from tui.gateway.checks.case import Case, Check, Raised
from tui.gateway.checks.gocalls import GoReturn
from tui.gateway.checks.unsupported import Compiler, unsupported
from tui.text import printable


def fails_when_called(case: Case) -> Iterator[Raised]:
    """A package or function that the compiler takes and that does nothing useful in a module."""
    compiler = _compiler(case)
    for rule, use in unsupported(case.sources.uses, compiler):
        name = f"{rule.package}.{use.name}" if use.name else rule.package
        by = "TinyGo" if compiler == "tinygo" else "stock Go"
        yield Raised(f"{name} builds with {by}, and fails when called", rule.fails[compiler], rule.instead, use.place)


def _compiler(case: Case) -> Compiler:
    """The compiler that made the module; without one the compiler that deploys."""
    module = case.subject.module
    made_by_go = module is not None and (module.toolchain or "").partition(" ")[0] == "Go"
    return "go" if made_by_go else "tinygo"


def inverted_result(case: Case) -> Iterator[Raised]:
    """A host call that answers 1 where it worked, returned by an export of which the host wants 0."""
    if case.asked is None:
        return
    good_is_one = _calls_with_one(case)
    wants_zero = {name: step for step in case.asked.steps if step.result == "zero" for name in step.exports}
    for export in case.sources.exports:
        step = wants_zero.get(export.name)
        if step is None:
            continue
        for found in _returned(case, export.go_name, good_is_one):
            host = good_is_one[found.called]
            yield Raised(
                f"{export.name} returns what {host} answers: 1 where it worked",
                f"{step.more}: what works is taken for a refusal",
                f"compare it: `if {printable(found.called, 40)}(...) != 1 {{ return 1 }}; return 0`",
                found.place,
            )


def _calls_with_one(case: Case) -> dict[str, str]:
    """Go names of declared host functions that answer 1 where they worked, with their host names."""
    found = {}
    for entry in case.sources.imports:
        table = case.contract.module(entry.module)
        function = table.functions.get(entry.name) if table is not None else None
        if function is not None and function.succeeds_with_one and entry.go_name:
            found[entry.go_name] = entry.name
    return found


def _returned(case: Case, function: str, host: dict[str, str]) -> Iterator[GoReturn]:
    """The returns of host calls that a function makes, itself or through functions whose result it returns."""
    returns: dict[str, list[GoReturn]] = {}
    for one in case.sources.returns:
        returns.setdefault(one.function, []).append(one)
    seen, waiting = {function}, [function]
    while waiting:
        for one in returns.get(waiting.pop(), ()):
            if one.called in host:
                yield one
            elif one.called not in seen:
                seen.add(one.called)
                waiting.append(one.called)


CHECKS = (
    Check("source-inverted-result", "A host call's 1, returned where 0 is wanted", "warning", inverted_result),
    Check("source-unsupported", "Builds, and fails when called", "warning", fails_when_called),
)

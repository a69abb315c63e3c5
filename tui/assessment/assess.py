"""One function on disk -> its Assessment, in three steps, each a plain function for a thread.

None of them raises for what a folder holds. Each takes what is known so far and gives it back with more, so that a
caller with thousands of functions can show what the first steps tell, and do the dear third where it is asked for.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from tui.assessment.assessment import Assessment
from tui.facts import Fact
from tui.reading import read_start
from tui.workspace.function import Function

if TYPE_CHECKING:
    from pathlib import Path

    from tui.assessment.assessment import Stamp
    from tui.assessment.terms import Terms
    from tui.building.watch.planner import Seen
    from tui.gateway.subject import Subject
    from tui.wasm.decode.budget import Budget
    from tui.wasm.module import Module
    from tui.wasm.validate import Validation

A = TypeVar("A", bound=Assessment)
SHOWN_SOURCE: Final = 1_000_000  # bytes of function.yaml that are kept for showing its lines


def assess(function: Function, terms: Terms) -> Assessment:
    """All three steps: what is known of the function now."""
    kept = terms.kept
    if kept is None:
        return _assessed(function, terms)
    return kept.whole(function, terms) or kept.learn(function, terms, lambda: _assessed(function, terms))


def concluded(function: Function, terms: Terms) -> Assessment:
    """All three steps, for those who ask for state, verdict and findings: of what is kept, the rest stays there."""
    kept = terms.kept
    return (kept.outlined(function, terms) if kept is not None else None) or assess(function, terms)


def stated(function: Function, terms: Terms) -> Assessment:
    """As far as it takes to tell the function's state: of one that is not built, nothing is judged."""
    kept = terms.kept
    if kept is None:
        return _stated(function, terms)
    return kept.stated(function, terms) or kept.learn(function, terms, lambda: _stated(function, terms))


def _assessed(function: Function, terms: Terms) -> Assessment:
    return judge(weigh(read(Assessment(function), terms), terms), terms)


def _stated(function: Function, terms: Terms) -> Assessment:
    found = weigh(read(Assessment(function), terms), terms)
    return judge(found, terms) if found.needs_verdict else found


def needs_build(function: Function, terms: Terms) -> bool:
    """Whether there is no module, or not the one that a build would make now."""
    found = weigh(read(Assessment(function), terms), terms)
    return found.staleness is None or found.staleness.state != "fresh"


def watched(directory: Path, terms: Terms) -> Seen:
    """What a build of the function in `directory` would read and run now, for those who rebuild on save."""
    from tui.building.inputs.inputs import read_inputs
    from tui.building.watch.planner import Seen

    found = read(Assessment(Function(".", directory, has_yaml=True, has_go=True)), terms)
    argv = found.plan.argv if found.plan is not None else None
    return Seen(read_inputs(directory, terms.cache), argv, found.reading.error if found.reading is not None else None)


def read(found: A, terms: Terms) -> A:
    """First step: function.yaml read, and the build planned."""
    from tui.building.compilers.module_mode import fitted
    from tui.building.plan.plan import plan_build
    from tui.workspace.config import read_with_source

    directory = found.function.directory
    reading, source = read_with_source(directory / "function.yaml")
    plan = None
    if reading.config is not None:
        compiler = terms.compiler
        plan = fitted(plan_build(directory, reading.config, compiler.name, compiler.program))
    shown = source[:SHOWN_SOURCE] if source is not None else _source(directory / "function.yaml")
    return replace(found, reading=reading, source=shown, plan=plan)


def weigh(found: A, terms: Terms) -> A:
    """Second step: what a build would read now, the module's file held against it, and the builds on record."""
    from tui.assessment.last_build import still_the_news
    from tui.building.inputs.freshness import staleness
    from tui.building.inputs.inputs import read_inputs
    from tui.building.record.history import load_history

    directory = found.function.directory
    at = time.time()
    history = load_history(directory)
    modified = _modified(found.wasm)
    config = found.reading.config if found.reading is not None else None
    # Nothing hangs on the inputs of what was never built.
    inputs = read_inputs(directory, terms.cache) if modified is not None or history.last is not None else None
    stale = staleness(directory, config, compiler=terms.compiler, history=history, inputs=inputs, cache=terms.cache)
    ended = None
    if inputs is not None and found.plan is not None:
        ended = still_the_news(history, inputs.fingerprint, modified, found.plan, terms.compiler)
    return replace(
        found, at=at, inputs=inputs, staleness=stale, modified=modified, history=tuple(history.builds), ended=ended
    )


def judge(found: A, terms: Terms) -> A:
    """Third step: the module decoded, and held against config, sources and contract.

    Where the file is the one that is known, its Module stays the very same object.
    """
    from tui.assessment.ran import with_run
    from tui.building.record.runs import last_run
    from tui.gateway.check import judge
    from tui.gateway.checks.imports import judge_imports

    opened = _open(found)
    validation, unvalidated = _validated(opened, terms)
    imports = judge_imports(opened.module, terms.contract) if opened.module is not None else ()
    subject = replace(_subject(found, opened, terms), validation=validation, imports=imports)
    verdict, life = judge(subject, terms.contract)
    ran = last_run(found.function.directory, opened.stamp)
    return replace(
        found,
        brief=None,
        stamp=opened.stamp,
        module=opened.module,
        module_error=None if opened.problem is None else f"function.wasm cannot be read: {opened.problem}",
        verdict=with_run(verdict, ran),
        life=life,
        ran=ran,
        imports=imports,
        unvalidated=unvalidated,
    )


def _subject(found: Assessment, opened: _Opened, terms: Terms) -> Subject:
    """What the verdict is about."""
    from tui.gateway.subject import Subject, gather_sources

    return Subject(
        directory=found.function.directory,
        reading=found.reading,
        module=opened.module,
        module_error=opened.problem,
        stale=found.staleness.reason if found.staleness is not None else None,
        failed=_failure(found),
        sources=gather_sources(found.function.directory),
        go_version=terms.compiler.go_version,
        wasm=opened.wasm,
        budget=opened.budget,
    )


def _failure(found: Assessment) -> str | None:
    """Why the last build failed, where that is still the news."""
    if found.ended is None or found.ended.status != "failed":
        return None
    return found.ended.error or "no reason is on record"


class _Opened(Fact):
    """function.wasm as found: decoded, or why it could not be read; neither where there is none."""

    module: Module | None = None
    problem: str | None = None
    wasm: bytes | None = None
    stamp: Stamp | None = None
    budget: Budget | None = None  # what is left of it is for all others that look at the bytes


def _validated(opened: _Opened, terms: Terms) -> tuple[Validation | None, Path | None]:
    """What a validator says, else where it would say it. Of a module that we cannot read to its end it is not asked:
    it would take as long.
    """
    if opened.wasm is None:
        return None, None
    if opened.module is None or not opened.module.complete:
        return None, terms.validated_at(opened.wasm)
    return terms.validated(opened.wasm)


def _open(found: Assessment) -> _Opened:
    """The module as it is now; of one above 200 MB only what an outline tells."""
    from tui.wasm.decode.budget import Budget
    from tui.wasm.decode.decode import decode
    from tui.wasm.decode.read import LARGEST, OUTLINE_ABOVE, read_bytes, read_module

    try:
        status = os.stat(found.wasm)  # noqa: PTH116 -- one system call, no Path
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if OUTLINE_ABOVE < status.st_size <= LARGEST:
            return _Opened(read_module(found.wasm), stamp=stamp)
        wasm = read_bytes(found.wasm)
    except FileNotFoundError:
        return _Opened()
    except OSError as error:
        return _Opened(problem=error.strerror or str(error))
    same = found.module is not None and found.stamp == stamp
    budget = Budget(len(wasm))
    module = found.module if same else decode(wasm, budget=budget)
    return _Opened(module, wasm=wasm, stamp=stamp, budget=budget)


def _source(path: Path) -> bytes | None:
    """The first bytes of a regular file; None where it is none, or cannot be read: the reading says why."""
    try:
        return read_start(path, SHOWN_SOURCE)
    except (OSError, ValueError):
        return None


def _modified(path: Path) -> float | None:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 -- one system call, no Path
    except OSError:
        return None

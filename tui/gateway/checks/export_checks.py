"""Checks on exports and build mode: whether the host can drive the module as function.yaml has it."""

from __future__ import annotations

from collections.abc import Iterator

from tui.gateway.checks.case import WASM, Case, Check, Raised, is_hook
from tui.gateway.contract.contract import Kind
from tui.gateway.life.exports import TRAPS, traps_at_once
from tui.gateway.life.trip import LOAD
from tui.gateway.life.words import export_it, rebuild_as, sentence
from tui.gateway.verdict import LifeStep, Place
from tui.text import printable
from tui.wasm.module import Module

_FILE = Place(WASM)
_EXPORTS = 7  # id of the section


def wrong_mode(case: Case) -> Iterator[Raised]:
    """Pitfalls 8, 9 and 10: the module was built for the other mode, and the trip ends there."""
    module, kind = case.module, case.kind
    if module is None or not case.mode_breaks:
        yield from _works_all_the_same(case)
        return
    at = case.sources.stdio if kind.mode == "command" else None
    place = f" ({at} reads or writes stdio)" if at is not None else ""
    failing = next((step for step in case.life.steps if is_hook(step) and step.state == "wrong" and step.words), None)
    built = "exports both hooks" if module.mode == "both" else f"built as a {module.mode}"
    yield Raised(
        f"{built}, must be a {kind.mode} ({case.life.reason}): {_how(case, failing)}{place}",
        kind.wrong_build if failing is None else failing.words,
        rebuild_as(kind.mode) if _never_loads(case) else case.life.remedy,
        _FILE,
    )


def _works_all_the_same(case: Case) -> Iterator[Raised]:
    """The other mode's build, and nothing breaks: the deploy tool would never build it so."""
    module, kind = case.module, case.kind
    if module is None or module.mode != "command" or kind.mode != "reactor":
        return
    step = next((step for step in case.life.steps if is_hook(step) and step.accident), None)
    if step is not None:
        yield Raised(
            f"built as a command, must be a reactor ({case.life.reason}): {step.accident}",
            "works today; the deploy tool builds a reactor, and a command that TinyGo builds with "
            f"//go:wasmexport fails: {kind.wrong_build}",
            rebuild_as(kind.mode),
            _FILE,
            "warning",
        )


def _never_loads(case: Case) -> bool:
    """Whether the life's own words are about something that comes before the mode: imports, a broken file."""
    return bool(case.life.steps) and case.life.steps[0].label == LOAD


def _how(case: Case, failing: LifeStep | None) -> str:
    """What the wrong mode does to this function; `failing` is a hook that is called and fails."""
    if failing is not None and not _never_loads(case):
        return sentence(failing)
    if not _never_loads(case):
        return case.life.summary
    return "main never runs" if case.kind.mode == "command" else "its exports cannot be called"


def exports(case: Case) -> Iterator[Raised]:
    """Pitfalls 7 and 9: an export missing or of another type."""
    if case.module is None or _kind_unknown(case, case.module):
        return
    for step in _odd_steps(case):
        if step.holds or (case.mode_breaks and (is_hook(step) or traps_at_once(step))):
            continue
        yield Raised(
            f"{_what(case, step)}, a {case.kind.name} function needs it",
            step.words or case.kind.failure,
            _remedy(case, step),
            _place(case, step),
        )


def accidents(case: Case) -> Iterator[Raised]:
    """An export that is not as it should be, and that this host and engine get along with."""
    if case.module is None or _kind_unknown(case, case.module):
        return
    for step in _odd_steps(case):
        if step.accident and not _other_mode(case, step):
            yield Raised(
                f"works by accident: {_what(case, step)}",
                step.accident,
                _remedy(case, step),
                _place(case, step),
            )


def _odd_steps(case: Case) -> Iterator[LifeStep]:
    """Stations and helpers that are not as they should be; helpers that only imports ask for are told with those."""
    for step in (*case.life.steps, *case.life.helpers):
        if step.export is None or (step.state == "present" and not step.accident):
            continue
        if step.state != "unknown" and (step not in case.life.helpers or _needed(case, step)):
            yield step


def _other_mode(case: Case, step: LifeStep) -> bool:
    """Whether a step is the other mode's hook at work: the check of the build mode says so."""
    return step.export == "_start" and case.kind.mode == "reactor"


def _kind_unknown(case: Case, module: Module) -> bool:
    """Whether nothing is known to lack: neither function.yaml nor an export says what it is to be, or none was read."""
    if _EXPORTS in module.unread:
        return True
    return case.asked is None and case.kind.when is None and module.mode == "library"


def _needed(case: Case, step: LifeStep) -> bool:
    """Whether the kind itself asks for a helper; where only imports do, they say so."""
    return bool(case.kind.allocator) if step.label != "memory" else case.kind.memory


def _what(case: Case, step: LifeStep) -> str:
    names = case.kind.allocator
    if step.note == "not exported" and step.export in names and len(names) > 1:
        return f"neither {' nor '.join(names)} is exported"
    return sentence(step)


def _remedy(case: Case, step: LifeStep) -> str:
    if step.actual in case.kind.forbids:
        return rebuild_as(case.kind.mode)
    return 'export the memory as "memory", as every Go compiler does' if step.label == "memory" else export_it(step)


def _place(case: Case, step: LifeStep) -> Place:
    found = (export.place for export in case.sources.exports if export.name == step.export)
    return next(found, _FILE)


def both_hooks(case: Case) -> Iterator[Raised]:
    """A module that says it is a command and a reactor at once."""
    module = case.module
    if module is None or module.mode != "both" or "_start" in case.kind.forbids:
        return
    hook = case.life.steps[0].export if case.life.steps else None
    yield Raised(
        f"exports both _start and _initialize; the host calls {hook} alone",
        "depends on the host: what the other hook sets up is missing",
        rebuild_as(case.kind.mode),
        _FILE,
    )


def by_exports(case: Case) -> Iterator[Raised]:
    """The host recognises another kind than function.yaml asks for by what the module exports."""
    if case.module is None or case.asked is None or case.asked.name == case.kind.name:
        return
    when = case.kind.when
    yield Raised(
        f"runs as a {case.kind.name}, for it exports {' and '.join(case.kind.detect)}; function.yaml asks for a "
        f"{case.asked.name}",
        f"works today; the next build makes a {case.asked.mode}: {case.asked.wrong_build}",
        case.set_key(when, "true") if when is not None else f"rename the export {case.kind.detect[0]}",
        case.line(when) if when is not None else _FILE,
    )


def chosen_twice(case: Case) -> Iterator[Raised]:
    """Pitfall 11: two keys choose a kind; the first of the contract wins."""
    if case.config is None:
        return
    chosen = [kind for kind in case.contract.kinds if kind.when and getattr(case.config, kind.when, False) is True]
    if len(chosen) < 2:
        return
    first, second = chosen[0], chosen[1]
    unused = next((step.exports[0] for step in second.steps if step.exports and step.label not in _labels(first)), "")
    yield Raised(
        f"{first.when} and {second.when} are both true: {first.when} wins",
        f"{unused} is never called" if unused else f"{second.when} has no effect",
        case.set_key(str(second.when), "false"),
        case.line(str(second.when)),
    )


def _labels(kind: Kind) -> set[str]:
    return {step.label for step in kind.steps}


def trapping_exports(case: Case) -> Iterator[Raised]:
    """A trap of the compilers: `//go:wasmexport` in a command build exports functions that trap when called."""
    module = case.module
    if module is None or module.mode != "command" or case.mode_breaks:
        return
    dead = [e for e in case.sources.exports if not e.legacy and module.export(e.name) is not None]
    if dead:
        names = ", ".join(printable(export.name, 40) for export in dead[:4])
        yield Raised(
            f"//go:wasmexport {names} in a command build: each call of it traps",
            f"{TRAPS} (called before runtime initialization, or after main.main returned)",
            "build as a reactor, or take the directive out",
            dead[0].place,
        )


def other_kind(case: Case) -> Iterator[Raised]:
    """The sources export what another kind needs, and function.yaml does not choose it."""
    if case.asked is None or case.kind.name != case.asked.name:
        return
    names = {export.name for export in case.sources.exports}
    for kind in case.contract.kinds:
        own = [
            step.exports[0] for step in kind.steps if step.exports and not set(step.exports) & {"_start", "_initialize"}
        ]
        if kind.when is None or kind.name == case.asked.name or not own or not names.issuperset(own):
            continue
        if getattr(case.config, kind.when, False) is True:
            continue  # chosen too, and overruled: another check says so
        place = next(export.place for export in case.sources.exports if export.name == own[0])
        yield Raised(
            f"the source exports {', '.join(own)}, and function.yaml does not say `{kind.when}: true`",
            f"built and run as a {case.asked.name}: {own[0]} is never called",
            case.set_key(kind.when, "true"),
            place,
        )


def undeclared_exports(case: Case) -> Iterator[Raised]:
    """While there is no module: exports that the kind needs and no Go file of the directory declares."""
    if case.subject.module is not None or case.asked is None or not case.sources.files:
        return
    names = {export.name for export in case.sources.exports}
    for step in case.asked.steps:
        if step.type is None or set(step.exports) & {"_start", "_initialize"} or names & set(step.exports):
            continue
        wanted = LifeStep(step.label, step.exports[0], "missing", step.type)
        yield Raised(
            f"no Go file here exports {step.exports[0]}, a {case.asked.name} function needs it",
            case.asked.failure,
            export_it(wanted),
            Place(case.sources.files[0]),
        )


CHECKS = (
    Check("build-mode", "Built for the other mode", "error", wrong_mode, (8, 9, 10)),
    Check("export-missing", "An export is missing or of another type", "error", exports, (7, 9)),
    Check("export-by-accident", "An export that works by accident", "warning", accidents),
    Check("both-hooks", "Both _start and _initialize are exported", "warning", both_hooks),
    Check("kind-by-exports", "The host takes it for another kind by its exports", "warning", by_exports),
    Check("kinds-clash", "Two keys choose how the function is driven", "warning", chosen_twice, (11,)),
    Check("wasmexport-in-command", "//go:wasmexport in a command build", "warning", trapping_exports),
    Check("kind-not-chosen", "The source is written for another kind", "warning", other_kind),
    Check("export-undeclared", "An export that no Go file declares", "warning", undeclared_exports, (7, 9)),
)

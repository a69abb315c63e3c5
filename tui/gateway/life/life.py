"""The life of a function as the host will drive it: which kind it is, each station's state, and where the trip ends."""

from __future__ import annotations

from tui.gateway.checks.imports import ImportGroup, judge_imports
from tui.gateway.contract.contract import Contract, Kind
from tui.gateway.engine.engines import ENGINES, UNKNOWN
from tui.gateway.engine.evidence import Evidence
from tui.gateway.life.exports import Terms, function_export
from tui.gateway.life.trip import LOAD, judge_helpers, judge_steps, load_problem, settled
from tui.gateway.life.words import ending
from tui.gateway.verdict import Life, LifeStep
from tui.text import printable
from tui.wasm.module import Module
from tui.workspace.function import FunctionConfig


def life(
    config: FunctionConfig | None,
    module: Module | None,
    contract: Contract,
    module_error: str | None = None,
    evidence: Evidence | None = None,
    *,
    imports: tuple[ImportGroup, ...] | None = None,
) -> Life:
    """The life of a function. `config` is None where function.yaml is refused, `module` where nothing was built.

    `module_error`: why a function.wasm that is there cannot be read; `evidence`, `imports`: what is known already.
    """
    terms = _terms(config, module, contract, evidence, imports)
    expected = choose_kind(config, contract)
    kind, by_exports = driven_kind(config, module, contract)
    readable = module if module is not None and module.kind == "core" else None
    terms = settled(kind, readable, terms)
    steps = judge_steps(kind, readable, terms)
    helpers = judge_helpers(kind, readable, contract, terms)
    broken = load_problem(module, contract, terms) if module is not None else module_error and _unreadable(module_error)
    if broken is not None:
        steps = (LifeStep(LOAD, None, "wrong", note=broken, does="compile, resolve imports, instantiate"), *steps)
    steps = _forbidden(kind, module, steps)
    fitting = _exported_kind(kind, module, contract)
    said = ending(kind, module, (steps, helpers), broken, (expected, fitting))
    return Life(
        kind=kind.name,
        reason=_reason(expected),
        expected=expected.mode if expected is not None else None,
        actual=readable.mode if readable is not None else None,
        steps=_unreached(steps, broken),
        helpers=helpers,
        breaks_at=_first_break(steps),
        summary=said.summary,
        remedy=said.remedy,
        failure=said.failure,
        has_module=module is not None or module_error is not None,
        by_exports=by_exports,
    )


def _terms(
    config: FunctionConfig | None,
    module: Module | None,
    contract: Contract,
    evidence: Evidence | None,
    imports: tuple[ImportGroup, ...] | None,
) -> Terms:
    if imports is None:
        imports = judge_imports(module, contract) if module is not None else ()
    engine = ENGINES.get(contract.runtime.name, UNKNOWN)
    return Terms(engine, evidence or Evidence(), config.name if config is not None else "", imports)


def choose_kind(config: FunctionConfig | None, contract: Contract) -> Kind | None:
    """The kind that function.yaml asks for; None where it cannot be read."""
    if config is None:
        return None
    chosen = (kind for kind in contract.kinds if kind.when is not None and getattr(config, kind.when, False) is True)
    return next(chosen, contract.default_kind)


def driven_kind(config: FunctionConfig | None, module: Module | None, contract: Contract) -> tuple[Kind, bool]:
    """The kind in which the host will drive the function, and whether the module's exports decided that."""
    asked = choose_kind(config, contract)
    if asked is not None and asked.when is not None:
        return asked, False
    detected = _detect(module, contract)
    if detected is not None:
        return detected, True
    return (asked, False) if asked is not None else (_most_alike(module, contract), module is not None)


def _reason(expected: Kind | None) -> str:
    if expected is None:
        return "function.yaml is refused"
    return "default" if expected.when is None else f"{printable(expected.when, 60)}: true"


def _detect(module: Module | None, contract: Contract) -> Kind | None:
    """The kind that the host recognises by exports: all of `detect` there, none of `forbids`."""
    if module is None or module.kind != "core":
        return None
    for kind in contract.kinds:
        there = all(function_export(module, name) is not None for name in kind.detect)
        if kind.detect and there and not any(function_export(module, name) is not None for name in kind.forbids):
            return kind
    return None


def _most_alike(module: Module | None, contract: Contract) -> Kind:
    """The kind of whose exports the module has the most; of equals the one of its mode, then the default."""
    if module is None:
        return contract.default_kind

    def likeness(kind: Kind) -> tuple[int, bool, bool]:
        count = sum(_has(module, step.exports) for step in kind.steps[1:])
        return count, kind.mode == module.mode, kind.when is None

    return max(contract.kinds, key=likeness)


def _exported_kind(driven: Kind, module: Module | None, contract: Contract) -> Kind | None:
    """Another kind, chosen by a key, all of whose exports the module has and in whose mode it was built."""
    if module is None or module.kind != "core":
        return None
    for kind in contract.kinds:
        chosen_by_key = kind is not driven and kind.when is not None and kind.mode == module.mode
        names = [step.exports for step in kind.steps if step.exports]
        if chosen_by_key and len(names) > 1 and all(_has(module, one) for one in names):
            return kind
    return None


def _unreadable(why: str) -> str:
    return f"function.wasm cannot be read: {printable(why, 120)}"


def _has(module: Module, names: tuple[str, ...]) -> bool:
    return any(function_export(module, name) is not None for name in names)


def _forbidden(kind: Kind, module: Module | None, steps: tuple[LifeStep, ...]) -> tuple[LifeStep, ...]:
    """The steps, the first export of them marked wrong where the module has an export that must be absent."""
    there = next((n for n in kind.forbids if module is not None and function_export(module, n) is not None), None)
    if there is None:
        return steps
    index = next((i for i, step in enumerate(steps) if step.export is not None), None)
    if index is None or steps[index].state != "present":
        return steps
    note = f"{there} is exported too, and must be absent"
    return (*steps[:index], steps[index]._replace(state="wrong", actual=there, note=note), *steps[index + 1 :])


def _first_break(steps: tuple[LifeStep, ...]) -> int | None:
    return next((index for index, step in enumerate(steps) if not step.holds), None)


def _unreached(steps: tuple[LifeStep, ...], broken: str | None) -> tuple[LifeStep, ...]:
    """The steps; what the host does itself after the break is not known to happen."""
    at = _first_break(steps)
    if at is None and broken is None:
        return steps
    return tuple(
        step._replace(state="unknown") if step.export is None and at is not None and index > at else step
        for index, step in enumerate(steps)
    )

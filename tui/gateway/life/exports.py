"""One export that the host calls, held against the type to write against and against what the engine insists on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from tui.facts import Fact
from tui.gateway.checks.imports import ImportGroup
from tui.gateway.engine.engines import Engine
from tui.gateway.engine.evidence import Evidence
from tui.gateway.verdict import LifeStep
from tui.text import printable
from tui.wasm.module import Export, FuncType, Module

MAX_LABEL: Final = 40
PAGE: Final = 65536
_NARROW: Final = frozenset({"i32", "f32", "funcref", "externref"})  # their slot has nothing in its high half
TRAPS: Final = "wasm error: unreachable"
_AT_ONCE: Final = "traps at its first instruction"


class Terms(Fact):
    """What a life is judged by beside the contract: the engine, and what the bytes tell."""

    engine: Engine
    evidence: Evidence
    function: str = ""  # its name
    imports: tuple[ImportGroup, ...] = ()  # the module's, judged


class Call(Fact):
    """How the host calls an export."""

    fails: str  # its words where that fails, around the engine's
    result: str  # "needed" for both halves, "taken" where there must be one, "" where none reads as 0
    unnoticed: str  # what happens where it fails and the host goes on
    function: str = ""  # its name
    closed: str = ""  # its words where the module exits or is stopped, where they are others
    exits: bool = False  # whether an exit with 0 counts as a return
    rejects: str = ""  # the host's words where the result is not 0
    unreadable: str = ""  # and where the result points outside the memory


def function_export(module: Module, name: str) -> Export | None:
    """The exported function of that name; an export of another kind is passed over, as hosts do."""
    export = module.export(name)
    return export if export is not None and export.kind == "func" else None


def judge_export(step: LifeStep, names: Sequence[str], module: Module, terms: Terms, call: Call) -> LifeStep:
    """`step` with the state of the first of `names` that the module exports as a function."""
    for name in names:
        export = function_export(module, name)
        if export is not None:
            return _judged(step, export, module, terms, call)
    foreign = next((e for name in names if (e := module.export(name)) is not None), None)
    if foreign is None:
        return step._replace(state="missing", note="not exported")
    note = f"is a {foreign.kind}, the host calls a function"
    return step._replace(state="missing", export=foreign.name, actual=f"a {foreign.kind}", note=note)


def traps_at_once(step: LifeStep) -> bool:
    """Whether an export is there, and its first instruction is a trap: so a compiler guards what must not be called."""
    return step.state == "wrong" and step.note == _AT_ONCE


def _judged(step: LifeStep, export: Export, module: Module, terms: Terms, call: Call) -> LifeStep:
    """`step` with an exported function, by type and by what calling it does."""
    found = step._replace(state="present", export=export.name, label=printable(export.name, MAX_LABEL))
    if terms.engine.imported and export.index < module.functions.imported:
        note = "is a function that the module imports: the host cannot call it"
        return found._replace(state="wrong", note=note, words=_said(call, export, terms.engine.imported))
    if export.name in terms.evidence.trapping:
        if call.unnoticed:
            return found._replace(note=_AT_ONCE, accident=f"{_AT_ONCE}: {call.unnoticed}")
        return found._replace(state="wrong", note=_AT_ONCE, words=_said(call, export, TRAPS))
    typed = _by_type(found, export, terms, call)
    return (_fated(typed, export, module, terms, call) or typed) if typed.holds else typed


def _by_type(step: LifeStep, export: Export, terms: Terms, call: Call) -> LifeStep:
    """`step` by the type of the exported function alone."""
    if export.type == step.expected:
        return step
    if not isinstance(export.type, FuncType) or step.expected is None or not terms.engine.slots:
        return _wrong(step, export)
    return _by_slots(step, export, export.type, terms.engine, call)


def _fated(step: LifeStep, export: Export, module: Module, terms: Terms, call: Call) -> LifeStep | None:
    """`step` where every call of the export is known to fail, or to answer what ends the trip; else None."""
    fate = terms.evidence.fates.get(export.name)
    if fate is None or call.unnoticed:
        return None
    if fate.how == "returns":
        note, words = _bad_answer(fate.value, module, terms, call)
    elif fate.how == "exits" and fate.code == 0 and call.exits:
        return None
    else:
        note = f"{fate.how}, whatever it is given"
        words = _said(call, export, fate.words) if fate.how == "traps" else _closed(call, export, fate.words)
    return step._replace(state="wrong", note=note, words=words, accident="") if note else None


def _bad_answer(value: int | None, module: Module, terms: Terms, call: Call) -> tuple[str, str]:
    """What is wrong with an answer that is always the same, and the host's words; both "" where nothing is."""
    if value is None:
        return "", ""
    size = math.inf if terms.evidence.grows or not module.memories else module.memories[0].limits.minimum * PAGE
    if call.rejects and value & 0xFFFF_FFFF:
        return f"always returns {value}", call.rejects.format(value=value & 0xFFFF_FFFF)
    if call.result == "taken" and call.unreadable and (value & 0xFFFF_FFFF) >= size:
        return f"always returns {value & 0xFFFF_FFFF}, which is outside the memory", call.unreadable
    if call.result != "needed":
        return "", ""
    pointer, length = value & 0xFFFF_FFFF, value >> 32 & 0xFFFF_FFFF
    if not length:
        return "always returns no bytes", ""
    return ("always returns what is outside the memory", call.unreadable) if pointer + length > size else ("", "")


def _wrong(step: LifeStep, export: Export, words: str = "") -> LifeStep:
    """`step` with a function of another type, which fails."""
    type_ = export.type if isinstance(export.type, FuncType) else None
    found = printable(str(type_), 80) if type_ is not None else "a function of unknown type"
    wanted = str(step.expected) if step.expected is not None else "a function"
    note = f"is {found}, the host calls {wanted}"
    return step._replace(state="wrong", actual=found, actual_type=type_, note=note, words=words)


def _by_slots(step: LifeStep, export: Export, type_: FuncType, engine: Engine, call: Call) -> LifeStep:
    """A function of another type where calls pass raw 64-bit slots: whether the host gets along with it."""
    wrong = _wrong(step, export)
    wanted = step.expected or FuncType()
    have, passed = _slots(type_.params) + type_.more_params, _slots(wanted.params)
    if have != passed:
        words = _said(call, export, engine.wrong_count.format(expected=have, passed=passed))
        return wrong._replace(accident=call.unnoticed, words=words)
    if call.result == "taken" and not type_.results:
        return wrong._replace(words=engine.no_result)
    if call.result == "needed" and (not type_.results or type_.results[0] in _NARROW):
        return wrong._replace(note=f"{wrong.note}: the length, in its high half, reads as 0")
    return wrong._replace(accident=_accident(type_, wanted))


def _accident(type_: FuncType, wanted: FuncType) -> str:
    if wanted.results and not type_.results:
        return "it gives no result, which reads as 0"
    return "the host passes raw 64-bit values, and only their number is checked"


def _slots(values: tuple[str, ...]) -> int:
    return sum(2 if value == "v128" else 1 for value in values)


def _closed(call: Call, export: Export, why: str) -> str:
    """The host's words where the engine closed the module: it exited, or its time was over."""
    return _said(call._replace(fails=call.closed or call.fails), export, why)


def _said(call: Call, export: Export, why: str) -> str:
    return call.fails.format(why=why, export=export.name, function=printable(call.function, MAX_LABEL))

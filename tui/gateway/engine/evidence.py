"""What the bytes of a module tell beyond its sections: the engine's answer, and what bodies do that matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal

from tui.gateway.contract.contract import Runtime
from tui.gateway.engine.answer import Answer, Request
from tui.gateway.engine.engines import ENGINES, UNKNOWN
from tui.gateway.engine.features import FeatureUse, after_locals, used_features
from tui.gateway.engine.forecast import Fate, Forecast
from tui.wasm.decode.budget import Budget, OutOfTime, paced
from tui.wasm.decode.leb import Malformed
from tui.wasm.module import Export, FuncType, Module
from tui.wasm.sizes.calls import referred
from tui.wasm.validate import Validation

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

# Who looked at the function bodies: nobody ("unread"), or there are none.
Bodies = Literal["engine", "wasmtime", "unread", "none"]
OWN_BYTES: Final = 200_000  # of code that is looked at by the engine's rules where no validator did: 0.1 s
MOST_BYTES: Final = 1_500_000  # the same where a validator refused something that the engine may take: 1 s
MOST_FATES: Final = 200  # exports that are looked at
CAP: Final = 65536  # pages, where the host has no cap of its own
_UNREACHABLE: Final = 0x00
_GROW: Final = b"\x40\x00"  # memory.grow; elsewhere these two bytes may stand too
_GUARD: Final = b"#wasmexport"  # suffix of a symbol: TinyGo's wrapper that traps until the runtime is initialised


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known from the bytes. Without them nothing is: every field then says so by its default."""

    answer: Answer | None = None  # None: nothing here knows the engine's rules
    bodies: Bodies = "unread"
    features: tuple[FeatureUse, ...] = ()  # used, and not among those of the engine
    trapping: frozenset[str] = frozenset()  # exported functions whose first instruction is `unreachable`
    guarded: bool | None = None  # whether exports trap until the runtime is initialised; None: not told
    calls_host: str | None = None  # an imported function that is called though the module has no memory
    grows: bool = True  # whether a body may ask for more memory
    fates: Mapping[str, Fate] = field(default_factory=dict)  # exported functions of which it is certain how they end
    start: Fate | None = None  # the same of the start section's function
    is_cut: bool = False  # a limit of ours was reached before all was looked at

    @property
    def refused(self) -> bool:
        """Whether the engine refuses the module before anything is called."""
        return self.answer is not None and not self.answer.taken


def gather_evidence(
    module: Module | None,
    source: bytes | None,
    runtime: Runtime,
    validation: Validation | None = None,
    budget: Budget | None = None,
) -> Evidence:
    """What the bytes of a module tell. Never raises for what they hold. `budget` is what may be spent on them still."""
    if source is None or module is None or module.size != len(source):
        return Evidence()
    budget = budget or Budget(len(source))
    features = used_features(module, source, runtime.features, budget.tick) if module.kind == "core" else ()
    answer, bodies, whole = _answer_in_time(module, source, runtime, (validation, features), budget.tick)
    found = Evidence(answer, bodies, features)
    if module.kind == "core":
        found = replace(found, grows=_grows(module, source), guarded=_guarded(module, source))
        try:
            found = _with_bodies(found, module, source, budget.tick)
        except OutOfTime:
            whole = False
    return replace(found, is_cut=not whole or budget.spent)


def _grows(module: Module, source: bytes) -> bool:
    offsets = module.body_offsets
    return len(offsets) > 1 and source.find(_GROW, offsets[0], offsets[-1]) >= 0


def _with_bodies(found: Evidence, module: Module, source: bytes, tick: Tick) -> Evidence:
    """What single bodies tell besides. Raises OutOfTime."""
    forecast = Forecast(module, source, found.grows, tick)
    functions = [export for export in module.exports[:MOST_FATES] if export.kind == "func"]
    every = {export.name: forecast.fate(export.index, _first_result(export)) for export in functions}
    fates = {name: fate for name, fate in every.items() if fate is not None}
    return replace(
        found,
        trapping=frozenset(_trapping(module, source, tick)),
        calls_host=None if module.memories else _calls_host(module, source, tick),
        fates=fates,
        start=forecast.fate(module.start) if module.start is not None else None,
    )


def _first_result(export: Export) -> str:
    return export.type.results[0] if isinstance(export.type, FuncType) and export.type.results else ""


def _answer_in_time(
    module: Module,
    source: bytes,
    runtime: Runtime,
    looked: tuple[Validation | None, tuple[FeatureUse, ...]],
    tick: Tick,
) -> tuple[Answer | None, Bodies, bool]:
    """The engine's answer, and whether it came to its end; none for a module that takes too long to be read."""
    if not module.complete and not module.errors:
        return None, "unread", True
    try:
        return *_answer(module, source, runtime, looked, tick), True
    except OutOfTime:
        return None, "unread", False


def _answer(
    module: Module,
    source: bytes,
    runtime: Runtime,
    looked: tuple[Validation | None, tuple[FeatureUse, ...]],
    tick: Tick,
) -> tuple[Answer | None, Bodies]:
    """The engine's answer, and who looked at the bodies: its own rules, where they had to, or the validator."""
    engine = ENGINES.get(runtime.name, UNKNOWN)
    validation, features = looked
    valid = validation is not None and validation.ok
    refused = validation is not None and validation.refused
    if engine.judge is None:
        return None, "wasmtime" if valid or refused else "unread"
    cap = runtime.memory_pages if runtime.memory_pages is not None else CAP
    suspects = {use.function for use in features if use.function is not None}
    if validation is not None and refused and validation.function is not None:
        suspects.add(validation.function)
    request = Request(cap, (), data_runs=module.data_runs, usual_bodies=usual_bodies(module))
    if valid or suspects:
        answer = engine.judge(source, request._replace(bodies=tuple(sorted(suspects))), tick)
        if valid or not answer.taken:
            return answer, "wasmtime" if valid else "engine"
    # What a validator refuses and the engine's rules take so far is a difference between the two, or lies elsewhere.
    most = MOST_BYTES if refused else OWN_BYTES
    if module.functions.code_bytes <= most:
        request = request._replace(bodies=None)
    answer = engine.judge(source, request, tick)
    if not module.functions.defined:
        return answer, "none"
    return answer, "engine" if answer.bodies or answer.function is not None else "unread"


def usual_bodies(module: Module) -> Sequence[int]:
    """Where the bodies lie, if all are usual, for those who read the same bytes."""
    return module.body_offsets if module.usual_bodies else ()


def _trapping(module: Module, source: bytes, tick: Tick) -> list[str]:
    first, offsets = module.functions.imported, module.body_offsets
    found = []
    for export in paced(module.exports, tick):
        number = export.index - first
        if export.kind != "func" or not 0 <= number < len(offsets) - 1:
            continue
        try:
            position, _ = after_locals(source, offsets[number], offsets[number + 1], tick)
        except (ValueError, IndexError):
            continue  # malformed: the decoder or the engine's rules say so
        if position < offsets[number + 1] and source[position] == _UNREACHABLE:
            found.append(export.name)
    return found


def _guarded(module: Module, source: bytes) -> bool | None:
    """Whether TinyGo's guard stands before the exports: its symbols tell, where they are there."""
    if module.toolchain is None or not module.toolchain.startswith("TinyGo"):
        return False if module.toolchain is not None else None
    parts = [part for part in module.name_parts if part.id == 1 and part.count]
    if not parts:
        return None
    return any(source.find(_GUARD, part.offset, part.offset + part.size) >= 0 for part in parts)


def _calls_host(module: Module, source: bytes, tick: Tick) -> str | None:
    """An imported function with parameters that some body calls: it would reach into a memory that is not there."""
    functions = [entry for entry in module.imports if entry.kind == "func"]
    if not functions:
        return None
    for start, end in paced(pairwise(module.body_offsets), tick):
        try:
            called = {index for index in referred(source, start, end, tick) if index < len(functions)}
        except (Malformed, IndexError):
            continue  # told elsewhere
        for index in sorted(called):
            entry = functions[index]
            if entry.name != "proc_exit" and "i32" in str(entry.type):
                return f"{entry.module}.{entry.name}"
    return None

"""The stations of a function's life, each held against the module: there, there with another type, or missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tui.gateway.contract.contract import Contract, Kind, KindStep
from tui.gateway.life.exports import MAX_LABEL, Call, Terms, function_export, judge_export
from tui.gateway.verdict import LifeStep
from tui.text import memory_bytes, plural, printable
from tui.wasm.module import FuncType, MemoryType, Module

LOAD: Final = "load"
_GO_TYPES: Final = {"i32": "uint32", "i64": "uint64", "f32": "float32", "f64": "float64"}
_GO_PARAMS: Final = {("i32",): "size uint32", ("i32", "i32"): "ptr, length uint32"}
_HOOKS: Final = ("_start", "_initialize")


def go_signature(type_: FuncType) -> str:
    """The type as Go declares it: `(ptr, length uint32) uint64`; "" where Go cannot."""
    if any(value not in _GO_TYPES for value in type_.params + type_.results) or len(type_.results) > 1:
        return ""
    pieces = [f"p{number} {_GO_TYPES[value]}" for number, value in enumerate(type_.params)]
    params = _GO_PARAMS.get(type_.params) or ", ".join(pieces)
    return f"({params})" + "".join(f" {_GO_TYPES[value]}" for value in type_.results)


def go_name(export: str) -> str:
    """A Go name for an export: `ws_frame` -> `wsFrame`."""
    head, *rest = [part for part in export.split("_") if part] or ["f"]
    return head + "".join(part.capitalize() for part in rest)


def judge_steps(kind: Kind, module: Module | None, terms: Terms) -> tuple[LifeStep, ...]:
    """Every station of the kind, held against the module."""
    return tuple(_judge(step, kind, module, terms) for step in kind.steps)


def settled(kind: Kind, module: Module | None, terms: Terms) -> Terms:
    """The terms with the guard known. Where it stands, the missing hook is told, and not each export that traps."""
    if module is None or not _is_guarded(kind, module, terms):
        return terms
    return terms._replace(evidence=replace(terms.evidence, guarded=True, trapping=frozenset(), fates={}))


def _is_guarded(kind: Kind, module: Module, terms: Terms) -> bool:
    """Whether a command build stands where a reactor belongs, and its exports trap for want of a runtime."""
    if kind.mode != "reactor" or function_export(module, "_initialize") is not None:
        return False
    trapping = (name in terms.evidence.trapping for step in kind.steps for name in step.exports)
    if terms.evidence.guarded is None and (module.toolchain or "").startswith("TinyGo"):
        return True  # without symbols nothing tells; TinyGo's own way to export is the guarded one
    return bool(terms.evidence.guarded) or any(trapping)


def _judge(step: KindStep, kind: Kind, module: Module | None, terms: Terms) -> LifeStep:
    blank = LifeStep(
        label=printable(step.label, MAX_LABEL),
        export=step.exports[0] if step.exports else None,
        state="unknown",
        expected=step.type,
        repeats=step.repeats,
        does=printable(step.does),
        more=printable(step.more),
    )
    if module is None:
        return blank
    if step.type is None:
        return blank._replace(state="present")
    bounds = (step.exits, step.rejects, step.unreadable)
    call = Call(step.fails, step.result, step.unnoticed, terms.function, step.closed, *bounds)
    judged = judge_export(blank, step.exports, module, terms, call)
    if judged.state == "missing":
        return _missing_step(judged, step, kind, module)
    return _in_place(judged, step, kind, terms) if set(step.exports) & set(_HOOKS) else judged


def _missing_step(judged: LifeStep, step: KindStep, kind: Kind, module: Module) -> LifeStep:
    """A station whose export is not there: the host goes on without it, or the trip ends."""
    other = next((n for n in _HOOKS if n not in step.exports and function_export(module, n) is not None), None)
    if other is not None and set(step.exports) & set(_HOOKS):
        judged = judged._replace(note=f"the module has {other} in its place")
    accident = step.optional
    if kind.mode == "command" and module.start is not None:
        accident = "the start section runs at instantiation, and is all that runs"
    return judged._replace(accident=accident, words=step.missing or kind.failure)


def _in_place(judged: LifeStep, step: KindStep, kind: Kind, terms: Terms) -> LifeStep:
    """A hook of the other mode that the host calls in the place of the right one: whether that is any good.

    `_start` runs main and exits; what a guarded export finds then is a runtime that is not initialised.
    """
    right = judged.export == step.exports[0] or judged.export != "_start"
    if right or kind.mode != "reactor" or not judged.holds:
        return judged
    if terms.evidence.guarded:
        note = f"the module has {judged.export} in its place, which ends the instance"
        return judged._replace(label=step.label, export=step.exports[0], state="missing", note=note)
    how = f"{judged.export} runs in its place: that works with this build, and traps with what TinyGo guards"
    return judged._replace(accident=judged.accident or how)


def judge_helpers(kind: Kind, module: Module | None, contract: Contract, terms: Terms) -> tuple[LifeStep, ...]:
    """What the stations lean on: an allocator and memory, where the kind or the imports ask for them."""
    helpers = []
    names = kind.allocator or _allocator_for_imports(module, contract, terms)
    if names and contract.allocator is not None:
        label = "/".join(names) if module is None else names[0]
        wanted = LifeStep(label, names[0], "unknown", contract.allocator.type, does="lends the host memory for bytes")
        helpers.append(wanted if module is None else _judge_allocator(wanted, names, kind, module, terms))
    if kind.memory:
        helpers.append(_judge_memory(kind, module, terms))
    return tuple(helpers)


def _judge_allocator(wanted: LifeStep, names: tuple[str, ...], kind: Kind, module: Module, terms: Terms) -> LifeStep:
    no_room = kind.no_room or "the host cannot write there"
    call = Call(kind.allocator_fails or "{why}", "taken", "", unreadable=no_room)
    judged = judge_export(wanted, names, module, terms, call)
    if judged.state != "missing":
        return judged
    return judged._replace(accident=kind.without_allocator, words=kind.no_allocator)


def _allocator_for_imports(module: Module | None, contract: Contract, terms: Terms) -> tuple[str, ...]:
    """The allocators that would do, where the module imports a call that returns bytes; else none."""
    if module is None or contract.allocator is None:
        return ()
    returns_bytes = any(one.returns_bytes for group in terms.imports for one in group.imports)
    return contract.allocator.names if returns_bytes else ()


def _judge_memory(kind: Kind, module: Module | None, terms: Terms) -> LifeStep:
    step = LifeStep("memory", "memory", "unknown", does="where the host puts and finds bytes", words=kind.no_memory)
    if module is None:
        return step
    export = module.export("memory")
    exported = export is not None and export.kind == "memory"
    if not exported and not (kind.any_memory and module.memories):
        return step._replace(state="missing", note="not exported")
    memory = module.memories[0] if module.memories else None
    if kind.any_memory and memory is not None and not memory.limits.minimum and not terms.evidence.grows:
        return step._replace(state="wrong", note="has no page and never grows", words=kind.no_room)
    size = memory_size(memory) if memory is not None else None
    accident = "" if exported else "it is not exported as memory: this host finds it all the same"
    return step._replace(state="present", actual=size, accident=accident, note="not exported" if accident else "")


def memory_size(memory: MemoryType) -> str:
    """The minimum of a memory as a person reads it: `2 pages (128 KiB)`."""
    limits = memory.limits
    return f"{plural(limits.minimum, 'page')} ({memory_bytes(limits.minimum * limits.page_size)})"


def load_problem(module: Module, contract: Contract, terms: Terms) -> str | None:
    """Why the host could not even instantiate the module, in one sentence; None where it could."""
    if module.kind == "component":
        return "function.wasm is a component, not a core module"
    if module.kind != "core":
        said = module.errors[0].message if module.errors else "not WebAssembly"
        return f"function.wasm cannot be read: {printable(said, 120)}"
    answer = terms.evidence.answer
    if module.errors and (answer is None or not answer.taken):
        return f"function.wasm is malformed: {printable(module.errors[0].message, 120)}"
    if answer is not None and answer.stage == "compile":
        return f"{contract.runtime.name} refuses the module: {printable(answer.said, 160)}"
    every = (judged for group in terms.imports for judged in group.imports)
    return next((judged.refusal for judged in every if not judged.ok), None) or _never_instantiated(terms)


def _never_instantiated(terms: Terms) -> str | None:
    """What goes wrong once the imports are resolved: segments that do not fit, a start section that fails."""
    answer, start = terms.evidence.answer, terms.evidence.start
    if answer is not None and not answer.taken:
        return printable(answer.said, 160)
    if start is not None and start.how != "returns":
        return f"the start section's function {start.how}: {printable(start.words, 160)}"
    return None

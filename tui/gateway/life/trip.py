"""The stations of a function's life, each held against the module: there, there with another type, or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tui.gateway.checks.imports import judge_imports
from tui.gateway.contract.model import Contract, Kind, KindStep
from tui.gateway.model import LifeStep
from tui.text import plural, printable
from tui.wasm.model import Export, ExportMode, FuncType, MemoryType, Module

MAX_LABEL: Final = 40
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


def exits_after_start(module: Module) -> bool:
    """Whether `_start` ends the instance: a command build imports proc_exit and calls it when main returns."""
    return any(entry.name == "proc_exit" and entry.kind == "func" for entry in module.imports)


def judge_steps(kind: Kind, module: Module | None) -> tuple[LifeStep, ...]:
    """Every station of the kind, held against the module."""
    return tuple(_judge(step, kind, module) for step in kind.steps)


def short_type(type_: FuncType) -> str:
    """A type in short: `(i32, i32) -> i32`."""
    results = type_.results[0] if len(type_.results) == 1 else f"({', '.join(type_.results)})"
    return f"({', '.join(type_.params)}) -> {results}"


def _judge(step: KindStep, kind: Kind, module: Module | None) -> LifeStep:
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
        return replace(blank, state="present")
    judged = _judge_export(blank, step.exports, module)
    in_place = _other_hook(step, kind, module, judged)
    return judged if in_place is None else replace(blank, state="missing", note=in_place)


def _judge_export(step: LifeStep, names: Sequence[str], module: Module) -> LifeStep:
    """`step` with the state of the first of `names` that the module exports."""
    for name in names:
        export = module.export(name)
        if export is None:
            continue
        if export.kind == "func" and export.type == step.expected:
            return replace(step, state="present", export=name, label=printable(name, MAX_LABEL))
        return _wrong(step, export)
    return replace(step, state="missing", note="not exported")


def _wrong(step: LifeStep, export: Export) -> LifeStep:
    """`step` with what the module has under that name."""
    type_ = export.type if isinstance(export.type, FuncType) else None
    found = printable(short_type(type_), 80) if type_ is not None else f"a {export.kind}"
    wanted = short_type(step.expected) if step.expected is not None else "a function"
    note = f"is {found}, the host calls {wanted}"
    return replace(step, state="wrong", export=export.name, actual=found, actual_type=type_, note=note)


def _other_hook(step: KindStep, kind: Kind, module: Module, judged: LifeStep) -> str | None:
    """What to say where the module has the other mode's hook in the place of this one; None where it does not."""
    if not set(step.exports) & set(_HOOKS):
        return None
    if judged.state == "present" and judged.export != step.exports[0]:
        # `_start` of a command build ends the instance: it stands in for `_initialize` in name only.
        dead = kind.mode is ExportMode.REACTOR and judged.export == "_start" and exits_after_start(module)
        return f"the module has {judged.export} in its place, which ends the instance" if dead else None
    other = next((name for name in _HOOKS if name not in step.exports and module.export(name) is not None), None)
    return f"the module has {other} in its place" if judged.state == "missing" and other is not None else None


def judge_helpers(kind: Kind, module: Module | None, contract: Contract) -> tuple[LifeStep, ...]:
    """What the stations lean on: an allocator and memory, where the kind or the imports ask for them."""
    helpers = []
    names = kind.allocator or _allocator_for_imports(module, contract)
    if names and contract.allocator is not None:
        label = "/".join(names) if module is None else names[0]
        wanted = LifeStep(label, names[0], "unknown", contract.allocator.type, does="lends the host memory for bytes")
        helpers.append(wanted if module is None else _judge_export(wanted, names, module))
    if kind.memory:
        helpers.append(_judge_memory(module))
    return tuple(helpers)


def _allocator_for_imports(module: Module | None, contract: Contract) -> tuple[str, ...]:
    """The allocators that would do, where the module imports a call that returns bytes; else none."""
    if module is None or contract.allocator is None:
        return ()
    groups = judge_imports(module, contract)
    return contract.allocator.names if any(one.returns_bytes for group in groups for one in group.imports) else ()


def _judge_memory(module: Module | None) -> LifeStep:
    step = LifeStep("memory", "memory", "unknown", does="where the host puts and finds bytes")
    if module is None:
        return step
    export = module.export("memory")
    if export is None or export.kind != "memory":
        return LifeStep("memory", "memory", "missing", note="not exported", does=step.does)
    size = memory_size(export.type) if isinstance(export.type, MemoryType) else None
    return LifeStep("memory", "memory", "present", actual=size, does=step.does)


def memory_size(memory: MemoryType) -> str:
    """The minimum of a memory as a person reads it: `2 pages (128 KiB)`."""
    limits = memory.limits
    return f"{plural(limits.minimum, 'page')} ({binary_size(limits.minimum * limits.page_size)})"


def binary_size(count: int) -> str:
    """A number of bytes of memory in powers of 1,024, which pages divide: `128 KiB`, `16 MiB`, `1.5 MiB`."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:,.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} B"


def load_problem(module: Module, contract: Contract) -> str | None:
    """Why the host could not even instantiate the module, in one sentence; None where it could."""
    if module.kind == "component":
        return "function.wasm is a component, not a core module"
    if module.kind != "core":
        said = module.errors[0].message if module.errors else "not WebAssembly"
        return f"function.wasm cannot be read: {printable(said, 120)}"
    if module.errors:
        return f"function.wasm is malformed: {printable(module.errors[0].message, 120)}"
    for group in judge_imports(module, contract):
        for judged in group.imports:
            if not judged.ok:
                return judged.refusal
    return None

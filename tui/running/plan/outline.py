"""What a run asks of a module: little enough to be kept beside its machine code, so that no file is decoded twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tui.wasm.module import Export, FuncType, Import


@dataclass(frozen=True, slots=True)
class Outline:
    """A module as far as a run needs it. Functions alone have a type."""

    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    imported: int = 0  # imported functions
    start: int | None = None  # the index of the start function
    start_export: str | None = None  # the export that stands for the start section
    memory: str | None = None  # the export under which wasmtime shows the memory; None: there is none
    memory_bytes: int = 0  # at start
    slow_table: bool = False  # laying out its tables outlasts any call's deadline on the gateway
    data_refusal: str | None = None  # the engine's words at instantiation


def packed(outline: Outline) -> bytes:
    """An outline as it is kept."""
    fields = [
        [[one.module, one.name, one.kind, _type(one.type)] for one in outline.imports],
        [[one.name, one.kind, one.index, _type(one.type)] for one in outline.exports],
        outline.imported,
        outline.start,
        outline.start_export,
        outline.memory,
        outline.memory_bytes,
        outline.slow_table,
        outline.data_refusal,
    ]
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def unpacked(text: bytes) -> Outline | None:
    """The outline that was kept; None where the text is none."""
    try:
        imports, exports, *rest = json.loads(text)
        return Outline(
            tuple(Import(module, name, kind, _read_type(type_)) for module, name, kind, type_ in imports),
            tuple(Export(name, kind, index, _read_type(type_)) for name, kind, index, type_ in exports),
            *rest,
        )
    except (ValueError, TypeError, RecursionError):
        return None


def _type(type_: object) -> Sequence[Any] | None:
    if not isinstance(type_, FuncType):
        return None
    return type_.params, type_.results, type_.more_params, type_.more_results, type_.digest


def _read_type(fields: list[Any] | None) -> FuncType | None:
    if fields is None:
        return None
    params, results, *rest = fields
    return FuncType(tuple(params), tuple(results), *rest)

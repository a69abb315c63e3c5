"""What differs between two modules: sections, imports, exports, packages, functions. Sorted by weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import Budget, OutOfTime
from tui.wasm.decode.decode import decode
from tui.wasm.insight import type_words
from tui.wasm.module import DecodeNote
from tui.wasm.sizes.sizes import function_sizes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui.wasm.decode.budget import Tick
    from tui.wasm.mode import ExportMode
    from tui.wasm.module import Export, ExternType, Import, Module

SIDE_BY_SIDE: Final = 10  # types of one import that are told
NOTES: Final = 10  # warnings of a module that are told


@dataclass(frozen=True, slots=True)
class SizeChange:
    """Bytes of one thing, before and after. None: it is not there on that side."""

    name: str
    old: int | None
    new: int | None
    package: str = ""  # of a function

    @property
    def delta(self) -> int:
        """Bytes gained; negative where it shrank."""
        return (self.new or 0) - (self.old or 0)

    @property
    def percent(self) -> float | None:
        """The change in percent of the old size; None where there was nothing."""
        return 100 * self.delta / self.old if self.old else None


@dataclass(frozen=True, slots=True)
class ExternChange:
    """An import or an export that came, went, or has another type. None: it is not there on that side."""

    name: str  # `module.name` of an import
    kind: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ModuleDiff:
    """The differences of two modules; what is equal on both sides is left out."""

    size: SizeChange
    mode: tuple[ExportMode, ExportMode]
    toolchain: tuple[str | None, str | None]
    sections: tuple[SizeChange, ...]
    imports: tuple[ExternChange, ...]
    exports: tuple[ExternChange, ...]
    packages: tuple[SizeChange, ...]
    functions: tuple[SizeChange, ...]
    old_errors: tuple[DecodeNote, ...] = ()
    new_errors: tuple[DecodeNote, ...] = ()
    left_out: tuple[str, ...] = ()  # what was not compared, and why

    @property
    def same(self) -> bool:
        """Whether nothing that is compared differs. `left_out` tells what was not."""
        lists = (self.sections, self.imports, self.exports, self.packages, self.functions)
        return not any(lists) and self.size.delta == 0 and self.mode[0] == self.mode[1]


def _changes(old: Mapping[str, int], new: Mapping[str, int]) -> tuple[SizeChange, ...]:
    """Entries whose sizes differ, the largest change first."""
    names = dict.fromkeys([*old, *new])
    found = [SizeChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]
    return tuple(sorted(found, key=lambda change: (-abs(change.delta), change.name)))


def _section_sizes(module: Module) -> dict[str, int]:
    """Bytes by section name with headers; sections of one name count together."""
    sizes: dict[str, int] = {}
    for section in module.sections:
        sizes[section.name] = sizes.get(section.name, 0) + section.header + section.size
    return sizes


Externs = dict[tuple[str, str], list["ExternType | None"]]  # (name, kind) -> the types that it has


def _externs(entries: Iterable[tuple[str, Import | Export]]) -> Externs:
    """Types by (name, kind). The same import may come several times, each time with another type."""
    found: Externs = {}
    for name, entry in entries:
        types = found.setdefault((name, entry.kind), [])
        if not types or types[-1] != entry.type:
            types.append(entry.type)
    return found


def _words(types: list[ExternType | None] | None) -> str | None:
    """Types side by side, the first of many."""
    if types is None:
        return None
    more = f" | and {len(types) - SIDE_BY_SIDE:,} more" if len(types) > SIDE_BY_SIDE else ""
    return " | ".join(map(type_words, types[:SIDE_BY_SIDE])) + more


def _extern_changes(old: Externs, new: Externs) -> tuple[ExternChange, ...]:
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    return tuple(ExternChange(*key, _words(old.get(key)), _words(new.get(key))) for key in keys)


def _sizes(source: bytes, module: Module, tick: Tick) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Bytes by row, and by (row, symbol). Functions without a name count together: nothing tells which is which.

    Raises OutOfTime as `function_sizes` does.
    """
    rows: dict[str, int] = {}
    functions: dict[tuple[str, str], int] = {}
    for (group, name), found in function_sizes(source, module, tick).items():
        rows[name] = sum(function.size for function in found)
        for function in found:
            key = (name, "" if group == "unnamed" else function.symbol)
            functions[key] = functions.get(key, 0) + function.size
    return rows, functions


def _function_changes(old: Mapping[tuple[str, str], int], new: Mapping[tuple[str, str], int]) -> tuple[SizeChange, ...]:
    keys = [key for key in dict.fromkeys([*old, *new]) if key[1] and old.get(key) != new.get(key)]
    found = [SizeChange(symbol, old.get((row, symbol)), new.get((row, symbol)), row) for row, symbol in keys]
    return tuple(sorted(found, key=lambda change: (-abs(change.delta), change.package, change.name)))


Changes = tuple[tuple[SizeChange, ...], tuple[SizeChange, ...]]
_Side = tuple[bytes, "Module", "Tick"]


def _code_changes(old: _Side, new: _Side) -> tuple[Changes, tuple[str, ...]]:
    """What differs by package and by function; where one side takes too long for that, nothing, and why."""
    try:
        old_rows, old_functions = _sizes(*old)
        new_rows, new_functions = _sizes(*new)
    except OutOfTime as stop:
        return ((), ()), (f"packages and functions: {stop.reason}",)
    return (_changes(old_rows, new_rows), _function_changes(old_functions, new_functions)), ()


def diff_modules(old: bytes, new: bytes, ticks: tuple[Tick, Tick] | None = None) -> ModuleDiff:
    """Compare two modules, old with new. Malformed ones are compared as far as they can be read.

    `ticks` look at the clock while functions are told apart; None gives what files of these sizes may take.
    """
    before, after = decode(old), decode(new)
    old_tick, new_tick = ticks or (Budget(len(old)).tick, Budget(len(old) + len(new)).tick)
    (packages, functions), left_out = _code_changes((old, before, old_tick), (new, after, new_tick))
    unread = [
        f"{side}: {note.message}"
        for side, module in (("old", before), ("new", after))
        if not module.complete
        for note in module.warnings[:NOTES]
    ]
    return ModuleDiff(
        size=SizeChange("file", before.size, after.size),
        mode=(before.mode, after.mode),
        toolchain=(before.toolchain, after.toolchain),
        sections=_changes(_section_sizes(before), _section_sizes(after)),
        imports=_extern_changes(
            _externs((f"{i.module}.{i.name}", i) for i in before.imports),
            _externs((f"{i.module}.{i.name}", i) for i in after.imports),
        ),
        exports=_extern_changes(
            _externs((e.name, e) for e in before.exports), _externs((e.name, e) for e in after.exports)
        ),
        packages=packages,
        functions=functions,
        old_errors=before.errors,
        new_errors=after.errors,
        left_out=() if old == new else (*unread, *left_out),
    )

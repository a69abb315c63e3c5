"""Exports in groups and imports by module, as a person looks for them."""

from __future__ import annotations

from tui.facts import Fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    from tui.wasm.module import Export, Import, Module

    ExportGroup = Literal["lifecycle", "yours", "allocator", "asyncify", "other"]

GROUPS: Final[tuple[ExportGroup, ...]] = ("lifecycle", "yours", "allocator", "asyncify", "other")
LIFECYCLE: Final = frozenset({"_start", "_initialize"})
ALLOCATOR: Final = frozenset({"malloc", "free", "calloc", "realloc", "orama_alloc", "cabi_realloc"})
# Functions that compilers and linkers export for the host's or their own sake.
_PLUMBING: Final = frozenset({"run", "resume", "getsp", "go_scheduler", "dynCall_v", "stackSave", "stackRestore"})


# What TinyGo 0.41 exports of its own C library, by its linker's doing.
_LIBRARY: Final = frozenset(
    f"{name}{suffix}" for name in ("fminimum", "fmaximum", "fminimum_num", "fmaximum_num") for suffix in ("", "f", "l")
)


class ImportModule(Fact):
    """The imports of one module name, in the order of the import section."""

    name: str
    imports: tuple[Import, ...]


def export_group(export: Export) -> ExportGroup:
    """The group of one export. `yours` are functions that neither toolchain nor linker put there."""
    name = export.name
    if export.kind != "func":
        return "other"
    if name in LIFECYCLE:
        return "lifecycle"
    if name in ALLOCATOR:
        return "allocator"
    if name.startswith("asyncify_"):
        return "asyncify"
    # TinyGo lets some symbols of its own slip out, `syscall.seek`: nobody can give an export such a name by hand.
    is_plumbing = "." in name or name.startswith(("__", "tinygo_", "emscripten_")) or name in _PLUMBING | _LIBRARY
    return "other" if is_plumbing else "yours"


def grouped_exports(module: Module) -> dict[ExportGroup, tuple[Export, ...]]:
    """All exports by group, in the order of GROUPS; a group without any is there and empty."""
    found: dict[ExportGroup, list[Export]] = {group: [] for group in GROUPS}
    for export in module.exports:
        found[export_group(export)].append(export)
    return {group: tuple(exports) for group, exports in found.items()}


def imports_by_module(module: Module) -> tuple[ImportModule, ...]:
    """Imports under their module's name, modules in the order in which they first appear."""
    found: dict[str, list[Import]] = {}
    for imported in module.imports:
        found.setdefault(imported.module, []).append(imported)
    return tuple(ImportModule(name, tuple(imports)) for name, imports in found.items())

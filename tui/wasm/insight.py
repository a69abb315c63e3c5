"""What a module's parts mean for its owner: exports and imports in groups as a person looks for them, and in words
debugging, traces, memory, types.
"""

from __future__ import annotations

from tui.facts import Fact
from tui.text import human_bytes, memory_bytes, percent, plural
from tui.wasm.module import LIFECYCLE, FuncType, GlobalType, MemoryType, TableType, TagType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    from tui.wasm.module import Export, ExternType, Import, Limits, Module

    ExportGroup = Literal["lifecycle", "yours", "allocator", "asyncify", "other"]

TINYGO_STRIP: Final = "-no-debug"
OTHER_STRIP: Final = "wasm-opt --strip-debug, or the linker's --strip-debug"
GROUPS: Final[tuple[ExportGroup, ...]] = ("lifecycle", "yours", "allocator", "asyncify", "other")
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


class DwarfShare(Fact):
    """The DWARF sections as one group, and what removes them."""

    bytes: int
    share: float  # of the file, 0 to 1
    flag: str
    keeps: str  # what stays when they go


def is_tinygo(module: Module) -> bool:
    """Whether TinyGo made it."""
    return module.toolchain is not None and module.toolchain.startswith("TinyGo")


def dwarf_share(module: Module) -> DwarfShare | None:
    """The share of `.debug_*` in the file; None where there are none."""
    if not module.dwarf_bytes:
        return None
    flag = TINYGO_STRIP if is_tinygo(module) else OTHER_STRIP
    kept = [name for name in ("name", "producers", "target_features") if any(s.name == name for s in module.sections)]
    return DwarfShare(module.dwarf_bytes, module.dwarf_bytes / module.size, flag, ", ".join(kept) or "all the rest")


def dwarf_words(module: Module) -> str | None:
    """One sentence on DWARF: its share, the exact flag that removes it, and what that keeps."""
    found = dwarf_share(module)
    if found is None:
        return None
    size = f"{human_bytes(found.bytes)}, {percent(found.share)} of the file"
    return f"DWARF: {size}; `{found.flag}` removes it and keeps {found.keeps}"


def trace_words(module: Module) -> str:
    """One sentence on what a trap's trace will show."""
    if module.kind != "core":
        return "not a core module: no traces"
    lines = " and, where the host reads DWARF, files and lines" if module.dwarf_bytes else ""
    if module.stripped is None:
        return "not read to its end: whether a trace shows function names is not known"
    if module.stripped:
        return f"stripped of names: a trace shows numbers like func[12]{lines}"
    return f"names kept: a trace shows function names{lines}"


def memory_words(limits: Limits) -> str:
    """A memory's limits: `32 pages (2 MiB), no maximum`."""
    text = f"{plural(limits.minimum, 'page')} ({memory_bytes(limits.minimum * limits.page_size)})"
    if limits.maximum is None:
        text += ", no maximum"
    else:
        text += f", at most {limits.maximum:,} ({memory_bytes(limits.maximum * limits.page_size)})"
    marks = [(limits.shared, "shared"), (limits.is64, "64-bit"), (limits.page_size != 65536, _page_words(limits))]
    return ", ".join([text, *(word for is_so, word in marks if is_so)])


def _page_words(limits: Limits) -> str:
    return f"pages of {memory_bytes(limits.page_size)}"


def table_words(limits: Limits) -> str:
    """A table's limits: `1,204 entries, at most 1,204`."""
    entries = f"{limits.minimum:,} entries" if limits.minimum != 1 else "1 entry"
    return f"{entries}, no maximum" if limits.maximum is None else f"{entries}, at most {limits.maximum:,}"


def type_words(found: ExternType | None) -> str:
    """E.g. `(i32,i32)->i64`, `2 pages (128 KiB), no maximum`, `mut i32`; `?` where the module does not say."""
    if isinstance(found, FuncType):
        return str(found)
    if isinstance(found, TagType):
        return "?" if found.type is None else f"({','.join(found.type.params)})"
    if isinstance(found, MemoryType):
        return memory_words(found.limits)
    if isinstance(found, TableType):
        return f"{found.element}, {table_words(found.limits)}"
    if isinstance(found, GlobalType):
        return f"mut {found.value}" if found.mutable else found.value
    return "?"

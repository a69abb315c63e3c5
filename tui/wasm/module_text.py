"""A Module as text for people: columns that fit a pull request. Names are cut; escaping is the printer's duty."""

from __future__ import annotations

from tui.text import human_bytes, offset, percent, plural
from tui.wasm.insight import (
    dwarf_words,
    grouped_exports,
    imports_by_module,
    memory_words,
    table_words,
    trace_words,
    type_words,
)
from tui.wasm.module import LIFECYCLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final

    from tui.wasm.module import DecodeNote, Module
    from tui.wasm.sizes.size_report import Retained, SizeReport
    from tui.wasm.validate import Validation

NAME_LIMIT: Final = 200  # characters of a name from a module
LINES: Final = 200  # of one list; the rest are counted
TOP_FUNCTIONS: Final = 5  # of each package
BAR: Final = 20  # characters of a full bar
KIND_WORDS: Final = {"core": "core module", "not-wasm": "not WebAssembly", "unknown": "unknown version"}
MODE_WORDS: Final = {
    "command": "command (_start)",
    "reactor": "reactor (_initialize)",
    "both": "both _start and _initialize: contradictory",
    "library": "library (neither _start nor _initialize)",
    "unknown": "mode unknown (exports not read to their end)",
}


def kind_words(module: Module) -> str:
    """What a file is."""
    shapes = {"object": "relocatable object file: link it first", "shared": "shared library: it needs a dynamic linker"}
    return shapes.get(module.shape) or KIND_WORDS.get(module.kind, module.kind)


def mode_words(module: Module) -> str:
    """The export mode; of a hook that is there in another form, what it is instead."""
    odd = next((e for e in module.exports if e.name in LIFECYCLE), None) if module.mode == "library" else None
    if odd is None:
        return MODE_WORDS[module.mode]
    what = type_words(odd.type) if odd.kind == "func" else f"a {odd.kind}"
    return f"library ({odd.name} is exported, but as {what}: a host calls ()->())"


def cut(name: str) -> str:
    """A name from a module, cut to a length that fits a line; an empty one as two quotes."""
    if not name:
        return '""'
    return name if len(name) <= NAME_LIMIT else name[: NAME_LIMIT - 1] + "…"


def bar(share: float) -> str:
    """A share as a bar of up to 20 marks; any share above nothing shows one."""
    return "#" * (max(1, round(share * BAR)) if share > 0 else 0)


def _head(path: str, module: Module) -> Iterator[str]:
    words = [path, human_bytes(module.size), kind_words(module)]
    if module.kind == "core" and not module.shape:
        words.append(mode_words(module))
    if module.toolchain:
        words.append(module.toolchain)
    yield " · ".join(map(cut, words))
    if module.kind == "core" and module.sections:
        yield f"  {trace_words(module)}"
        dwarf = dwarf_words(module)
        if dwarf:
            yield f"  {dwarf}"


def note_lines(title: str, notes: tuple[DecodeNote, ...]) -> Iterator[str]:
    """Errors or warnings with their offsets, under a title."""
    if notes:
        yield title
    for note in notes[:LINES]:
        yield f"  {offset(note.offset)}  {cut(note.message)}"
    if len(notes) > LINES:
        yield f"  and {len(notes) - LINES:,} more"


def _sections(module: Module) -> Iterator[str]:
    if not module.sections:
        return
    yield f"sections ({len(module.sections):,})"
    width = min(max(len(s.name) for s in module.sections[:LINES]), 32)
    yield f"  {'name':<{width}}      offset        size   share     count"
    for section in module.sections[:LINES]:
        whole = section.header + section.size
        share = whole / module.size
        count = "" if section.count is None else f"{section.count:,}"
        name = section.name if len(section.name) <= width else section.name[: width - 1] + "…"
        size = f"{human_bytes(whole):>10}  {percent(share):>7}"
        yield f"  {name:<{width}}  {offset(section.offset):>10}  {size}  {count:>8}  {bar(share)}".rstrip()
    if len(module.sections) > LINES:
        yield f"  and {len(module.sections) - LINES:,} more"


def _imports(module: Module) -> Iterator[str]:
    if module.imports:
        yield f"imports ({module.counts.imports:,})"
    left = LINES
    for group in imports_by_module(module):
        if left <= 0:
            break
        yield f"  {cut(group.name)} ({len(group.imports):,})"
        for entry in group.imports[:left]:
            yield f"    {entry.kind:<6} {cut(entry.name)}  {type_words(entry.type)}"
        left -= len(group.imports)
    if left < 0:
        yield f"  and {-left:,} more"


def _exports(module: Module) -> Iterator[str]:
    if module.exports:
        yield f"exports ({module.counts.exports:,})"
    for group, exports in grouped_exports(module).items():
        if exports:
            yield f"  {group} ({len(exports):,})"
        for entry in exports[:LINES]:
            yield f"    {entry.kind:<6} {cut(entry.name)}  {type_words(entry.type)}"
        if len(exports) > LINES:
            yield f"    and {len(exports) - LINES:,} more"


def _spaces(module: Module) -> Iterator[str]:
    """Memories and tables, the first of many."""
    for memory in module.memories[:LINES]:
        yield f"memory: {memory_words(memory.limits)}"
    if module.counts.memories > LINES:
        yield f"  and {module.counts.memories - LINES:,} more memories"
    for table in module.tables[:LINES]:
        yield f"table: {table.element}, {table_words(table.limits)}"
    if module.counts.tables > LINES:
        yield f"  and {module.counts.tables - LINES:,} more tables"


def _rest(module: Module) -> Iterator[str]:
    functions, segments = module.functions, module.segments
    if functions.defined or functions.imported:
        size = "" if "code_bytes" in module.not_counted else f" ({human_bytes(functions.code_bytes)})"
        yield f"functions: {functions.defined:,} defined{size}, {functions.imported:,} imported"
    yield from _spaces(module)
    if segments.data:
        passive = f", {segments.passive_data:,} passive" if segments.passive_data else ""
        size = "" if "data_bytes" in module.not_counted else f", {human_bytes(segments.data_bytes)}"
        yield f"data: {plural(segments.data, 'segment')}{size}{passive}"
    if segments.elements:
        entries = "" if "element_entries" in module.not_counted else f", {segments.element_entries:,} entries"
        yield f"elements: {plural(segments.elements, 'segment')}{entries}"
    if module.start is not None:
        yield f"start function: {module.start:,}"
    if module.build_id:
        yield f"build id: {cut(module.build_id)}"
    if module.target_features:
        yield f"target features: {cut(' '.join(module.target_features))}"
    for field, pairs in module.producers.items():
        yield f"{cut(field)}: {cut(', '.join(f'{name} {version}'.strip() for name, version in pairs))}"
    for near in module.headroom:
        yield f"headroom: {near.used:,} of {near.limit:,} {near.what} ({percent(near.share)})"


def _children(module: Module) -> Iterator[str]:
    if module.kind != "component":
        return
    yield "a component: a core host cannot run it"
    for title, names in (("imports", module.component_imports), ("exports", module.component_exports)):
        if names:
            yield f"{title} of the component ({len(names):,})"
        for kind, name in names[:LINES]:
            yield f"  {kind:<11} {cut(name)}"
        if len(names) > LINES:
            yield f"  and {len(names) - LINES:,} more"
    is_wit = any(section.name.startswith("component-type") for section in module.sections)
    if not module.children:
        yield "no module inside: a WIT package, types only" if is_wit else "no module or component inside"
        return
    yield "modules and components inside"
    for child in module.children[:LINES]:
        kind = kind_words(child)
        mode = f", {mode_words(child)}" if child.kind == "core" and not child.shape else ""
        yield f"  {offset(child.offset):>10}  {human_bytes(child.size):>8}  {kind}{mode}"


def module_lines(path: str, module: Module) -> Iterator[str]:
    """The lines of `fn-tui inspect`."""
    yield from _head(path, module)
    yield from note_lines("errors", module.errors)
    yield from note_lines("warnings", module.warnings)
    yield from _children(module)
    yield from _sections(module)
    yield from _imports(module)
    yield from _exports(module)
    yield from _rest(module)


def size_lines(report: SizeReport, retained: Retained | None) -> Iterator[str]:
    """Rows by package with their largest functions, own and retained."""
    yield f"code by package ({human_bytes(report.code_bytes)})"
    if report.retained_note:
        yield f"  retained sizes are not shown: {report.retained_note}"
    if report.inlined:
        yield f"  {report.inlined}"
    rows: Mapping[str, int] = retained.rows if retained else {}
    yield f"  {'own':>10}   share  {'retained':>10}"
    for row in report.rows[:LINES]:
        share = report.share(row.size)
        kept = human_bytes(rows[row.name]) if row.name in rows else ""
        yield f"  {human_bytes(row.size):>10}  {percent(share):>7}  {kept:>10}  {cut(row.name)}  {bar(share)}".rstrip()
        for function in row.functions[:TOP_FUNCTIONS]:
            kept = human_bytes(retained.functions[function.index]) if retained else ""
            yield f"  {human_bytes(function.size):>10}  {'':6}  {kept:>10}    {cut(function.name)}"
    if len(report.rows) > LINES:
        yield f"  and {len(report.rows) - LINES:,} more"


def validation_line(verdict: Validation) -> str:
    """Full validation on one line."""
    if verdict.ok:
        return "full validation: valid"
    line = f"full validation: {verdict.outcome}: {verdict.message}"
    if verdict.offset is not None:
        line += f" at 0x{verdict.offset:x}"
    if verdict.symbol is not None:
        line += f", in {cut(verdict.symbol)} ({cut(verdict.package or '')})"
    return line

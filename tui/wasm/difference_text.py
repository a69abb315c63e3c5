"""The differences of two modules as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.text import human_bytes, signed_bytes, signed_percent
from tui.wasm.module_text import LINES, cut, note_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui.wasm.diff import ExternChange, ModuleDiff, SizeChange


def percent_words(change: SizeChange) -> str:
    """A change in percent: `+12.5 %`; `new` and `gone` where one side lacks it."""
    if change.old is None:
        return "new"
    if change.new is None:
        return "gone"
    return "" if change.percent is None else signed_percent(change.percent / 100)


def _size_lines(title: str, changes: Sequence[SizeChange]) -> Iterator[str]:
    if changes:
        yield f"{title} ({len(changes):,} changed)"
    for change in changes[:LINES]:
        sides = " -> ".join("-" if side is None else human_bytes(side) for side in (change.old, change.new))
        name = f"{cut(change.package)}: {cut(change.name)}" if change.package else cut(change.name)
        yield f"  {signed_bytes(change.delta):>10}  {percent_words(change):>10}  {name}  ({sides})"
    if len(changes) > LINES:
        yield f"  and {len(changes) - LINES:,} more"


def _extern_lines(title: str, changes: Sequence[ExternChange]) -> Iterator[str]:
    if changes:
        yield f"{title} ({len(changes):,} changed)"
    for change in changes[:LINES]:
        if change.old is None:
            yield f"  + {change.kind:<6} {cut(change.name)}  {change.new}"
        elif change.new is None:
            yield f"  - {change.kind:<6} {cut(change.name)}  {change.old}"
        else:
            yield f"  ~ {change.kind:<6} {cut(change.name)}  {change.old} -> {change.new}"
    if len(changes) > LINES:
        yield f"  and {len(changes) - LINES:,} more"


def diff_lines(old: str, new: str, found: ModuleDiff) -> Iterator[str]:
    """The lines of `fn-tui diff`."""
    yield f"{old} -> {new}"
    yield from note_lines(f"errors in {old}", found.old_errors)
    yield from note_lines(f"errors in {new}", found.new_errors)
    for words in found.left_out:
        yield f"not compared: {words}"
    if found.same:
        yield "no difference in what was compared" if found.left_out else "no difference"
        return
    yield from _size_lines("size", [found.size] if found.size.delta else [])
    if found.mode[0] != found.mode[1]:
        yield f"mode: {found.mode[0]} -> {found.mode[1]}"
    if found.toolchain[0] != found.toolchain[1]:
        yield f"toolchain: {found.toolchain[0] or 'not known'} -> {found.toolchain[1] or 'not known'}"
    yield from _extern_lines("imports", found.imports)
    yield from _extern_lines("exports", found.exports)
    yield from _size_lines("sections", found.sections)
    yield from _size_lines("packages", found.packages)
    yield from _size_lines("functions", found.functions)

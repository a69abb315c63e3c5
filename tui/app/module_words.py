"""What a module is, in short words with units: size and difference, memory, functions, names. Pure."""

from __future__ import annotations

import time
from typing import Final

from tui.app.lines import outside
from tui.app.roles import Part
from tui.text import human_bytes, plural
from tui.wasm.model import ExternType, FuncType, GlobalType, Limits, MemoryType, Module, TableType

_BINARY: Final = (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))
_TOO_MANY: Final = 1 << 48


def binary_bytes(count: int) -> str:
    """Bytes in powers of 1,024, which pages divide: `128 KiB`, `1.5 MiB`."""
    for unit, size in _BINARY:
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} B"


def pages(count: int, page_size: int = 65536) -> str:
    """Pages of memory, and what they are: `2 pages (128 KiB)`."""
    return f"{plural(count, 'page')} ({binary_bytes(count * page_size)})"


def memory_words(limits: Limits) -> str:
    """A memory's limits: `2 pages (128 KiB), at most 16 pages (1 MiB)`."""
    words = pages(limits.minimum, limits.page_size)
    if limits.maximum is None:
        words += ", no maximum"
    elif limits.maximum >= _TOO_MANY:
        words += f", at most {limits.maximum:,} pages"
    else:
        words += f", at most {pages(limits.maximum, limits.page_size)}"
    return words + (", shared" if limits.shared else "") + (", 64-bit" if limits.is64 else "")


def table_words(limits: Limits) -> str:
    """A table's limits: `120 entries, at most 120`."""
    most = f", at most {limits.maximum:,}" if limits.maximum is not None else ", no maximum"
    return f"{limits.minimum:,} entries{most}" + (", 64-bit" if limits.is64 else "")


def type_words(type_: ExternType | None) -> str:
    """What an import or export is: a signature, limits, a global's type; `?` where the module does not say."""
    if isinstance(type_, FuncType):
        return str(type_)
    if isinstance(type_, MemoryType):
        return memory_words(type_.limits)
    if isinstance(type_, TableType):
        return f"{type_.element}, {table_words(type_.limits)}"
    if isinstance(type_, GlobalType):
        return f"mut {type_.value}" if type_.mutable else type_.value
    return "?" if type_ is None else str(type_.type or "?")


def signed_bytes(count: int) -> str:
    """A difference in bytes with its sign: `+4.1 KB`, `-874 B`, `±0`."""
    return "±0" if count == 0 else f"{'+' if count > 0 else '-'}{human_bytes(abs(count))}"


def difference(new: int, old: int | None) -> Part | None:
    """How much larger or smaller than before, with percent; None where nothing is known of before."""
    if old is None:
        return None
    percent = f" ({(new - old) / old:+.1%})" if old and new != old else ""
    role = "muted" if new == old else "warn" if new > old else "ok"
    return Part(f"{signed_bytes(new - old)}{percent} since the build before", role)


def function_words(module: Module) -> str:
    """`1,204 functions (24 imported), 90 KB of code`."""
    counts = module.functions
    words = plural(counts.defined, "function")
    if counts.imported:
        words += f" and {counts.imported:,} imported"
    return f"{words}, {human_bytes(counts.code_bytes)} of code"


def toolchain_part(module: Module) -> Part:
    """Who made the module."""
    return outside(module.toolchain, limit=60) if module.toolchain else Part("toolchain unknown", "muted")


def clock(moment: float) -> str:
    """A POSIX time as a person reads it: `14:02` today, else with the date."""
    then, now = time.localtime(moment), time.localtime()
    today = (then.tm_year, then.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)

"""What a module is, in short words with units: size and difference, functions, times. Pure."""

from __future__ import annotations

import time

from tui.app.colours.roles import Part
from tui.app.rows.lines import outside
from tui.text import human_bytes, plural, signed_bytes, signed_percent
from tui.wasm.module import Module


def difference(new: int, old: int | None) -> Part | None:
    """How much larger or smaller than before, with percent; None where nothing is known of before."""
    if old is None:
        return None
    share = (new - old) / old if old else 0.0
    percent = f" ({signed_percent(share)})" if abs(share) >= 0.0005 else ""
    role = "muted" if new == old else "warn" if new > old else "ok"
    return Part(f"{signed_bytes(new - old)}{percent} since the one before", role)


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
    """A POSIX time as a person reads it: `14:02` today, else with the date. A disk may hold times that are none."""
    try:
        then, now = time.localtime(moment), time.localtime()
    except (OverflowError, ValueError, OSError):
        return "at no time"
    today = (then.tm_year, then.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M" if today else "%Y-%m-%d %H:%M", then)

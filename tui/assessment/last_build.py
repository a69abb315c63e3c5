"""Whether the last build on record is still the news: it did not end well, and one now would do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.building.compilers import by_name

if TYPE_CHECKING:
    from tui.building.compilers.chosen import InUse
    from tui.building.plan.build_plan import BuildPlan
    from tui.building.record.history import BuildRecord, History

_SAME: Final = 1e-5  # seconds; a time as a float has no nanoseconds


def still_the_news(
    history: History, fingerprint: str, modified: float | None, plan: BuildPlan, compiler: InUse
) -> BuildRecord | None:
    """The last build, where it failed or was cancelled and the inputs, the mode and the compiler are what they were.

    `fingerprint` is that of the inputs now, `modified` the POSIX time of function.wasm.
    """
    last = history.last
    if last is None or last.status not in ("failed", "cancelled") or last.fingerprint != fingerprint:
        return None
    if last.mode != plan.mode or (modified is not None and _made_since(history, last, modified)):
        return None  # another build would run now, or somebody built it since, outside
    return None if _another(last, compiler) else last


def _made_since(history: History, last: BuildRecord, modified: float) -> bool:
    """Whether the module is newer than the last build. One on record is not, whatever the clock said then."""
    made = history.last_built
    known = made.wasm_modified_ns if made is not None else None
    return modified > last.finished and (known is None or abs(known / 1e9 - modified) > _SAME)


def _another(last: BuildRecord, compiler: InUse) -> bool:
    """Whether the compiler that failed is there in another version now, or at all."""
    if last.compiler != compiler.name:
        return False
    if last.error == by_name(compiler.name).words.missing:
        return compiler.program is not None
    return None not in (last.compiler_version, compiler.version) and last.compiler_version != compiler.version

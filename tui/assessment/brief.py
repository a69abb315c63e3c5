"""What lists tell of a function's module and builds: enough for thousands of functions of which one is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.facts import Fact

if TYPE_CHECKING:
    from tui.building.record.history import BuildRecord
    from tui.gateway.verdict import Life
    from tui.wasm.mode import ExportMode
    from tui.wasm.module import Module


class Brief(Fact):
    """The little of module, life and builds that is asked for where many functions are shown."""

    size: int | None = None  # bytes of the module
    complete: bool = False  # whether there is a module that was read to its end
    mode: ExportMode | None = None  # of a module that was read without a fault
    matches: bool | None = None  # whether that is the mode that the config asks for; None where neither is known
    built: float | None = None  # POSIX time at which the last build on record ended
    good: tuple[BuildRecord, ...] = ()  # the last good build by each compiler, latest first


def brief_of(module: Module | None, life: Life | None, history: Iterable[BuildRecord]) -> Brief:
    """The little that lists tell, of all that is known."""
    builds = list(history)
    good = {build.compiler: build for build in builds if build.status == "built"}
    return Brief(
        size=module.size if module is not None else None,
        complete=module is not None and module.complete,
        mode=module.mode if module is not None and module.ok else None,
        matches=life.matches if life is not None else None,
        built=builds[-1].finished if builds else None,
        good=tuple(sorted(good.values(), key=lambda build: -build.finished)),
    )

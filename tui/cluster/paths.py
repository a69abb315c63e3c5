"""Paths of a worker in what a compiler prints, as they are on the person's own machine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

from tui.building.plan.build_plan import BuildPlan
from tui.cluster.modules import module_cache


@cache
def installed_in(program: str) -> str:
    """The folder that a compiler was installed into: its own sources may stand in errors."""
    return str(Path(program).resolve().parent.parent)


class Mapped:
    """Folders there, as they are here: the root of what was sent under its two names, the module cache, where the
    compiler is installed.
    """

    def __init__(self, plan: BuildPlan, root: Path, there: Sequence[str]) -> None:
        self._plan, self._root, self._there = plan, root, there

    @cached_property
    def _pairs(self) -> tuple[tuple[str, str], ...]:
        """There, here. Not before there is a line: most builds print none."""
        here = (
            str(self._root),
            str(self._root),
            str(module_cache(os.environ)),
            installed_in(self._plan.executable or "/"),
        )
        pairs = [(one.rstrip("/"), other.rstrip("/")) for one, other in zip(self._there, here, strict=True)]
        return tuple(pair for pair in pairs if pair[0].count("/") > 1 and pair[0] != pair[1])

    def back(self, line: str) -> str:
        """A line with the paths of this machine."""
        for there, here in self._pairs:
            if there in line:
                line = line.replace(f"{there}/", f"{here}/").replace(there, here or "/")
        return line

"""The modules around a function, as they bear on how it is built."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui.building.compilers import by_name

if TYPE_CHECKING:
    from tui.building.plan.build_plan import BuildPlan


def fitted(plan: BuildPlan) -> BuildPlan:
    """The plan as it suits the modules around its directory."""
    return by_name(plan.compiler).fitted(plan)


def is_vendored(directory: Path) -> bool:
    """Whether the dependencies lie in a vendor folder: that of the module, or that of the workspace (go.work)."""
    homes = (_nearest(directory, "go.mod"), _workspace(directory))
    return any(home is not None and os.path.isfile(home / "vendor" / "modules.txt") for home in homes)


def _workspace(directory: Path) -> Path | None:
    """The folder of the go.work that Go would use here: the one that GOWORK names, or one in this folder or above."""
    named = os.environ.get("GOWORK", "")
    if named:
        return Path(named).parent if named != "off" else None
    return _nearest(directory, "go.work")


def _nearest(directory: Path, name: str) -> Path | None:
    """The innermost of this folder and those above that holds such a file."""
    return next((folder for folder in (directory, *directory.parents) if os.path.isfile(folder / name)), None)

"""Where stock Go may not be told `-mod=readonly`: it would pass a vendor folder by and ask the network. There Go's own
choice is right: it takes the vendor folder, and edits nothing either.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.building.plan.model import BuildPlan


def fitted(plan: BuildPlan) -> BuildPlan:
    """The plan as it suits the modules around its directory; unchanged for TinyGo, which is given no such flag."""
    if "GOFLAGS" not in plan.env_defaults or not is_vendored(plan.cwd):
        return plan
    kept = {name: value for name, value in plan.env_defaults.items() if name != "GOFLAGS"}
    return replace(plan, env_defaults=kept)


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

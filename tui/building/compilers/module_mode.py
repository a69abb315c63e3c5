"""Where `-mod=mod` may not be given to stock Go: in a workspace (go.work) Go refuses it, and it would pass a vendor
folder by and ask the network. In both cases Go stays off the network by itself.
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
    if "GOFLAGS" not in plan.env_defaults or not (in_workspace(plan.cwd) or is_vendored(plan.cwd)):
        return plan

    kept = {name: value for name, value in plan.env_defaults.items() if name != "GOFLAGS"}
    return replace(plan, env_defaults=kept)


def in_workspace(directory: Path) -> bool:
    """Whether Go would use a go.work here: the one that GOWORK names, or one in this folder or above."""
    named = os.environ.get("GOWORK", "")
    if named:
        return named != "off"
    return any(os.path.isfile(folder / "go.work") for folder in (directory, *directory.parents))


def is_vendored(directory: Path) -> bool:
    """Whether the module that the directory belongs to has its dependencies in a vendor folder."""
    for folder in (directory, *directory.parents):
        if os.path.isfile(folder / "go.mod"):
            return os.path.isfile(folder / "vendor" / "modules.txt")
    return False

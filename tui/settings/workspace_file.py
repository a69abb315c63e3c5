"""Where a workspace keeps settings of its own. Imports next to nothing: every command looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

WORKSPACE_FILE: Final = ".fn-tui.toml"


def find_workspace_file(folder: Path) -> Path | None:
    """Where the settings of a workspace lie: in the folder, or in the nearest above it that has some.

    Not above a repository's top (.git), nor from the home folder upwards; and above the folder itself only what is
    ours or root's, since anybody may put a file into /tmp. Never raises.
    """
    first = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would leave by links
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where there is none
    for each in (first, *first.parents):
        candidate = each / WORKSPACE_FILE
        if os.path.lexists(candidate) and (each == first or _is_ours(candidate)):
            return candidate
        if os.path.lexists(each / ".git") or each == home:
            break
    return None


def _is_ours(path: Path) -> bool:
    try:
        return os.lstat(path).st_uid in (0, os.geteuid())
    except OSError:
        return False

"""Where a workspace keeps settings of its own. Imports next to nothing: every command looks, and the first frame."""

# ruff: noqa: PTH100, PTH111, PTH118, PTH120 (pathlib is slow to load)

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Final

WORKSPACE_FILE: Final = ".fn-tui.toml"


def find_workspace_file(folder: Path) -> Path | None:
    """Where the settings of a workspace lie: in the folder, or in the nearest above it that has some.

    Not above a repository's top (.git), nor from the home folder upwards; and above the folder itself only what is
    ours or root's, since anybody may put a file into /tmp. Never raises.
    """
    found = named_workspace_file(os.fspath(folder))
    if found is None:
        return None
    from pathlib import Path

    return Path(found)


def named_workspace_file(folder: str) -> str | None:
    """The same as `find_workspace_file`, for those who have no time for a Path."""
    first = each = os.path.abspath(folder)  # resolving links would leave by them
    home = os.path.expanduser("~").rstrip("/")
    while True:
        candidate = os.path.join(each, WORKSPACE_FILE)
        if os.path.lexists(candidate) and (each == first or _is_ours(candidate)):
            return candidate
        above = os.path.dirname(each)
        if os.path.lexists(os.path.join(each, ".git")) or each in (home, above):
            return None
        each = above


def _is_ours(path: str) -> bool:
    try:
        return os.lstat(path).st_uid in (0, os.geteuid())
    except OSError:
        return False

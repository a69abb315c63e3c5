"""What files and folders of a workspace are called, and the order of paths.

Imports next to nothing: the first frame asks.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

YAML_NAME: Final = "function.yaml"
GO_NAME: Final = "function.go"
# Other people's code and tools' own folders; hidden folders (.git among them) are known by their dot.
SKIPPED_FOLDERS: Final = frozenset({"node_modules", "vendor"})


def module_command(folder_name: str) -> str:
    """What makes a go.mod for a function in a folder of that name, under a path that Go takes."""
    plain = folder_name.isascii() and folder_name.replace("-", "").replace("_", "").isalnum()
    return f"go mod init {folder_name if plain and folder_name[0].isalnum() else 'function'}"


def is_skipped(folder_name: str) -> bool:
    """Whether a folder of that name is never searched (hidden, node_modules, vendor)."""
    return folder_name.startswith(".") or folder_name in SKIPPED_FOLDERS


def sort_key(path: str) -> str:
    """Order of paths: folder by folder, as a tree is read ("a/b" before "a-b"); the workspace itself first."""
    return "" if path == "." else path.replace("/", "\0")  # no name holds a NUL, and nothing is less


def below_home(folder: str) -> str:
    """An absolute folder as a person writes it: below the home folder with `~`."""
    home = os.path.expanduser("~").rstrip("/")  # noqa: PTH111 (pathlib is slow to load)
    if folder == home:
        return "~/."
    return f"~{folder[len(home) :]}" if home and folder.startswith(f"{home}/") else folder

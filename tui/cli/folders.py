"""Whether a path that somebody gave is a folder that can be opened, and if not, why."""

from __future__ import annotations

import os
import stat

# What every command says of a folder without functions.
NO_FUNCTIONS = "no functions in {}: a function is a folder with function.yaml or function.go (fn-tui new makes one)"


def folder_fault(path: str) -> str | None:
    """Why `path` is no folder, as a sentence that names it; None if it is one. Never raises.

    pathlib's own question raises where a folder above it may not be searched.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a Path would turn "" into "."
    except FileNotFoundError:
        return f"{path}: no such directory"
    except (OSError, ValueError) as error:
        return f"{path}: {(error.strerror if isinstance(error, OSError) else None) or error}"
    return None if stat.S_ISDIR(mode) else f"{path} is not a directory"


def below(typed: str, relative: str) -> str:
    """The folder `relative` to a workspace as the person would type it, who typed the workspace as `typed`."""
    if relative == ".":
        return typed
    return relative if typed == "." else os.path.join(typed, relative)  # noqa: PTH118 - keeps "./"


def place(typed: str) -> dict[str, object]:
    """What every record says of where a function lies: `dir` as it was typed, `path` absolute (links kept)."""
    return {"dir": typed, "path": os.path.abspath(typed)}  # noqa: PTH100 - resolve() would follow links


def no_functions(*typed: str) -> str:
    """That there is no function in these folders."""
    return NO_FUNCTIONS.format(", ".join(typed))

"""Which validator is installed, if any. Loads nothing of it, and nothing else: every command asks."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from typing import Final

VALIDATOR: Final = "wasmtime"
_INSTALLED: Final = ".dist-info"


@cache
def validator_version() -> str:
    """The validator's version; "" where the extra is not installed, "unknown" where its installer left no word of it.

    By the name of the folder that installers write beside a package. importlib.metadata reads the same folder, and
    loads mail, archives and calendars for it: a third of what `check` loads.
    """
    spec = find_spec(VALIDATOR)
    if spec is None:
        return ""
    for place in spec.submodule_search_locations or ():
        for name in _listed(os.path.dirname(place)):  # noqa: PTH120 -- pathlib does the same with more steps
            if name.startswith(f"{VALIDATOR}-") and name.endswith(_INSTALLED):
                return name.removeprefix(f"{VALIDATOR}-").removesuffix(_INSTALLED)
    return "unknown"


def is_available() -> bool:
    """Whether the extra is installed; imports nothing."""
    return find_spec(VALIDATOR) is not None


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 -- pathlib does the same with more steps
    except OSError:
        return []

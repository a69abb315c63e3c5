"""Where `dev` serves: the workspace, the address, and by what clients may come in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

TOKEN_VARIABLE: Final = "FN_TUI_DEV_TOKEN"  # noqa: S105 -- a variable's name


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen, and who may come in."""

    host: str
    port: int
    is_local: bool


def workspace_of(args: argparse.Namespace) -> Path:
    """The workspace, absolute."""
    return Path(os.path.abspath(args.workspace))  # noqa: PTH100 - resolve() would lose the path as it was given

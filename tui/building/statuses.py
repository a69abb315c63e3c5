"""How a build ended, in the word that the screen and the command line say of it. In JSON the status itself stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# By BuildStatus, in the order in which many are summed up.
WORDS: Final[Mapping[str, str]] = {
    "built": "built",
    "failed": "failed",
    "cancelled": "cancelled",
    "lost": "not built",
    "skipped": "up to date",
}

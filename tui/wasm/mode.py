"""The export mode of a module. Apart from all else that is told of one: lists ask for nothing more."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, Literal

    # Which WASI life-cycle hook a module exports, by kind and signature, not by name alone: _start ()->(),
    # _initialize ()->(), both, neither; not known where the exports were not read to their end.
    ExportMode = Literal["command", "reactor", "both", "library", "unknown"]

MODES: Final[tuple[ExportMode, ...]] = ("command", "reactor", "both", "library", "unknown")

"""The export mode of a module. Apart from all else that is told of one: lists ask for nothing more."""

from __future__ import annotations

from enum import StrEnum


class ExportMode(StrEnum):
    """Which WASI life-cycle hook a module exports, by kind and signature, not by name alone."""

    COMMAND = "command"  # _start ()->()
    REACTOR = "reactor"  # _initialize ()->()
    BOTH = "both"
    LIBRARY = "library"  # neither
    UNKNOWN = "unknown"  # the exports were not read to their end

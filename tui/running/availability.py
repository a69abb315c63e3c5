"""Whether there is an engine; loads nothing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

EXTRA: Final = "there is no engine to run it: pip install 'fn-tui[run]' adds one (wasmtime)"


def is_available() -> bool:
    """Whether the extra `run` is installed."""
    return find_spec("wasmtime") is not None

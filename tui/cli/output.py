"""How subcommands print: one JSON object a line for programs, escaped text for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from tui.text import printable


def emit(record: Mapping[str, object]) -> None:
    """Print one JSON object on one line of stdout, as UTF-8 whatever the locale says."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # Surrogates (file names that are not UTF-8) cannot be encoded: escape just those, so that the line stays valid.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace" if not line.isascii() else "strict") + b"\n")
    sys.stdout.buffer.flush()


def say(*lines: str) -> None:
    """Print lines for people on stdout; control characters of outside text are escaped."""
    for line in lines:
        sys.stdout.write(printable(line).encode(sys.stdout.encoding or "utf-8", "backslashreplace").decode(sys.stdout.encoding or "utf-8") + "\n")
    sys.stdout.flush()


def complain(message: str) -> None:
    """Print one line for people on stderr."""
    sys.stderr.write(f"fn-tui: {printable(message)}\n")

"""How subcommands print: one JSON object a line for programs, escaped text for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from tui.text import printable


def emit(record: Mapping[str, object]) -> None:
    """Print one JSON object on one line of stdout, as UTF-8 whatever the locale says."""
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate (a file name that is not UTF-8) becomes \udcXX, which is a valid JSON escape.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def say(*lines: str) -> None:
    """Print lines for people on stdout; control characters of outside text are escaped."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        safe = printable(line).encode(encoding, "backslashreplace").decode(encoding)
        sys.stdout.write(safe + "\n")
    sys.stdout.flush()


def complain(message: str) -> None:
    """Print one line for people on stderr."""
    sys.stderr.write(f"fn-tui: {printable(message)}\n")

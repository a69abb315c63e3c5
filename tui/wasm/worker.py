"""The second process of this room: `python -m tui.wasm.worker retained|validate SIZE`.

Reads SIZE bytes of a module on stdin and prints one JSON object on stdout. Ends at once where stdin ends too early: its
parent is gone.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = dict[str, object]

POLITENESS: Final = 5  # added to the nice value: the screen goes first


def _retained(source: bytes) -> Answer:
    from tui.wasm.sizes.retained import retained_sizes

    module = decode(source)
    found = retained_sizes(source, module)
    return {
        "first": module.functions.imported,
        "functions": list(found.functions.values()),
        "dominators": list(found.dominators.values()),
        "rows": dict(found.rows),
        "seconds": found.seconds,
        "note": found.note,
    }


def _validate(source: bytes) -> Answer:
    from tui.wasm.validate import validate

    found = validate(source)
    return {"verdict": None if found is None else [getattr(found, name) for name in found.__slots__]}


TASKS: Final[dict[str, Callable[[bytes], Answer]]] = {"retained": _retained, "validate": _validate}


def main(argv: list[str]) -> int:
    """Do the task that `argv` names; gives the exit code."""
    if len(argv) != 2 or argv[0] not in TASKS or not argv[1].isdecimal():
        sys.stderr.write(f"usage: python -m tui.wasm.worker {'|'.join(TASKS)} SIZE <FILE\n")
        return 2
    size = int(argv[1])
    os.nice(POLITENESS)
    source = sys.stdin.buffer.read(size)
    if len(source) != size:
        return 1
    sys.stdout.write(json.dumps(TASKS[argv[0]](source)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The import paths of the packages in a module by stock Go: its function table in memory keeps what symbols flatten.

The linker writes `mymod/sub.Work` as `mymod_sub.Work` in the name section; `runtime.funcnametab`, which lies among the
data, has it as it was, between zero bytes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import no_tick, paced

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick
    from tui.wasm.module import Module

DATA: Final = 11
MOST: Final = 50_000  # paths; the largest programs have a few thousand
# Elements, the last without a dot: a dot in it is written %2e.
_PATH: Final = re.compile(rb"\x00(?=\w)((?:[^\x00-\x20/:()\[\]*]{1,200}/){1,50}[^\x00-\x20/.:()\[\]*]{1,200})\.")
_FLATTENED: Final = re.compile(r"[^\w.]", re.ASCII)


def flattened(path: str) -> str:
    """A path as the linker writes it in a symbol."""
    return _FLATTENED.sub("_", path)


def import_paths(source: bytes, module: Module, tick: Tick = no_tick) -> dict[str, str]:
    """Each import path with a slash by its flattened form."""
    found: dict[str, str] = {}
    known: set[bytes] = set()
    for section in module.sections:
        matches = _PATH.finditer(source, section.start, section.end) if section.id == DATA else ()
        for match in paced(matches, tick):
            if match[1] in known:
                continue
            if len(found) >= MOST:
                return found
            known.add(match[1])
            path = match[1].decode(errors="replace")
            found.setdefault(flattened(path), path.replace("%2e", "."))
    return found


def paths_of(source: bytes, module: Module, tick: Tick = no_tick) -> dict[str, str]:
    """The import paths where stock Go made the module; no others flatten them."""
    return import_paths(source, module, tick) if (module.toolchain or "").partition(" ")[0] == "Go" else {}

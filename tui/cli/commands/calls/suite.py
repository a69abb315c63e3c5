"""All the calls of some functions: built first, then run, several functions at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tui.building.plan.model import CompilerName
from tui.cli.commands.run.building import build_all
from tui.running.calls.model import FILE, CallsFault, SavedCall
from tui.running.calls.read import read_calls
from tui.running.calls.run import Outcome, run_calls
from tui.running.gather import Unusable, gather, workspace_of
from tui.running.model import Target
from tui.settings.xdg import cache_home


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one function's calls, or why none was run."""

    folder: Path
    shown: str
    outcomes: tuple[Outcome, ...] = ()
    problem: str | None = None
    not_built: bool = False

    @property
    def passed(self) -> bool:
        """Whether all calls were run and came as expected."""
        return self.problem is None and all(one.passed for one in self.outcomes)


def functions_of(named: Sequence[str]) -> list[Path]:
    """The functions with a calls.yaml that are meant: a function itself, or all of a workspace."""
    from tui.workspace.find import find_functions

    found: dict[str, Path] = {}
    for each in named:
        path = Path(os.path.abspath(each))  # noqa: PTH100 - resolve() would ask the disk
        for folder in (function.directory for function in find_functions(path)[0]):
            if os.path.lexists(folder / FILE):
                found.setdefault(os.path.realpath(folder), folder)
    return list(found.values())


def test_all(
    folders: Sequence[Path], compiler: CompilerName, jobs: int, tell: Callable[[Tested], None]
) -> list[Tested]:
    """Test each; `tell` hears of each in the order given."""
    from tui.building.process.jobs import usable_cores

    calls = {folder: read_calls(folder) for folder in folders}
    sound = [folder for folder, read in calls.items() if isinstance(read, tuple)]
    failed = build_all([folder for folder in sound if _has_source(folder)], compiler, jobs)
    tested = []
    with ThreadPoolExecutor(jobs or usable_cores()) as pool:
        waiting = [pool.submit(_tested, folder, calls[folder], failed.get(folder)) for folder in folders]
        for each in waiting:
            tested.append(each.result())
            tell(tested[-1])
    return tested


def _has_source(folder: Path) -> bool:
    """Whether there is anything to build; a module without its source is taken as it is."""
    try:
        return any(name.endswith(".go") for name in os.listdir(folder))  # noqa: PTH208
    except OSError:
        return True  # the build says what is wrong with the folder


def _tested(folder: Path, calls: tuple[SavedCall, ...] | CallsFault | None, failed: str | None) -> Tested:
    shown = os.path.relpath(folder)
    if isinstance(calls, CallsFault):
        return Tested(folder, shown, problem=calls.text(str(Path(shown) / FILE)))
    if failed is not None:
        return Tested(folder, shown, problem=f"{shown} could not be built: {failed}", not_built=True)
    target = gather(str(folder))
    if not isinstance(target, Target):
        return Tested(folder, shown, problem=target.words, not_built=not isinstance(target, Unusable))
    outcomes = run_calls(folder, target, calls or (), workspace_of(folder).absolute(), cache_home() / "compiled")
    return Tested(folder, shown, tuple(outcomes))

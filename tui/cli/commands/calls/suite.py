"""All the calls of some functions: built first, then run, several functions at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tui.building.plan.build_plan import CompilerName
from tui.building.record.runs import Stamp, note_run, stamp_of
from tui.cli import EXIT_INTERRUPTED
from tui.cli.commands.run.building import build_all
from tui.cli.folders import below
from tui.cli.loop import end_now
from tui.cli.output import complain
from tui.running.answer import Target
from tui.running.calls.read import read_calls
from tui.running.calls.run import Outcome, run_calls
from tui.running.calls.saved_call import FILE, CallsFault, SavedCall
from tui.running.gather import WASM, Unusable, gather, workspace_of
from tui.running.record import record_of
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


def functions_of(named: Sequence[str]) -> dict[Path, str]:
    """The functions with a calls.yaml that are meant, and how they are typed: one itself, or all of a workspace."""
    from tui.workspace.find import find_functions

    found: dict[str, tuple[Path, str]] = {}
    for each in named:
        path = Path(os.path.abspath(each))  # noqa: PTH100 - resolve() would ask the disk
        for function in find_functions(path)[0]:
            folder = function.directory
            if os.path.lexists(folder / FILE):
                found.setdefault(os.path.realpath(folder), (folder, below(each, function.path)))
    return dict(found.values())


def any_functions(named: Sequence[str]) -> bool:
    """Whether there is a function in one of these folders at all, with calls or without."""
    from tui.workspace.find import find_functions

    return any(find_functions(Path(each).absolute())[0] for each in named)


def test_all(
    folders: Mapping[Path, str], compiler: CompilerName, jobs: int, tell: Callable[[Tested], None]
) -> list[Tested]:
    """Test each; `tell` hears of each in the order given."""
    from tui.building.process.jobs import usable_cores

    calls = {folder: read_calls(folder) for folder in folders}
    sound = [folder for folder, read in calls.items() if isinstance(read, tuple)]
    failed = build_all([folder for folder in sound if _has_source(folder)], compiler, jobs)
    tested = []
    with ThreadPoolExecutor(jobs or usable_cores()) as pool:
        waiting = [
            pool.submit(_tested, folder, shown, calls[folder], failed.get(folder)) for folder, shown in folders.items()
        ]
        try:
            for each in waiting:
                tested.append(each.result())
                tell(tested[-1])
        except KeyboardInterrupt:
            # The threads wait for functions, for as long as those may take; the processes of these end with us.
            end_now(EXIT_INTERRUPTED)
    return tested


def _has_source(folder: Path) -> bool:
    """Whether there is anything to build; a module without its source is taken as it is."""
    try:
        return any(name.endswith(".go") for name in os.listdir(folder))  # noqa: PTH208
    except OSError:
        return True  # the build says what is wrong with the folder


def _tested(folder: Path, shown: str, calls: tuple[SavedCall, ...] | CallsFault | None, failed: str | None) -> Tested:
    if isinstance(calls, CallsFault):
        return Tested(folder, shown, problem=calls.text(str(Path(shown) / FILE)))
    if failed is not None:
        return Tested(folder, shown, problem=f"{shown} could not be built: {failed}", not_built=True)
    target = gather(str(folder))
    if not isinstance(target, Target):
        return Tested(folder, shown, problem=target.words, not_built=not isinstance(target, Unusable))
    stamp = stamp_of(folder / WASM)
    outcomes = tuple(run_calls(folder, target, calls or (), workspace_of(folder).absolute(), cache_home() / "compiled"))
    _note(folder, stamp, outcomes)
    return Tested(folder, shown, outcomes)


def _note(folder: Path, stamp: Stamp | None, outcomes: Sequence[Outcome]) -> None:
    """Keep that the function ran: the last call that it answered, else the last of all."""
    answers = [one.answer for one in outcomes if one.answer is not None]
    answers = [one for one in answers if one.ok] or answers
    if stamp is not None and answers:
        unkept = note_run(folder, record_of(answers[-1], stamp))
        if unkept is not None:
            complain(unkept)

"""Which functions were built from the very files that are there now, told by a look at times: no file is read.

What a build found of its inputs, and that its module is on record, holds for as long as the disk shows what it showed.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.assessment.kept.codec import TEXT, record
from tui.assessment.kept.identity import identity
from tui.assessment.kept.kept import AT_ONCE, LOOK_SECONDS, PLACES, database_of, places_of, records_of, table_of
from tui.assessment.kept.witness import SETTLED_NS, Eye, Places
from tui.building.inputs.inputs import Inputs
from tui.building.inputs.need import BuildNeed, NeedByHistory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.building.compilers.chosen import InUse
    from tui.building.events import BuildPlan, BuildResult, CompilerName
    from tui.settings.store.database import Database
    from tui.workspace.function import FunctionConfig

_SOME: Final = 64  # builds that wait to be looked at, before a thread does
_WITHOUT: Final = "no contract"  # a build hangs on none


@dataclass(frozen=True, slots=True)
class _Built:
    """What the disk showed of one function whose module was what a build would make."""

    terms: str
    places: Places
    sight: str


BUILT: Final = table_of("built", record(_Built, {"terms": TEXT, "places": PLACES, "sight": TEXT}))


@dataclass(frozen=True, slots=True)
class _Program:
    """A compiler as its file tells: its version may not have been asked for before the first build."""

    name: CompilerName
    program: str
    version: None = None
    go_version: None = None


@dataclass(frozen=True, slots=True)
class _Noted:
    """A function that is up to date, as far as its build knew."""

    inputs: Inputs
    at: int  # POSIX time before they were read, ns
    until: int  # POSIX time at which it was up to date, ns
    module: int | None  # the time of a module that was built just now, ns; None: nothing was written


class KeptBuilds:
    """What is kept of a workspace's builds with one compiler. For one thread at a time, but for `note` and `look`."""

    def __init__(self, database: Database, compiler: InUse) -> None:
        self._database = database
        program = compiler.program
        self._terms = identity(_Program(compiler.name, program), _WITHOUT) if program is not None else None
        self._eye, self._looked = Eye(), 0.0
        self._noted: deque[_Noted] = deque()
        self._looking = threading.Lock()

    def unchanged(self, directories: Iterable[Path]) -> set[Path]:
        """Those that are surely up to date: since they were found so, nothing has changed."""
        if self._terms is None:
            return set()
        self._database.load(BUILT)
        return {directory for directory in directories if self._is_unchanged(directory)}

    def _is_unchanged(self, directory: Path) -> bool:
        if time.monotonic() - self._looked > LOOK_SECONDS:
            self._eye, self._looked = Eye(), time.monotonic()
        known: _Built | None = self._database.read(BUILT, os.fspath(directory)).value
        if known is None or known.terms != self._terms:
            return False
        sight = self._eye.witness(os.fspath(directory), known.places)
        return sight is not None and sight.digest == known.sight

    def note(self, inputs: Inputs, at: int, module: int | None = None) -> bool:
        """A function is up to date; whether so many wait that it is time for `look`, and nobody looks."""
        self._noted.append(_Noted(inputs, at, time.time_ns(), module))
        return len(self._noted) >= _SOME and not self._looking.locked()

    def look(self) -> str | None:
        """Keep what was noted, as far as it can be told by a look; the sentence of what went wrong.

        What was written a moment ago may be written again unseen: that waits.
        """
        with self._looking:
            return self._look()

    def _look(self) -> str | None:
        eye = Eye()
        new: list[tuple[Any, str, _Built]] = []
        while self._noted and len(new) < AT_ONCE and time.time_ns() - self._noted[0].until > 2 * SETTLED_NS:
            noted = self._noted.popleft()
            found = self._seen(noted, eye)
            if found is not None:
                new.append((BUILT, os.fspath(noted.inputs.directory), found))
        return self._database.write_all(new) if new else None

    def _seen(self, noted: _Noted, eye: Eye) -> _Built | None:
        """What the disk shows of it, where that is surely what was built from."""
        directory, places = noted.inputs.directory, places_of(noted.inputs)
        if self._terms is None or places is None:
            return None
        ours = _written(directory) if noted.module is not None else ()
        sight = eye.witness(os.fspath(directory), places, ours)
        if sight is None or not sight.is_settled(noted.at) or not _is_whole(noted):
            return None
        return _Built(self._terms, places, sight.digest)

    async def close(self) -> str | None:
        """Keep what still waits; the sentence of what went wrong."""
        problem = None
        while self._noted and problem is None:
            left = self._noted[0].until + 2 * SETTLED_NS - time.time_ns()
            await asyncio.sleep(max(left, 0) / 1e9 + 0.001)
            problem = await asyncio.to_thread(self.look)
        self._database.close()
        return problem


def kept_builds(workspace: str, compiler: InUse) -> KeptBuilds:
    """What is kept of the builds of a workspace, by its path."""
    return KeptBuilds(database_of(workspace), compiler)


def _written(directory: Path) -> frozenset[str]:
    """What a build itself writes: its times are younger than the look at the inputs."""
    return frozenset((str(directory), f"{directory}/function.wasm", *records_of(directory)))


def _is_whole(noted: _Noted) -> bool:
    """Whether no file has gone meanwhile, and the module is the one that was built."""
    directory, names = noted.inputs.directory, noted.inputs.manifest
    if noted.module is None:
        return True
    try:
        module = os.stat(f"{directory}/function.wasm").st_mtime_ns  # noqa: PTH116
    except OSError:
        return False
    return module == noted.module and all(os.path.lexists(f"{directory}/{name}") for name in names)


class NeedKept:
    """Goes by the builds on record, and keeps what it finds, so that the next run need not look into files."""

    def __init__(self, kept: KeptBuilds) -> None:
        self._kept = kept
        self._by_history = NeedByHistory()
        self._began: dict[Path, int] = {}  # when the inputs of what builds now were read

    def check(self, plan: BuildPlan, config: FunctionConfig, *, forced: bool) -> BuildNeed:
        """As the builds on record have it."""
        at = time.time_ns()
        need = self._by_history.check(plan, config, forced=forced)
        if need.fresh and isinstance(need.key, Inputs):
            self._note(need.key, at)
        else:
            self._began[plan.cwd] = at
        return need

    def record(self, plan: BuildPlan, need: BuildNeed, result: BuildResult, trigger: str | None) -> str | None:
        """Put the build on record."""
        problem = self._by_history.record(plan, need, result, trigger)
        at = self._began.pop(plan.cwd, None)
        if result.status == "built" and problem is None and at is not None and isinstance(need.key, Inputs):
            try:
                module = os.stat(plan.output).st_mtime_ns  # noqa: PTH116
            except OSError:
                return problem
            self._note(need.key, at, module)
        return problem

    def _note(self, inputs: Inputs, at: int, module: int | None = None) -> None:
        if self._kept.note(inputs, at, module):
            self._kept.look()

    async def close(self) -> None:
        """Keep the rest. That it cannot be kept costs time the next time, and nothing else."""
        await self._kept.close()

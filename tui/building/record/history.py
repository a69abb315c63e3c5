"""The last builds of each function, kept across runs under XDG state: one small JSON file a function, bounded.

Kept in the store: state that is corrupt, locked or cannot be written is survived. Reading gives what there is and a
sentence, writing gives a sentence.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tui.building.compilers import DEFAULT
from tui.facts import Fact
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table

BUILDS_KEPT: Final = 50  # of one function
MANIFEST_KEPT: Final = 5_000  # names of inputs; a larger package is compared by fingerprint alone
_PHASES_KEPT: Final = 20
_LONGEST: Final = 1e6  # seconds; more is no build
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


class BuildRecord(Fact):
    """One build that ended."""

    finished: float  # POSIX time
    seconds: float
    status: str  # "built", "failed", "cancelled"
    compiler: str = DEFAULT
    compiler_version: str | None = None
    mode: str = "command"
    size: int | None = None  # bytes of the module, where built
    fingerprint: str | None = None  # of the inputs, taken before the compiler started
    wasm_modified_ns: int | None = None  # of the module that it left, to tell it from one put there by others
    argv: tuple[str, ...] = ()
    error: str | None = None  # one sentence
    trigger: str | None = None  # "function.go changed", where watch asked
    phases: tuple[tuple[str, float], ...] = ()  # what the compiler did, each phase with its seconds
    worker: str | None = None  # the machine that built it, where that was not this one


class History(Fact):
    """What is on record of one function."""

    builds: tuple[BuildRecord, ...] = ()  # oldest first
    manifest: Mapping[str, str] = _NO_NAMES  # inputs of the last good build: name -> digest
    problem: str | None = None  # why there is less than there could be

    @property
    def last(self) -> BuildRecord | None:
        """The last build, however it ended."""
        return self.builds[-1] if self.builds else None

    @property
    def last_built(self) -> BuildRecord | None:
        """The last build that left a module."""
        return next((build for build in reversed(self.builds) if build.status == "built"), None)

    @property
    def expected_seconds(self) -> float | None:
        """How long the last good build took, in seconds: the best guess for the next one."""
        return self.last_built.seconds if self.last_built is not None else None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Sizes in bytes of the modules built, oldest first."""
        return tuple(build.size for build in self.builds if build.status == "built" and build.size is not None)


def history_key(directory: Path) -> str:
    """The key under which the store keeps what belongs to the function in `directory`."""
    return os.path.abspath(directory)  # noqa: PTH100 - resolve() would ask the disk


def history_path(directory: Path) -> Path:
    """The file with the history of the function in `directory`."""
    return default_store().path(HISTORIES, history_key(directory))


def load_history(directory: Path) -> History:
    """What is on record of the function in `directory`; empty with a `problem` where it cannot be read."""
    found = default_store().read(HISTORIES, history_key(directory))
    return found.value if found.value is not None else History(problem=found.problem)


def record_build(directory: Path, build: BuildRecord, manifest: Mapping[str, str] | None = None) -> str | None:
    """Add one build; the sentence of what went wrong, or None.

    `manifest` (name -> digest of each input) belongs to a good build and lets a later look say which file changed.
    """

    def add(known: History | None) -> History:
        inputs = known.manifest if known is not None else _NO_NAMES
        if build.status == "built":
            inputs = manifest if manifest is not None and len(manifest) <= MANIFEST_KEPT else {}
        return History((*(known.builds if known is not None else ()), build)[-BUILDS_KEPT:], inputs)

    return default_store().update(HISTORIES, history_key(directory), add)


def _document(history: History) -> Document:
    return {"builds": [record._asdict() for record in history.builds], "manifest": dict(history.manifest)}


def _history(read: Document) -> History | None:
    """A history as read, without the builds that are damaged; None where it is none."""
    listed = read.get("builds")
    if not isinstance(listed, list):
        return None
    builds = [record for entry in listed if (record := _record(entry)) is not None]
    manifest = read.get("manifest")
    names = manifest if isinstance(manifest, dict) else {}
    return History(
        builds=tuple(builds[-BUILDS_KEPT:]),
        manifest={name: digest for name, digest in names.items() if isinstance(digest, str)},
        problem=None if len(builds) == len(listed) else "part of the build history is damaged and was left out",
    )


HISTORIES: Final[Table[History]] = Table(
    name="history",
    version=1,
    encode=_document,
    decode=_history,
    what="the build history",
    home="state",
    most_entries=20_000,  # functions
)


_STATUSES: Final = ("built", "failed", "cancelled")
# What a number has to lie in: the clock's and a file's largest, as systems have them. NaN lies nowhere.
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "finished": (0, 1e11),
    "seconds": (0, _LONGEST),
    "size": (0, 1 << 53),
    "wasm_modified_ns": (-(1 << 63), 1 << 63),
}
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "finished": (int, float),
    "seconds": (int, float),
    "status": (str,),
    "compiler": (str,),
    "mode": (str,),
    "size": (int,),
    "wasm_modified_ns": (int,),
}
_OPTIONAL: Final = frozenset(
    {"compiler_version", "size", "fingerprint", "wasm_modified_ns", "error", "trigger", "worker"}
)


def _record(entry: object) -> BuildRecord | None:
    """One build as read, or None where a field has a wrong type."""
    if not isinstance(entry, dict) or not {"finished", "seconds", "status"} <= entry.keys():
        return None
    known = {name: entry[name] for name in BuildRecord._fields if name in entry}
    argv = known.pop("argv", ())
    if not isinstance(argv, list | tuple) or not all(isinstance(word, str) for word in argv):
        return None
    phases = _phases(known.pop("phases", ()))
    for name, value in known.items():
        if value is None and name in _OPTIONAL:
            continue
        if not isinstance(value, _TYPES.get(name, (str,))) or isinstance(value, bool):
            return None
        low, high = _RANGES.get(name, (0, 0))
        if isinstance(value, int | float) and not low <= value < high:
            return None
    if known["status"] not in _STATUSES:
        return None
    return BuildRecord(**known, argv=tuple(argv), phases=phases)


def _phases(read: object) -> tuple[tuple[str, float], ...]:
    """The phases as read; none where they are damaged: only an expectation hangs on them."""
    if not isinstance(read, list | tuple) or len(read) > _PHASES_KEPT:
        return ()
    phases: list[tuple[str, float]] = []
    for entry in read:
        if not isinstance(entry, list | tuple) or len(entry) != 2:
            return ()
        name, seconds = entry
        if not isinstance(name, str) or isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return ()
        if not 0 <= seconds < _LONGEST:
            return ()
        phases.append((name, float(seconds)))
    return tuple(phases)

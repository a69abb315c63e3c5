"""The last run of each function here: what it took and whether it answered, for as long as the module is the same."""

from __future__ import annotations

import os
from math import isfinite
from pathlib import Path
from typing import Final

from tui.facts import Fact
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table
from tui.text import first_line

MOST_TEXT: Final = 400  # characters of an error that are kept
Stamp = tuple[int, int, int]  # mtime_ns, size, inode


class RunRecord(Fact):
    """One run of a module here."""

    stamp: Stamp  # of the module's file
    at: float  # POSIX time
    ms: float  # spent in the function
    host_calls: int
    stage: str  # how far it came: "done", "instantiate"
    error: str | None = None  # the first line of the gateway's words

    @property
    def answered(self) -> bool:
        """Whether the function answered."""
        return self.error is None


def stamp_of(file: Path) -> Stamp | None:
    """What tells a module's file from the one that another build puts there; None where there is none."""
    try:
        status = os.stat(file)  # noqa: PTH116 -- one system call, no Path
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def note_run(directory: Path, record: RunRecord) -> str | None:
    """Keep the last run of a function; the sentence of what went wrong, or None."""
    return default_store().write(RUNS, str(directory.absolute()), record)


def last_run(directory: Path, stamp: Stamp | None) -> RunRecord | None:
    """The last run of the module that is there now. What cannot be read is no run."""
    found = default_store().read(RUNS, str(directory.absolute())).value if stamp is not None else None
    return found if found is not None and found.stamp == stamp else None


def _encoded(record: RunRecord) -> Document:
    error = None if record.error is None else first_line(record.error)[:MOST_TEXT]
    return {
        "stamp": list(record.stamp),
        "at": record.at,
        "ms": record.ms,
        "host_calls": record.host_calls,
        "stage": record.stage,
        "error": error,
    }


def _decoded(document: Document) -> RunRecord | None:
    stamp, at, took, calls = (document.get(key) for key in ("stamp", "at", "ms", "host_calls"))
    stage, error = document.get("stage"), document.get("error")
    if not isinstance(stamp, list) or len(stamp) != 3 or not all(type(each) is int for each in stamp):
        return None
    if not isinstance(at, int | float) or not isinstance(took, int | float) or not isinstance(calls, int):
        return None
    if not (0 <= at < 1e11 and isfinite(took)) or not isinstance(stage, str) or not isinstance(error, str | None):
        return None
    return RunRecord((stamp[0], stamp[1], stamp[2]), float(at), float(took), calls, stage, error)


RUNS: Final = Table("runs", 1, _encoded, _decoded, "the record of runs", most_bytes=64 << 10)

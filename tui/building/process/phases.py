"""What a silent compiler is doing: seen from the programs that it runs and the files in its private folder.

TinyGo prints nothing for up to a minute. On Linux /proc shows its process tree; elsewhere only the folder speaks.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.building.compilers.compiler import PhaseSign

PROCESSES_SEEN: Final = 200  # of one build
ENTRIES_SEEN: Final = 500  # in its private folder


@dataclass(frozen=True, slots=True)
class Running:
    """A program that runs: the names by which it goes, and its first argument."""

    names: frozenset[str]
    word: str = ""


class PhaseWatch:
    """The phases of one build, in the order of the compiler's signs. It goes back only from one that was passing."""

    def __init__(self, signs: Sequence[PhaseSign], pid: int, temporary: Path) -> None:
        self._signs = signs
        self._pid = pid
        self._temporary = temporary
        self._place = -1

    def current(self) -> str | None:
        """The phase that it is in now; None where nothing tells. Reads the disk: call it in a thread."""
        if not self._signs:
            return None
        running = list(descendants(self._pid))
        names = frozenset(_file_names(self._temporary))
        last = max((place for place, sign in enumerate(self._signs) if _shows(sign, running, names)), default=-1)
        if last > self._place or (last >= 0 and self._signs[self._place].passing):
            self._place = last
        return self._signs[self._place].phase if self._place >= 0 else None


def _shows(sign: PhaseSign, running: Sequence[Running], names: frozenset[str]) -> bool:
    if sign.files and not names.isdisjoint(sign.files):
        return True
    return any(each.names & sign.programs and sign.word in ("", each.word) for each in running)


def descendants(pid: int) -> Iterator[Running]:
    """The programs that a process runs, itself first. Nothing where the system does not tell."""
    waiting, seen = [pid], 0
    while waiting and seen < PROCESSES_SEEN:
        process = waiting.pop(0)
        seen += 1
        found = _running(process)
        if found is not None:
            yield found
        waiting += _children(process)


def _running(process: int) -> Running | None:
    words = _read(f"/proc/{process}/cmdline")[:4096].split(b"\0")
    if not words[0]:
        return None
    own = os.path.basename(os.fsdecode(words[0]))  # noqa: PTH119 - a name, no path of ours
    known = os.fsdecode(_read(f"/proc/{process}/comm").strip())  # a script's own name, where argv names its shell
    first = 1 if own == known else 2
    return Running(frozenset((own, known)), os.fsdecode(words[first]) if len(words) > first else "")


def _children(process: int) -> list[int]:
    """The children of every thread: Go starts programs from any of them."""
    try:
        threads = os.listdir(f"/proc/{process}/task")  # noqa: PTH208
    except OSError:
        return []
    listed = (_read(f"/proc/{process}/task/{thread}/children") for thread in threads)
    return [int(number) for line in listed for number in line.split()]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(1 << 16)
    except OSError:
        return b""


def _file_names(folder: Path) -> Iterator[str]:
    """The names in the private folder and in the folders in it."""
    left = ENTRIES_SEEN
    waiting = [(os.fspath(folder), 0)]
    while waiting and left > 0:
        path, depth = waiting.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    left -= 1
                    yield entry.name
                    if depth == 0 and entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, 1))
                    if left <= 0:
                        break
        except OSError:
            continue

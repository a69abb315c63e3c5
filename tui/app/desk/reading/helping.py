"""Other processes that read functions while the screen's own thread does: one interpreter uses one core.

They keep what they learn, and who asked takes it from there, confirmed by the disk as ever: nothing that a helper says
is believed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from tui.building.process.jobs import usable_cores
from tui.workspace.function import Function

AT_ONCE: Final = 4  # functions that a helper is asked for
MOST: Final = 3  # helpers
WORTH: Final = 2.0  # seconds of reading, about, from which on a helper pays: its start takes a third of one
EACH: Final = 0.004  # seconds that a function takes, about, and those of a byte of its module
PER_BYTE: Final = 4e-8

Take = Callable[[int], list[Function]]
Return = Callable[[list[Function]], None]


def worth_helpers(functions: Iterable[Function], share: float) -> int:
    """How many helpers reading that share of these functions is worth."""
    seconds = 0.0
    for function in functions:
        seconds += EACH
        with suppress(OSError):
            seconds += os.stat(f"{function.directory}/function.wasm").st_size * PER_BYTE  # noqa: PTH116
    return min(usable_cores() - 1, MOST, int(seconds * share / WORTH))


class Helpers:
    """Processes that learn ahead; `take` gives them functions, `give` is told when they were read, or not."""

    def __init__(self, workspace: Path, contract: Path | None, take: Take, give: Return) -> None:
        """`contract` is the file of another contract than the shipped one."""
        self._workspace = str(workspace.absolute())
        self._contract = [str(contract)] if contract is not None else []
        self._take = take
        self._give = give
        self._processes: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def hire(self, count: int, compiler: str) -> None:
        """Have so many helpers at work, each led by a thread of its own."""
        argv = [sys.executable, "-P", "-m", "tui.assessment.kept.learner", self._workspace, compiler, *self._contract]
        for _ in range(count):
            threading.Thread(target=self._lead, args=(argv,), name="fn-tui helper", daemon=True).start()

    def close(self) -> None:
        """End them; what they were at is given up."""
        self._closed = True
        for process in self._processes:
            process.kill()

    def _lead(self, argv: list[str]) -> None:
        """One helper's life: asked until nothing is left, or it fails; then the functions are read here."""
        from tui.wasm.background import child_environment

        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(),
                start_new_session=True,
            )
        except OSError:
            return
        self._processes.append(process)
        done = True
        while done and not self._closed and (functions := self._take(AT_ONCE)):
            done = _asked(process, functions)
            self._give(functions)
        process.kill()
        with suppress(BrokenPipeError):  # what it was still to be told, where it failed
            process.communicate()


def _asked(process: subprocess.Popen[bytes], functions: list[Function]) -> bool:
    """Have a helper read functions; whether it did."""
    assert process.stdin is not None  # noqa: S101 -- it was asked for
    assert process.stdout is not None  # noqa: S101
    lines = [json.dumps([each.path, str(each.directory), each.has_yaml, each.has_go]) + "\n" for each in functions]
    try:
        process.stdin.write("".join(lines).encode())
        process.stdin.flush()
        return all(process.stdout.readline() for _ in functions)
    except OSError:
        return False

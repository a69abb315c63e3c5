"""Fake compilers on PATH, and proof that nothing of a build is left."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tui.building.guard.guard import process_guard

FAKES = Path(__file__).parent / "fakes"
TRACE = "FN_TUI_TEST"  # in the environment of every process that a test causes


@dataclass
class FakeCompiler:
    """Puts a fake `tinygo` first on PATH, and says what it is to do."""

    patch: pytest.MonkeyPatch
    folder: Path
    trace: str = field(default_factory=lambda: uuid.uuid4().hex)

    def install(self, fake: str = "fake-tinygo", name: str = "tinygo") -> Path:
        """`name` on PATH is the fake from now on."""
        self.folder.mkdir(exist_ok=True)
        program = put_fake(self.folder / name, fake)
        self.patch.setenv("PATH", f"{self.folder}{os.pathsep}{os.environ['PATH']}")
        self.patch.setenv(TRACE, self.trace)
        return program

    def does(self, *acts: str) -> None:
        """What the next starts of the fake do, in order."""
        self.patch.setenv("FAKE", ";".join(acts))

    def processes(self) -> list[int]:
        """Living processes that this test caused, but the guard, which lives as long as pytest."""
        guard = process_guard().pid
        return [process for process in all_processes() if process != guard and self._traced(process)]

    def nothing_left(self, directory: Path) -> None:
        """No process and no private folder; both may take the moment that a killed process takes to go."""
        wait_until(lambda: not self.processes(), f"processes left: {self.processes()}")
        wait_until(lambda: not list(directory.glob(".fn-tui-*")), "a private folder is left")

    def _traced(self, process: int) -> bool:
        try:
            content = Path(f"/proc/{process}/environ").read_bytes()
        except OSError:
            return False
        return f"{TRACE}={self.trace}".encode() in content


def put_fake(program: Path, fake: str = "fake-tinygo") -> Path:
    """The fake under that name, run by the Python of the tests, without what that need not load."""
    _, body = (FAKES / fake).read_text().split("\n", 1)
    program.unlink(missing_ok=True)
    program.write_text(f"#!{sys.executable} -IS\n{body}")
    program.chmod(0o755)
    return program


def all_processes() -> list[int]:
    """Process ids of this machine (zombies too: their environment is empty)."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


# The guard's program, with launchers that wait for as long as a test takes.
PATIENT = (
    "import sys; sys.path.append(sys.argv.pop(1)); import tui.building.guard.launcher as launcher; "
    "launcher.IDLE_SECONDS = 600.0; from tui.building.guard.guard_process import main; main()"
)


def wait_until(fact: Callable[[], bool], otherwise: str, seconds: float = 40.0) -> None:
    """Wait for a fact; fail with `otherwise` if it does not come."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, otherwise
        time.sleep(0.005)


def named_processes(name: str) -> list[int]:
    """Living processes that have `name` among their arguments, whatever their environment."""
    return [process for process in all_processes() if name.encode() in arguments(process)]


def arguments(process: int) -> list[bytes]:
    """The command line of a process; nothing where it has gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []

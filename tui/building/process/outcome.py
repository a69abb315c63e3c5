"""How a build ended, in the deploy tool's words where it has some, else in a plain sentence."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from tui.building.events import BuildPlan, BuildResult, CompilerName
from tui.building.plan.plan import MODULE_NAME
from tui.text import human_bytes, human_seconds

_LITTLE: Final = 1 << 20  # bytes of free space that are worth a word

# How Go prints a signal that ended a process.
_SIGNALS: Final = {
    1: "hangup",
    2: "interrupt",
    3: "quit",
    4: "illegal instruction",
    5: "trace/breakpoint trap",
    6: "aborted",
    7: "bus error",
    8: "floating point exception",
    9: "killed",
    11: "segmentation fault",
    13: "broken pipe",
    14: "alarm clock",
    15: "terminated",
}

_REASONS: Final = {
    errno.ENOSPC: "no space left on its file system",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "its file system is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.ENOENT: "it is not there any more",
    errno.ENOEXEC: "it is not a program that this machine can run",
    errno.EMFILE: "too many open files",
    errno.EAGAIN: "too many processes",
    errno.ENOMEM: "no memory left",
    errno.ETXTBSY: "it is being written to",
}


def unchanged(directory: Path, compiler: CompilerName) -> BuildResult:
    """The result of what is up to date, and known to be before anything looks at it."""
    try:
        size: int | None = os.stat(directory / MODULE_NAME).st_size  # noqa: PTH116 - one system call
    except OSError:
        size = None
    return BuildResult(directory, "skipped", None, 0.0, size, None, (), compiler)


def exit_words(returncode: int) -> str:
    """An exit as Go prints it: `exit status 1`, `signal: killed`."""
    if returncode >= 0:
        return f"exit status {returncode}"
    return f"signal: {_SIGNALS.get(-returncode, f'signal {-returncode}')}"


def failure_of(plan: BuildPlan, returncode: int) -> str:
    """The sentence for a compiler that did not exit with 0."""
    gone = directory_gone(plan.cwd)
    return gone or f"{plan.compiler} build failed: {exit_words(returncode)}"


def invalid_output(plan: BuildPlan, fault: str) -> str:
    """The sentence for a compiler that exited with 0 and left no module; with the space left, where that is little."""
    return directory_gone(plan.cwd) or f"build produced invalid WASM: {fault}{_little_space(plan.cwd)}"


def _little_space(directory: Path) -> str:
    """Go's linker exits with 0 and a module that is cut short where its temporary folder is full."""
    try:
        found = os.statvfs(directory)
    except OSError:
        return ""
    left = found.f_bavail * found.f_frsize
    return f"; {human_bytes(left)} of space left on its file system" if left < _LITTLE else ""


NOT_WRITTEN: Final = "function.wasm was not written, though the compiler exited with 0"


def directory_gone(directory: Path) -> str | None:
    """The sentence for a function whose directory vanished while it was built; None if it is there."""
    if os.path.isdir(directory):  # Path.is_dir can raise
        return None
    return f"directory does not exist: {directory}: it was removed during the build"


def timed_out(seconds: float) -> str:
    """The sentence for a build that took longer than it may."""
    return f"timed out after {human_seconds(seconds)}"


def cannot_prepare(directory: Path, error: OSError) -> str:
    """The sentence for a private folder, or a copy of the last good module, that could not be made."""
    if error.filename is not None and os.fspath(error.filename) in (MODULE_NAME, str(directory / MODULE_NAME)):
        return f"cannot keep a copy of the function.wasm that is there: {reason_of(error)}"
    return directory_gone(directory) or f"cannot write in {directory}: {reason_of(error)}"


def cannot_start(plan: BuildPlan, error: OSError) -> str:
    """The sentence for a compiler that could not be started."""
    return directory_gone(plan.cwd) or f"cannot run {plan.executable or plan.argv0}: {reason_of(error)}"


def reason_of(error: OSError) -> str:
    """An error of the operating system in words."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def what_is_left(processes: int, other: str | None) -> str | None:
    """The sentence of what could not be cleared up after a build; None if nothing is left."""
    alive = f"{processes} of its processes cannot be ended" if processes else None
    return "; ".join(each for each in (alive, other) if each is not None) or None


def with_what_is_left(result: BuildResult, left: str | None) -> BuildResult:
    """The result that tells of it: as a note, or after the error that there is."""
    if left is None:
        return result
    return result._replace(note=left) if result.error is None else result._replace(error=f"{result.error}; {left}")

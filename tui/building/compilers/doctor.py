"""Is this machine fit to build? One table of checks; each yields what it found, and what to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tui.building.compilers import DEFAULT, by_name, stands_in
from tui.building.compilers.toolchain import Tool, Toolchain

_INOTIFY: Final = Path("/proc/sys/fs/inotify/max_user_watches")
_LEAST_ROOM: Final = 1 << 20  # bytes; with less, no build can be put on record
_FEW_WATCHES: Final = 8_192
# extra of the package -> (module, what it is for, how to get it)
_PACKAGES: Final = {
    "textual": ("textual", "screen", "pip install textual"),
    "wasmtime": ("wasmtime", "running functions here, full validation of modules", "pip install 'fn-tui[run]'"),
    "distributed": ("distributed", "builds on a Dask cluster", "pip install 'fn-tui[cluster]'"),
    "textual-serve": ("textual_serve", "screen in a browser", "pip install 'fn-tui[serve]'"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found."""

    check: str  # stable name
    ok: bool
    message: str  # one sentence
    found: str | None = None  # where
    version: str | None = None
    advice: str | None = None  # what to do
    optional: bool = False  # where it is not ok: nothing hangs on it


def examine(toolchain: Toolchain) -> Iterator[Check]:
    """All checks, the compilers first."""
    yield from _tools(toolchain)
    yield _build(toolchain)
    for check in _MACHINE:
        yield from check()


def _tools(toolchain: Toolchain) -> Iterator[Check]:
    yield from map(_of, toolchain.tools)


def _of(tool: Tool) -> Check:
    return Check(tool.name, tool.ok, tool.message, tool.path, tool.version, tool.advice, tool.optional)


def _build(toolchain: Toolchain) -> Check:
    best = toolchain.best
    if best is None:
        advice = "install TinyGo, or stock Go as a stand-in: pip install 'fn-tui[go]'"
        return Check("build", ok=False, message="no compiler here can build a function", advice=advice)
    if stands_in(best):
        message = f"functions can be built with {by_name(best).words.title}, the stand-in"
        return Check("build", ok=True, message=message, advice=_for_real_modules(toolchain))
    found = toolchain.of(best)
    if found is not None and not found.reactors:
        message = "only functions in command mode can be built"
        return Check("build", ok=True, message=message, advice=found.tool.advice)
    return Check("build", ok=True, message="functions of both modes can be built")


def _for_real_modules(toolchain: Toolchain) -> str:
    """What stands between this machine and a build with the deploy tool's own compiler."""
    found = toolchain.of(DEFAULT)
    if found is None or found.tool.path is None:
        return f"for the real modules install {by_name(DEFAULT).words.title}, as above"
    obstacles = [tool for tool in (found.tool, *found.needs) if not (tool.ok or tool.optional)]
    return "for the real modules: " + "; ".join(tool.advice or tool.message for tool in obstacles)


def _yaml() -> Iterator[Check]:
    """PyYAML with or without libyaml: the same outcome, another speed."""
    import yaml

    fast = bool(yaml.__with_libyaml__)
    advice = None if fast else "install PyYAML from a wheel: pip install --force-reinstall --only-binary :all: pyyaml"
    message = "PyYAML uses libyaml" if fast else "PyYAML runs without libyaml: large workspaces are read slowly"
    yield Check("pyyaml", fast, message, yaml.__file__, yaml.__version__, advice)


def _packages() -> Iterator[Check]:
    from importlib.metadata import PackageNotFoundError, version

    for name, (module, purpose, remedy) in _PACKAGES.items():
        if find_spec(module) is None:
            missing = f"{name} is not installed: no {purpose}"
            yield Check(name, ok=False, message=missing, advice=remedy, optional=name != "textual")
            continue
        try:
            number = version(name)
        except PackageNotFoundError:
            number = "of unknown version"
        yield Check(name, ok=True, message=f"{name} {number}: {purpose}", version=number)


def _bodies() -> Iterator[Check]:
    """Whether anything looks at function bodies before a deploy."""
    from tui.gateway.engine.evidence import OWN_BYTES
    from tui.text import human_bytes
    from tui.wasm.validator import validator_version

    version = validator_version()
    if version:
        message = f"function bodies are validated, by wasmtime {version}"
        yield Check("bodies", ok=True, message=message, version=version)
        return
    message = f"function bodies are not validated, but those of modules with up to {human_bytes(OWN_BYTES)} of code"
    yield Check("bodies", ok=True, message=message, advice="pip install 'fn-tui[validate]'")


def _watches() -> Iterator[Check]:
    """How many folders may be watched (Linux)."""
    try:
        most = int(_INOTIFY.read_text())
    except (OSError, ValueError):
        return
    few = most < _FEW_WATCHES
    advice = f"sysctl fs.inotify.max_user_watches={8 * _FEW_WATCHES}" if few else None
    yield Check("watches", ok=not few, message=f"{most:,} folders can be watched", found=str(_INOTIFY), advice=advice)


def _folders() -> Iterator[Check]:
    """Where fn-tui and the compiler write."""
    import tempfile

    from tui.settings.xdg import cache_home, config_home, state_home

    places = (("config", config_home()), ("state", state_home()), ("cache", cache_home()))
    for name, folder in places:
        yield _writable(name, folder)
    try:
        yield _writable("tmpdir", Path(tempfile.gettempdir()))
    except FileNotFoundError:
        advice = "set TMPDIR to a folder that can be written"
        yield Check("tmpdir", ok=False, message="no temporary folder can be written", advice=advice)


def _frames() -> Iterator[Check]:
    """Whether a start leaves its first frame for the next one, which nobody is told of then."""
    from tui.settings.xdg import frames_folder

    folder = Path(frames_folder())
    look = _writable("frames", folder)
    if look.ok and folder.is_symlink():
        message = f"{folder} is a link, and fn-tui writes through none"
        look = replace(look, ok=False, message=message, advice=f"remove the link {folder}")
    if look.ok:
        yield replace(look, message=f"the screen begins with what it showed last, kept in {folder}")
    else:
        yield replace(
            look, message=f"{look.message}: the screen does not begin with what it showed last", optional=True
        )


def _writable(name: str, folder: Path) -> Check:
    """Whether a folder can be written, or made in the first one above it that is there. Nothing is written."""
    there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), folder)
    if not (os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)):
        leads_nowhere = there.is_symlink() and not os.path.exists(there)
        advice = f"{there} is a link that leads nowhere" if leads_nowhere else f"look at the permissions of {there}"
        return Check(name, ok=False, message=f"{folder} cannot be written", found=str(folder), advice=advice)
    disk = os.statvfs(there)
    room = disk.f_bavail * disk.f_frsize
    if room < _LEAST_ROOM:
        advice = f"make room on the disk of {there}"
        return Check(name, ok=False, message=f"{folder} has {room:,} bytes left", found=str(folder), advice=advice)
    return Check(name, ok=True, message=f"{folder} can be written", found=str(folder))


def _home() -> Iterator[Check]:
    """TinyGo panics where it finds neither (COMPILERS.md: exit status 2)."""
    home, cache = os.environ.get("HOME"), os.environ.get("XDG_CACHE_HOME")
    if home or cache:
        yield Check("home", ok=True, message="the compilers find a place for their caches", found=cache or home)
        return
    advice = "set HOME to a folder that can be written"
    yield Check("home", ok=False, message="neither HOME nor XDG_CACHE_HOME is set: compilers refuse", advice=advice)


def _python() -> Iterator[Check]:
    version = sys.version.split(maxsplit=1)[0]
    yield Check("python", ok=True, message=f"Python {version}", found=sys.executable, version=version)


_MACHINE: Final[tuple[Callable[[], Iterator[Check]], ...]] = (
    _python,
    _yaml,
    _packages,
    _bodies,
    _watches,
    _home,
    _folders,
    _frames,
)

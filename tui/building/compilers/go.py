"""Stock Go: stands in for TinyGo from 1.24 on, with the same exports and imports and larger modules.

Source: COMPILERS.md.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui.building.compilers.compiler import Compiler, Found, PhaseSign, Tool, Words
from tui.building.compilers.locate import find_go
from tui.building.compilers.module_mode import is_vendored
from tui.building.compilers.versions import VersionError, known_line, numbers, version_line
from tui.reading import read_start
from tui.text import first_line

if TYPE_CHECKING:
    from tui.building.plan.build_plan import BuildPlan

SINCE: Final = (1, 24)  # both modes for wasip1
_VERSION: Final = re.compile(r"go version (?:go)?(\S+)")
_DOWNLOAD: Final = "https://go.dev/dl/"
_EXTRA: Final = "pip install 'fn-tui[go]'"


def go_version(line: str) -> str | None:
    """`1.27.3` from `go version go1.27.3 linux/amd64`."""
    found = _VERSION.match(line)
    return found.group(1) if found is not None else None


def distribution_version(program: str) -> str | None:
    """The version of a Go distribution as its VERSION file has it; None for other programs."""
    try:
        start = read_start(Path(program).resolve().parent.parent / "VERSION", 64)
    except OSError:
        return None
    first = first_line(start.decode("ascii", "replace")).strip()
    return first.removeprefix("go") if first.startswith("go1") else None


def known_version(program: str) -> str | None:
    """The version as far as it is known without a start."""
    return distribution_version(program) or go_version(known_line(program))


def told_version(program: str) -> str | None:
    """The version that a Go tells of itself; None where it tells none."""
    try:
        return distribution_version(program) or go_version(version_line(program, "version"))
    except VersionError:
        return None


def find() -> str | None:
    """The Go that stands in."""
    return find_go(_may_stand_in)


def _may_stand_in(program: str) -> bool:
    """Whether it is not known to be too old."""
    version = known_version(program)
    return version is None or version.startswith("devel") or numbers(version) >= SINCE


def examine() -> Found:
    """Whether it is there, and new enough to stand in."""
    tool = _tool()
    return Found(tool, go_version=tool.version)


def _tool() -> Tool:
    path = find()
    if path is None:
        advice = f"{_EXTRA}, or {_DOWNLOAD}"
        return Tool("go", None, None, ok=False, message="go not found in PATH", advice=advice)
    try:
        version = distribution_version(path) or go_version(version_line(path, "version"))
    except VersionError as error:
        return Tool("go", path, None, ok=False, message=f"go {error}", advice=f"install Go anew: {_DOWNLOAD}")
    if version is None:
        return Tool("go", path, None, ok=False, message="what calls itself go is not Go", advice=_DOWNLOAD)
    if numbers(version) < SINCE and not version.startswith("devel"):
        message = f"Go {version} cannot stand in for TinyGo: that takes Go 1.24 or newer"
        return Tool("go", path, version, ok=False, message=message, advice=_EXTRA)
    return Tool("go", path, version, ok=True, message=f"Go {version} can stand in for TinyGo (--compiler go)")


def fitted(plan: BuildPlan) -> BuildPlan:
    """Not told `-mod=readonly` where that would pass a vendor folder by: there Go's own choice edits nothing either."""
    if "GOFLAGS" not in plan.env_defaults or not is_vendored(plan.cwd):
        return plan
    kept = {name: value for name, value in plan.env_defaults.items() if name != "GOFLAGS"}
    return plan._replace(env_defaults=kept)


COMPILER: Final = Compiler(
    name="go",
    words=Words(
        short="Go",
        title="stock Go",
        missing=f"go not found in PATH. Install it: {_DOWNLOAD} or {_EXTRA}",
        install=_EXTRA,
    ),
    stand_in=True,
    flags=(),
    env={"GOOS": "wasip1", "GOARCH": "wasm"},
    # A build edits no go.mod, go.sum or go.work, and takes no other Go than the one that is there.
    env_defaults={"GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"},
    tags={"tinygo": False, "tinygo.wasm": False, "gc": True, "cgo": False},
    find=find,
    known_version=known_version,
    examine=examine,
    fitted=fitted,
    reads_cgo=False,
    phases=(
        PhaseSign("listing packages", frozenset({"go"})),
        PhaseSign("compiling", frozenset({"compile", "asm"})),
        PhaseSign("linking", frozenset({"link"})),
    ),
)

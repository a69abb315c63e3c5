"""Modules that a build takes from Go's download cache: which there are, by go.sum, and where the cache lies.

The cache's `cache/download` is laid out as a module proxy is, so a copy of some of its files serves as one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tui.reading import read_start

GO_SUM_READ: Final = 16 << 20  # bytes of one go.sum
MODULES: Final = 20_000  # files of one build


def module_cache(environment: Mapping[str, str]) -> Path:
    """Go's module cache, as the environment has it."""
    named = environment.get("GOMODCACHE", "")
    if named:
        return Path(named)
    gopath = environment.get("GOPATH", "").split(os.pathsep)[0]
    return (Path(gopath) if gopath else Path(environment.get("HOME", "/nonexistent"), "go")) / "pkg" / "mod"


def downloads(cache: Path) -> Path:
    """The part of it that is laid out as a proxy is."""
    return cache / "cache" / "download"


def cached_files(go_sums: Iterable[Path], cache: Path) -> Iterator[tuple[str, Path]]:
    """The files of the download cache that the go.sum files name, as far as they are there: name below it, path."""
    folder = downloads(cache)
    wanted = dict.fromkeys(name for go_sum in go_sums for name in _named_in(go_sum))
    for number, name in enumerate(wanted):
        if number >= MODULES:
            return
        path = folder / name
        if os.path.isfile(path):
            yield name, path


def _named_in(go_sum: Path) -> Iterator[str]:
    """The files that the lines of a go.sum stand for: two small ones of a line for a go.mod, else a zip."""
    try:
        text = read_start(go_sum, GO_SUM_READ).decode("utf-8", "replace")
    except OSError:
        return
    for line in text.splitlines():
        words = line.split()
        if len(words) != 3 or not words[2].startswith("h1:"):
            continue
        module, version = words[0], words[1].removesuffix("/go.mod")
        base = f"{_escaped(module)}/@v/{_escaped(version)}"
        if any(part in ("", ".", "..") for part in base.split("/")):
            continue
        endings = (".info", ".mod") if words[1].endswith("/go.mod") else (".zip",)
        yield from (base + ending for ending in endings)


def _escaped(name: str) -> str:
    """A module path or version as file names have it: `!` and the small letter for a capital."""
    return "".join(f"!{letter.lower()}" if letter.isascii() and letter.isupper() else letter for letter in name)

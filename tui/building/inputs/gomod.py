"""go.mod and go.work, read for one question: in which folder on this disk does an import path lie?

Rules: "Go Modules Reference", sections "go.mod files" and "Workspaces". Only modules of this disk count (the main one,
`replace X => ./folder`, `use ./folder`, vendor/): what lies in Go's module cache is pinned by go.mod and go.sum.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tui.facts import Fact
from tui.reading import read_start

READ: Final = 16 << 20  # bytes of the go.mod or go.work; Go itself takes no more
MEMBER_READ: Final = 1 << 20  # bytes of the go.mod of a member of a workspace
LINES: Final = 200_000  # lines with something on them
LINE_LIMIT: Final = 65_536  # characters; a longer line is none that Go takes
MEMBERS: Final = 1_000  # of one workspace
REPLACED: Final = 10_000  # replacements of one file
PATH_LIMIT: Final = 4_096  # characters of an import path


class ModFile(Fact):
    """The lines of a go.mod or go.work that place folders."""

    path: Path
    module: str = ""  # "" in a go.work
    uses: tuple[Path, ...] = ()  # go.work: the module folders
    replaced: tuple[tuple[str, Path], ...] = ()  # import path prefix -> folder


class ModuleGraph(Fact):
    """The local modules that one package can import from."""

    files: tuple[Path, ...]  # go.mod, go.sum, go.work... that exist
    by_prefix: Mapping[str, Path]  # import path prefix -> folder
    vendor: Path | None = None  # the vendor folder, where the build uses one
    sought: tuple[Path, ...] = ()  # files that it is read from, or would be were they there

    def folder(self, import_path: str) -> Path | None:
        """The folder of the package, or None where it is not of this disk (std, module cache)."""
        if len(import_path) > PATH_LIMIT:
            return None
        roots = self.by_prefix
        prefix = import_path
        while prefix:
            root = roots.get(prefix)
            if root is not None:
                return root / import_path[len(prefix) + 1 :]
            prefix = prefix.rpartition("/")[0]
        if self.vendor is not None:
            vendored = self.vendor / import_path
            if os.path.isdir(vendored):
                return vendored
        return None


def find_upwards(directory: Path, name: str) -> Path | None:
    """The nearest file `name` in `directory` or above it."""
    here = os.fspath(directory)
    while True:  # a Path for each folder took longer than the looks
        candidate = os.path.join(here, name)  # noqa: PTH118
        if os.path.isfile(candidate):
            return Path(candidate)
        above = os.path.dirname(here) or "."  # noqa: PTH120
        if here in (above, "."):
            return None
        here = above


def module_graph(directory: Path) -> ModuleGraph:
    """The local modules seen from `directory`. Unreadable files count as empty: the compiler will name them."""
    go_mod = find_upwards(directory, "go.mod")
    if go_mod is None:
        return ModuleGraph(files=(), by_prefix={})
    main = read_mod_file(go_mod)
    work_path = _go_work(directory)
    work = read_mod_file(work_path) if work_path is not None else None
    members = [read_mod_file(folder / "go.mod", MEMBER_READ) for folder in work.uses] if work is not None else []
    if work is not None and main.path not in {member.path for member in members}:
        work, members = None, []  # the workspace does not hold this module: go build refuses it or GOWORK=off is meant
    roots: dict[str, Path] = {}
    for mod_file in (main, *members):
        if mod_file.module:
            roots.setdefault(mod_file.module, mod_file.path.parent)
    for mod_file in (work, main, *members) if work is not None else (main,):
        for prefix, folder in mod_file.replaced:
            roots.setdefault(prefix, folder)
    candidates = _candidates(main, work, roots.values())
    sought = (*candidates, *(member.path for member in members))
    files = [candidate for candidate in candidates if os.path.isfile(candidate)]
    vendor = (work.path if work is not None else main.path).parent / "vendor"
    listing = vendor / "modules.txt"
    if not os.path.isfile(listing):
        return ModuleGraph(tuple(files), roots, sought=sought)
    return ModuleGraph((*files, listing), roots, vendor, sought)


def _candidates(main: ModFile, work: ModFile | None, folders: Iterable[Path]) -> tuple[Path, ...]:
    """The files that decide which version of what is built, whether or not they are there."""
    candidates = [main.path, main.path.with_name("go.sum")]
    if work is not None:
        candidates += [work.path, work.path.with_name("go.work.sum")]
    candidates += [folder / "go.mod" for folder in folders]
    return tuple(dict.fromkeys(candidates))


def _go_work(directory: Path) -> Path | None:
    """The go.work in force: `GOWORK`, else the nearest one upwards."""
    chosen = os.environ.get("GOWORK", "")
    if chosen == "off":
        return None
    if chosen:
        path = Path(chosen)
        return path if os.path.isfile(path) else None
    return find_upwards(directory, "go.work")


def read_mod_file(path: Path, most: int = READ) -> ModFile:
    """What the first `most` bytes of the go.mod or go.work at `path` say; empty where it cannot be read."""
    try:
        text = read_start(path, most).decode("utf-8", "replace")
    except OSError:
        return ModFile(path)
    module = ""
    uses: dict[str, None] = {}
    replaced: list[tuple[str, Path]] = []
    for verb, words in directives(text):
        if verb == "module" and words:
            module = words[0]
        elif verb == "use" and words and len(uses) < MEMBERS:
            uses[words[0]] = None
        elif verb == "replace" and "=>" in words[1:] and len(replaced) < REPLACED:
            target = words[words.index("=>") + 1 :][:1]
            if target and (target[0] in {".", ".."} or target[0].startswith(("./", "../", "/"))):
                replaced.append((words[0], _local(path.parent, target[0])))
    return ModFile(path, module, tuple(_local(path.parent, use) for use in uses), tuple(replaced))


def _local(base: Path, text: str) -> Path:
    return Path(os.path.normpath(base / text))


def directives(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each directive as (verb, words), blocks unfolded: `replace ( a => b )` gives ("replace", ["a", "=>", "b"])."""
    block = ""
    left = LINES
    for raw in io.StringIO(text):
        if len(raw) > LINE_LIMIT or raw.isspace() or raw.startswith("//"):
            continue
        words = [word.strip("\"'`") for word in raw.split("//", 1)[0].split()]
        if not words:
            continue
        left -= 1
        if left < 0:
            return
        if block:
            if words[0] == ")":
                block = ""
            else:
                yield block, words
        elif words[-1] == "(" and len(words) == 2:
            block = words[0]
        else:
            yield words[0], words[1:]

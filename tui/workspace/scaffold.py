"""New function directories, from templates that build as they are with TinyGo 0.35 and with stock Go 1.24."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from tui.files import FOLDER, remove_same, write_new
from tui.reading import read_start

if TYPE_CHECKING:
    from tui.files import Identity

FunctionKind = Literal["command", "persistent", "reactor"]
KINDS: Final[tuple[FunctionKind, ...]] = get_args(FunctionKind)
# Of whose module a new function is: of one above it, whose packages it can import, or of one of its own.
Membership = Literal["shared", "own"]
MEMBERSHIPS: Final[tuple[Membership, ...]] = get_args(Membership)
TEMPLATES: Final = Path(__file__).parent / "templates"
# Stock Go takes //go:wasmexport from 1.24 on whatever go.mod says; TinyGo refuses a go.mod newer than its own Go,
# which is 1.22 or 1.23 for TinyGo 0.35. So 1.22 suits all.
GO_MOD: Final = "module example.com/NAME\n\ngo 1.22\n"
NAME_REQUIRED: Final = "'name' is required"
NAME_PATTERN: Final = "'name' must start with a letter and contain only letters, digits, hyphens, or underscores"
_GO_MOD_READ: Final = 1 << 20  # bytes
_MODULE_LINE: Final = re.compile(r"^[ \t]*module[ \t]+\"?([^\s\"]+)", re.MULTILINE)
_SKIPPED_FOLDERS: Final = frozenset({"vendor", "node_modules"})
# Plain scalars that YAML takes for something else than text. The deploy tool reads `null` as no name at all.
_WORDS_OF_YAML: Final = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])


class ScaffoldError(Exception):
    """The function cannot be created. The text says why."""


def name_problem(name: str) -> str | None:
    """What the deploy tool says of a name that it refuses, else None (`^[a-zA-Z][a-zA-Z0-9_-]*$`)."""
    if not name:
        return NAME_REQUIRED
    rest = name.replace("-", "").replace("_", "")
    if not (name.isascii() and name[0].isalpha() and rest.isalnum()):
        return NAME_PATTERN
    return None


def path_problem(path: str) -> str | None:
    """What is wrong with the name of a new function, which may have folders before it: `services/billing/charge`."""
    *folders, name = path.split("/")
    for folder in folders:
        if not folder or folder.startswith(".") or "\0" in folder:
            return "folders before the name are parted by one / each, and begin with no dot"
        if folder in _SKIPPED_FOLDERS:
            return f"a folder called {folder} is never searched for functions: take another name"
    return name_problem(name)


@dataclass(frozen=True, slots=True)
class ModuleAbove:
    """A Go module that a folder lies in."""

    go_mod: Path
    name: str  # its module path, "" where go.mod has none


def module_above(directory: Path) -> ModuleAbove | None:
    """The module that a new folder would be part of: the nearest go.mod above it."""
    for folder in directory.parents:
        go_mod = folder / "go.mod"
        if os.path.isfile(go_mod):
            try:
                text = read_start(go_mod, _GO_MOD_READ).decode("utf-8", "replace")
            except OSError:
                text = ""
            found = _MODULE_LINE.search(text)
            return ModuleAbove(go_mod, found[1] if found is not None else "")
    return None


def create_function(parent: Path, path: str, kind: FunctionKind, module: Membership | None = None) -> list[Path]:
    """Create `parent/path` with function.yaml, function.go and go.mod; the files that were made.

    `path` is the function's name, with folders before it where it has some. `module`: without a word a function below a
    go.mod is of that module, and gets none of its own. A reactor has a malloc.go too: TinyGo exports malloc by itself,
    stock Go does not. Raises ScaffoldError, and then leaves nothing behind; what was there before is never touched.
    """
    directory = parent / path
    return [directory / file for file in _write(parent, directory, new_files(parent, path, kind, module))]


def new_files(parent: Path, path: str, kind: FunctionKind, module: Membership | None = None) -> dict[str, str]:
    """What `create_function` would make in `parent/path`: file name -> text. Raises ScaffoldError as it does."""
    directory = parent / path
    above = module_above(directory)
    _refuse(parent, directory, path)
    if module == "shared" and above is None:
        raise ScaffoldError(f"there is no go.mod above {directory} that it could be part of: leave --module out")
    files = _files(directory.name, kind)
    if above is not None and module != "own":
        del files["go.mod"]
    return files


def _write(parent: Path, directory: Path, files: Mapping[str, str]) -> list[str]:
    """Make the folders and the files; the names of the files. Raises ScaffoldError, and then leaves nothing behind."""
    made: dict[str, Identity] = {}
    folders: list[Path] = []
    try:
        _make_folders(parent, directory, folders)
        opened = os.open(directory, FOLDER | os.O_NOFOLLOW)
    except OSError as error:
        _remove_empty(folders)
        raise ScaffoldError(f"{directory} cannot be created: {error.strerror or error}") from error
    try:
        for file, text in files.items():
            made[file] = write_new(file, text.encode(), folder=opened)
    except OSError as error:
        for file, known in made.items():
            remove_same(file, known, opened)
        _remove_empty(folders)
        raise ScaffoldError(f"{directory} cannot be created: {error.strerror or error}") from error
    finally:
        os.close(opened)
    return list(made)


def _make_folders(parent: Path, directory: Path, made: list[Path]) -> None:
    """Make the folders from below `parent` to `directory`; those that were not there are put into `made`."""
    for folder in (*reversed(directory.relative_to(parent).parents), directory.relative_to(parent)):
        place = parent / folder
        if place.is_symlink() and place != parent:
            raise NotADirectoryError(20, f"{place} is a link, and fn-tui writes through none")
        if not os.path.isdir(place):
            place.mkdir()
            made.append(place)


def _refuse(parent: Path, directory: Path, path: str) -> None:
    """Raise ScaffoldError for a name or a place that will not do."""
    problem = path_problem(path)
    if problem is not None:
        raise ScaffoldError(problem)
    name = directory.name
    if name in _SKIPPED_FOLDERS:
        raise ScaffoldError(f"a folder called {name} is never searched for functions: take another name")
    try:
        if not parent.is_dir():
            reason = f"{parent} is not a directory" if parent.exists() else f"directory does not exist: {parent}"
            raise ScaffoldError(reason)
        if directory.is_symlink() or (directory.exists() and (not directory.is_dir() or any(directory.iterdir()))):
            raise ScaffoldError(f"{directory} is there already")
    except OSError as error:
        raise ScaffoldError(f"{directory} cannot be created: {error.strerror or error}") from error


def _files(name: str, kind: FunctionKind) -> dict[str, str]:
    """File name -> text, for that kind of function."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted((TEMPLATES / kind).iterdir())}
    quoted = f'"{name}"' if name.lower() in _WORDS_OF_YAML else name
    files["function.yaml"] = files["function.yaml"].replace("name: NAME", f"name: {quoted}")
    files["go.mod"] = GO_MOD.replace("NAME", name)
    return files


def _remove_empty(folders: list[Path]) -> None:
    """Take back the folders that were made, the deepest first, as far as nothing was put into them."""
    for folder in reversed(folders):
        try:
            folder.rmdir()
        except OSError:
            return  # it was not ours alone, or the disk is gone: the first error is the one to report

"""New function directories, from templates that build as they are with TinyGo 0.35 and with stock Go 1.24."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from tui.files import FOLDER, remove_same, write_new

if TYPE_CHECKING:
    from tui.files import Identity

FunctionKind = Literal["command", "persistent", "reactor"]
KINDS: Final[tuple[FunctionKind, ...]] = get_args(FunctionKind)
TEMPLATES: Final = Path(__file__).parent / "templates"
# Stock Go takes //go:wasmexport from 1.24 on whatever go.mod says; TinyGo refuses a go.mod newer than its own Go,
# which is 1.22 or 1.23 for TinyGo 0.35. So 1.22 suits all.
GO_MOD: Final = "module example.com/NAME\n\ngo 1.22\n"
NAME_REQUIRED: Final = "'name' is required"
NAME_PATTERN: Final = "'name' must start with a letter and contain only letters, digits, hyphens, or underscores"
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


def create_function(parent: Path, name: str, kind: FunctionKind) -> list[Path]:
    """Create `parent/name` with function.yaml, function.go and go.mod; the files that were made.

    A reactor has a malloc.go too: TinyGo exports malloc by itself, stock Go does not. Raises ScaffoldError, and then
    leaves nothing behind; what was there before is never touched.
    """
    directory = parent / name
    _refuse(parent, directory, name)
    made: dict[str, Identity] = {}
    was_there = os.path.isdir(directory)
    try:
        directory.mkdir(exist_ok=True)
        opened = os.open(directory, FOLDER | os.O_NOFOLLOW)
    except OSError as error:
        raise ScaffoldError(f"{directory} cannot be created: {error.strerror or error}") from error
    try:
        for file, text in _files(name, kind).items():
            made[file] = write_new(file, text.encode(), folder=opened)
    except OSError as error:
        _undo(None if was_there else directory, opened, made)
        raise ScaffoldError(f"{directory} cannot be created: {error.strerror or error}") from error
    finally:
        os.close(opened)
    return [directory / file for file in made]


def _refuse(parent: Path, directory: Path, name: str) -> None:
    """Raise ScaffoldError for a name or a place that will not do."""
    problem = name_problem(name)
    if problem is not None:
        raise ScaffoldError(problem)
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


def _undo(directory: Path | None, opened: int, made: Mapping[str, Identity]) -> None:
    """Take back what was made, as far as that is possible, and nothing that was put in its place."""
    for file, known in made.items():
        remove_same(file, known, opened)
    try:
        if directory is not None:
            directory.rmdir()
    except OSError:
        return  # the folder was not ours alone, or the disk is gone: the first error is the one to report

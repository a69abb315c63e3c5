"""One TOML file of settings, read once: looked at before it is opened, bounded, with the line of each key."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tui.facts import Fact
from tui.reading import NOT_REGULAR, read_start

FILE_LIMIT: Final = 100_000  # bytes; all settings, with a comment on each, are 4,000
DOTS: Final = 500  # in one line: what Python's reader takes for a name grows with the square of its parts


class SettingsProblem(Fact):
    """One setting that was passed over, and why. The rest holds."""

    source: str  # a file's path, an environment variable or a flag
    line: int | None  # 1-based, in a file
    message: str

    def __str__(self) -> str:
        return f"{self.source}{'' if self.line is None else f':{self.line}'}: {self.message}"


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What was read, and what it says: `table` is made of these very bytes."""

    path: Path  # absolute
    source: bytes
    table: dict[str, Any]
    _lines: dict[str, int] = field(default_factory=dict, repr=False, compare=False)  # looked for when first asked

    def place(self, dotted: str) -> str:
        """The file, and the line of one key in it."""
        line = self._line(dotted)
        return f"{self.path}{'' if line is None else f':{line}'}"

    def problem(self, dotted: str, message: str) -> SettingsProblem:
        """What is wrong with one key, with its line."""
        return SettingsProblem(str(self.path), self._line(dotted), message)

    def _line(self, dotted: str) -> int | None:
        if not self._lines:
            self._lines.update(lines_of(self.source.decode("utf-8-sig")))
        return self._lines.get(dotted, self._lines.get(dotted.partition(".")[0]))


def read_toml(path: Path, *, required: bool = False) -> TomlFile | SettingsProblem | None:
    """The file; None where there is none and none is required. Never raises."""
    try:
        source = read_start(path, FILE_LIMIT + 1)
    except FileNotFoundError:
        return SettingsProblem(str(path), None, "there is no such file") if required else None
    except OSError as error:
        if error.strerror == NOT_REGULAR:
            return SettingsProblem(str(path), None, "is not a regular file, and was not read")
        return SettingsProblem(str(path), None, f"cannot be read: {error.strerror or error}")
    if len(source) > FILE_LIMIT:
        return SettingsProblem(str(path), None, f"is larger than {FILE_LIMIT:,} bytes, and was not read")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return SettingsProblem(str(path), source.count(b"\n", 0, error.start) + 1, "is not UTF-8")
    table = _parse(path, text)
    return table if isinstance(table, SettingsProblem) else TomlFile(path.absolute(), source, table)


def _parse(path: Path, text: str) -> dict[str, Any] | SettingsProblem:
    """The document, or where its syntax breaks."""
    import tomllib

    deep = next((number for number, line in enumerate(text.split("\n"), 1) if line.count(".") > DOTS), None)
    if deep is not None:
        return SettingsProblem(str(path), deep, f"has more than {DOTS} dots in one line, and was not read")
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        message, _, place = str(error).removesuffix(")").partition(" (at ")
        words = place.split()
        line = int(words[1].rstrip(",")) if words[:1] == ["line"] else text.count("\n") + 1 if place else None
        return SettingsProblem(str(path), line, f"is not valid TOML: {message}")
    except RecursionError:
        return SettingsProblem(str(path), None, "is not valid TOML: nested too deeply")


def lines_of(text: str) -> dict[str, int]:
    """The 1-based line on which each key and table stands first, as far as lines of `key =` and `[table]` tell."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = stripped.strip("[] \t").partition("]")[0].strip("\"' ")
            found.setdefault(table, number)
        elif "=" in stripped:
            names = [part.strip().strip("\"'") for part in stripped.partition("=")[0].split(".")]
            whole = ".".join([table, *names] if table else names)
            found.setdefault(whole, number)
            found.setdefault(whole.partition(".")[0], number)
    return found

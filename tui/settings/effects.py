"""What each setting of a workspace would do, in a sentence: for a person who is to agree to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from tui.settings.default_file import toml_value
from tui.settings.settings import Entry
from tui.text import human_seconds


def written(entry: Entry) -> str:
    """A setting as a file has it: `watch = true`, `keys.quit = ["j"]`."""
    if entry.action:
        return f"keys.{entry.action} = [{', '.join(map(toml_value, entry.value))}]"
    return f"{entry.key.name} = {toml_value(entry.value)}"


def effect(entry: Entry, folder: Path) -> str:
    """What it would do, in a sentence without a full stop. `folder` is the workspace's."""
    return _EFFECTS[entry.key.name](entry.value, folder)


def consequences(entries: Iterable[Entry], folder: Path) -> list[tuple[str, str]]:
    """Each setting but keys, as it is written and what it would do. Keys are told by what each key becomes."""
    return [(written(entry), effect(entry, folder)) for entry in entries if not entry.action]


def _compiler(value: Any, _: Path) -> str:
    return f"functions are built with {value}"


def _jobs(value: Any, _: Path) -> str:
    return f"{value} builds at once" if value else "as many builds at once as cores and memory allow"


def _timeout(value: Any, _: Path) -> str:
    return f"a build is stopped after {human_seconds(value)}" if value else "no build is stopped for its time"


def _contract(value: Any, folder: Path) -> str:
    if value is None:
        return "functions are judged by the contract that comes with fn-tui"
    real, root = os.path.realpath(value), os.path.realpath(folder)
    outside = os.path.commonpath([real, root]) != root
    return "functions are judged by this file" + (", which lies outside of this workspace" if outside else "")


def _flag(on: str, off: str) -> Callable[[Any, Path], str]:
    return lambda value, _: on if value else off


_EFFECTS: Final[dict[str, Callable[[Any, Path], str]]] = {
    "compiler": _compiler,
    "jobs": _jobs,
    "timeout": _timeout,
    "watch": _flag("every save builds what it touches, without a key", "no save builds, until w is pressed"),
    "strict": _flag("`fn-tui check` fails on warnings, too", "`fn-tui check` does not fail on warnings"),
    "contract": _contract,
    "theme": lambda value, _: f"the colours of the theme {value}" if value else "the colours chosen last",
    "ascii": _flag("no glyph outside ASCII", "glyphs outside ASCII"),
    "mouse": _flag("the mouse works here", "the mouse is left to the terminal"),
    "wrap": _flag("long log lines are wrapped", "long log lines are cut"),
    "log_lines": lambda value, _: f"{value:,} lines of each log are kept in memory",
    "bell": _flag("the terminal's bell rings when a build ends", "no bell"),
    "keys": lambda _value, _folder: "other keys",
}

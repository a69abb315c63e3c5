"""The table of settings: parsing, checks, the commented default file and the README all come from it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tui.facts import Fact

Kind = Literal["choice", "program", "text", "path", "integer", "number", "flag", "keys"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose, all layers applied. The defaults are those of a machine without any settings file."""

    compiler: str = "tinygo"
    tinygo: str = ""  # "": the one on PATH
    go: str = ""
    tinygo_go: str = ""
    wasm_opt: str = ""
    jobs: int = 0  # builds at once; 0: as many as cores and free memory allow
    cluster: str = ""  # address of a Dask scheduler; "": builds run on this machine
    timeout: float = 0.0  # seconds for one build; 0: no limit
    watch: bool = False
    strict: bool = False
    contract: Path | None = None
    editor: str = ""  # "": $VISUAL, then $EDITOR
    theme: str = ""  # "": the one chosen last on screen
    ascii: bool = False
    mouse: bool = True
    wrap: bool = False
    log_lines: int = 100_000
    bell: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # action id -> keys; the app checks both
    # Where each of `keys` stands, for what the app has to say of them: action id -> file and line. No setting.
    key_places: Mapping[str, str] = field(default_factory=dict, compare=False)


class SettingKey(Fact):
    """One setting: how its value must look and what it does. Its default is that of the Settings field."""

    name: str
    kind: Kind
    help: str
    example: str  # a value other than the default, as TOML
    allowed: tuple[str, ...] = ()  # names of a program; words of a choice, which others know (`load_settings`)
    low: float = 0
    high: float = 0
    from_workspace: bool = True  # False: names a program to run: no workspace may set it, agreed to or not

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"FN_TUI_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """The command line option that sets it, where there is one."""
        return "--" + self.name.replace("_", "-")


SETTING_KEYS: Final = (
    SettingKey(
        "compiler",
        "choice",
        "Which compiler builds: TinyGo, or stock Go as a stand-in.",
        '"go"',
    ),
    SettingKey(
        "tinygo",
        "program",
        "Where the program tinygo lies. Empty: on PATH.",
        '"/opt/tinygo/bin/tinygo"',
        allowed=("tinygo",),
        from_workspace=False,
    ),
    SettingKey(
        "go",
        "program",
        "Where the program go lies that builds as a stand-in. Empty: on PATH, if it is new enough, else the one of the "
        "extra fn-tui[go].",
        '"~/sdk/go1.27/bin/go"',
        allowed=("go",),
        from_workspace=False,
    ),
    SettingKey(
        "tinygo_go",
        "program",
        "Where the program go lies that TinyGo runs; it takes only some versions. Empty: on PATH.",
        '"~/sdk/go1.23/bin/go"',
        allowed=("go",),
        from_workspace=False,
    ),
    SettingKey(
        "wasm_opt",
        "program",
        "Where the program wasm-opt lies that TinyGo runs. Empty: TinyGo's choice.",
        '"/usr/bin/wasm-opt"',
        from_workspace=False,
    ),
    SettingKey(
        "jobs", "integer", "Builds at once. 0: as many as cores and free memory allow, 4 at most.", "2", high=64
    ),
    SettingKey(
        "cluster",
        "text",
        "The Dask cluster that `fn-tui build`, `watch` and `dev` build on, and the screen once asked: its scheduler's "
        "address. Empty: none.",
        '"tcp://127.0.0.1:8786"',
        from_workspace=False,
    ),
    SettingKey("timeout", "number", "Seconds after which a build is stopped. 0: never.", "300", high=86_400),
    SettingKey("watch", "flag", "Rebuild on save from the start.", "true"),
    SettingKey("strict", "flag", "`fn-tui check` fails on warnings too.", "true"),
    SettingKey(
        "contract", "path", "Another host's contract. Relative to the file that says so.", '"host-contract.json"'
    ),
    SettingKey(
        "editor",
        "text",
        "The editor, with arguments; {file}, {line} and {column} are filled in. Empty: $VISUAL, then $EDITOR.",
        '"nano +{line},{column} {file}"',
        from_workspace=False,
    ),
    SettingKey("theme", "text", "Colour theme. Empty: the one chosen last on screen.", '"textual-light"'),
    SettingKey("ascii", "flag", "No glyph outside ASCII.", "true"),
    SettingKey("mouse", "flag", "Take the mouse. false leaves it to the terminal.", "false"),
    SettingKey("wrap", "flag", "Wrap long log lines.", "true"),
    SettingKey("log_lines", "integer", "Log lines kept in memory for each build.", "20_000", low=1_000, high=5_000_000),
    SettingKey("bell", "flag", "Ring the terminal's bell when a build ends.", "true"),
    SettingKey("keys", "keys", "Keys of actions: the action's id, and one key or a list.", 'build = ["b", "f5"]'),
)
BY_NAME: Final = {key.name: key for key in SETTING_KEYS}
_LONGEST_WORD: Final = 80  # characters that are compared with those that there are
MOST_OF_ONE: Final = 50  # keys of one action
_WORD: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_FLAG_WORDS: Final = {"1": True, "true": True, "yes": True, "on": True} | dict.fromkeys(
    ("0", "false", "no", "off"), False
)


class RefusedValueError(ValueError):
    """A value that a setting does not take. The text says what it takes."""


def accept(key: SettingKey, value: object, folder: Path) -> object:
    """The value of `key` as Settings holds it. Paths are relative to `folder`. Raises RefusedValueError."""
    return _ACCEPT[key.kind](key, value, folder)


def from_text(key: SettingKey, text: str) -> object:
    """What a word from the environment stands for, ready for `accept`. Raises RefusedValueError."""
    if key.kind == "flag":
        if text.strip().lower() not in _FLAG_WORDS:
            raise RefusedValueError(f"takes 1 or 0, true or false, not {text!r}")
        return _FLAG_WORDS[text.strip().lower()]
    if key.kind in ("integer", "number"):
        try:
            return int(text) if key.kind == "integer" else float(text)
        except ValueError:
            raise RefusedValueError(_takes(key, text)) from None
    return text


def closest(word: str, choices: tuple[str, ...] | list[str]) -> str:
    """`: did you mean "x"?` for the nearest of `choices`, or ""."""
    from difflib import get_close_matches

    near = get_close_matches(word[:_LONGEST_WORD], choices, 1)
    return f': did you mean "{near[0]}"?' if near else ""


def _takes(key: SettingKey, value: object) -> str:
    noun = "a whole number" if key.kind == "integer" else "a number"
    return f"takes {noun} from {key.low:,.0f} to {key.high:,.0f}, not {_toml(value)}"


def _toml(value: object) -> str:
    """A value as the file has it, short. One in which others lie may be deeper than what prints it."""
    if isinstance(value, dict | list):
        kind = "a table" if isinstance(value, dict) else "a list"
        return kind if value else str(value)
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _text(_key: SettingKey, value: object, _folder: Path) -> str:
    if not isinstance(value, str):
        raise RefusedValueError(f"takes text in quotes, not {_toml(value)}")
    if not value.isprintable():
        raise RefusedValueError("holds a control character")
    return value


def _choice(key: SettingKey, value: object, _folder: Path) -> str:
    if isinstance(value, str) and (value in key.allowed or (not key.allowed and _WORD.fullmatch(value))):
        return value
    hint = closest(value, key.allowed) if isinstance(value, str) else ""
    words = " or ".join(f'"{word}"' for word in key.allowed) or "a word"
    raise RefusedValueError(f"takes {words}, not {_toml(value)}{hint}")


def _program(key: SettingKey, value: object, folder: Path) -> str:
    """The absolute path of a program. Compilers find each other by name on PATH, so its name must be the usual one."""
    text = _text(key, value, folder)
    if not text:
        return ""
    path = _absolute(text, folder)
    if key.allowed and path.name not in key.allowed:
        raise RefusedValueError(f'takes the path of a program called "{key.allowed[0]}", not {_toml(value)}')
    if not _can_run(path):
        raise RefusedValueError(f"names {path}, which is not a program that can be run")
    return str(path)


def _can_run(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.X_OK)
    except OSError:  # a folder above it that may not be searched
        return False


def _path(key: SettingKey, value: object, folder: Path) -> Path | None:
    text = _text(key, value, folder)
    return _absolute(text, folder) if text else None


def _absolute(text: str, folder: Path) -> Path:
    return folder / os.path.expanduser(text)  # noqa: PTH111 - Path.expanduser raises where there is no home


def _integer(key: SettingKey, value: object, _folder: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not key.low <= value <= key.high:
        raise RefusedValueError(_takes(key, value))
    return value


def _number(key: SettingKey, value: object, _folder: Path) -> float:
    # NaN fails the comparison.
    if not isinstance(value, int | float) or isinstance(value, bool) or not key.low <= value <= key.high:
        raise RefusedValueError(_takes(key, value))
    return float(value)


def _flag(_key: SettingKey, value: object, _folder: Path) -> bool:
    if not isinstance(value, bool):
        raise RefusedValueError(f"takes true or false, not {_toml(value)}")
    return value


def _keys(_key: SettingKey, value: object, _folder: Path) -> tuple[str, ...]:
    """The keys of one action: `"b"`, `"b,f5"` or `["b", "f5"]`."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) and part.isprintable() for part in parts):
        raise RefusedValueError(f'takes a key or a list of keys, such as ["b", "f5"], not {_toml(value)}')
    keys = tuple(part.strip() for part in parts if part.strip())
    if len(keys) > MOST_OF_ONE:
        raise RefusedValueError(f"names {len(keys):,} keys; an action has at most {MOST_OF_ONE}")
    return keys


_ACCEPT: Final[dict[Kind, Callable[[SettingKey, object, Path], object]]] = {
    "choice": _choice,
    "program": _program,
    "text": _text,
    "path": _path,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "keys": _keys,
}

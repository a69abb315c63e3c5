"""Settings in layers: defaults, the person's file, the workspace's file, environment, flags. Later ones win."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tui.reading import NOT_REGULAR, read_start
from tui.settings import xdg
from tui.settings.keys import BY_NAME, SETTING_KEYS, RefusedValueError, Settings, accept, closest, from_text

__all__ = ["WORKSPACE_FILE", "Settings", "SettingsProblem", "load_settings", "settings_path"]

FILE_NAME: Final = "settings.toml"
WORKSPACE_FILE: Final = ".fn-tui.toml"
FILE_LIMIT: Final = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class SettingsProblem:
    """One setting that was passed over, and why. The rest holds."""

    source: str  # a file's path, an environment variable or a flag
    line: int | None  # 1-based, in a file
    message: str

    def __str__(self) -> str:
        return f"{self.source}{'' if self.line is None else f':{self.line}'}: {self.message}"


def settings_path() -> Path:
    """The person's settings file. It may not exist."""
    return xdg.config_home() / FILE_NAME


def load_settings(
    workspace: Path | None = None,
    *,
    file: Path | None = None,
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[Settings, tuple[SettingsProblem, ...]]:
    """The settings in force, and what was passed over. Never raises.

    `file` stands in for the person's own file (and must then exist); `flags` maps settings to what the command line
    gave, None meaning not given; `environment` defaults to that of the process.
    """
    values: dict[str, Any] = {}
    problems: list[SettingsProblem] = []
    layers = [_file_layer(file or settings_path(), required=file is not None)]
    if workspace is not None:
        layers.append(_file_layer(workspace / WORKSPACE_FILE, of_workspace=True))
    layers.append(_environment_layer(os.environ if environment is None else environment))
    layers.append(_flag_layer(flags or {}))
    for layer in layers:
        for item in layer:
            if isinstance(item, SettingsProblem):
                problems.append(item)
            elif item[0] == "keys":
                values["keys"] = {**values.get("keys", {}), **item[1]}
            else:
                values[item[0]] = item[1]
    return replace(Settings(), **values), tuple(problems)


Layer = Iterator[tuple[str, Any] | SettingsProblem]


def _file_layer(path: Path, *, required: bool = False, of_workspace: bool = False) -> Layer:
    """What one TOML file sets."""
    text = _read(path, required=required)
    if text is None:
        return
    if isinstance(text, SettingsProblem):
        yield text
        return
    document = _parse(path, text)
    if isinstance(document, SettingsProblem):
        yield document
        return
    for name, value in document.items():
        for item in _setting(name, value, path.absolute().parent, of_workspace=of_workspace):
            yield SettingsProblem(str(path), _line_of(text, item[0]), item[1]) if isinstance(item, _Refusal) else item


class _Refusal(tuple[str, str]):
    """The dotted key that was refused, and why."""

    __slots__ = ()


def _setting(name: str, value: object, folder: Path, *, of_workspace: bool) -> Iterator[tuple[str, Any] | _Refusal]:
    """One top-level entry of a file, checked."""
    key = BY_NAME.get(name)
    if key is None:
        yield _Refusal((name, f'no setting is called "{name}"{closest(name, list(BY_NAME))}'))
    elif of_workspace and not key.from_workspace:
        where = f"your own settings file ({settings_path()}), {key.variable} or the command line"
        yield _Refusal(
            (name, f'"{name}" is ignored here: a workspace may not choose programs to run. Set it in {where}')
        )
    elif key.kind == "keys" and not isinstance(value, dict):
        yield _Refusal((name, '"keys" is a table: a line [keys], and below it lines such as build = "b"'))
    else:
        entries = value.items() if key.kind == "keys" and isinstance(value, dict) else [("", value)]
        for action, entry in entries:
            dotted = f"{name}.{action}" if action else name
            try:
                accepted = accept(key, entry, folder)
            except RefusedValueError as refusal:
                yield _Refusal((dotted, f'"{dotted}" {refusal}'))
            else:
                yield name, {action: accepted} if action else accepted


def _environment_layer(environment: Mapping[str, str]) -> Layer:
    """What FN_TUI_* variables set. An empty value counts as unset."""
    for key in SETTING_KEYS:
        text = environment.get(key.variable, "")
        if not text or key.kind == "keys":
            continue
        try:
            yield key.name, accept(key, from_text(key, text), Path.cwd())
        except RefusedValueError as refusal:
            yield SettingsProblem(key.variable, None, str(refusal))


def _flag_layer(flags: Mapping[str, object]) -> Layer:
    """What the command line sets."""
    for name, value in flags.items():
        if value is None:
            continue
        key = BY_NAME[name]
        try:
            yield name, accept(key, value, Path.cwd())
        except RefusedValueError as refusal:
            yield SettingsProblem(key.flag, None, str(refusal))


def _read(path: Path, *, required: bool) -> str | SettingsProblem | None:
    """The file's text; None where there is no file and none is required."""
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
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return SettingsProblem(str(path), source.count(b"\n", 0, error.start) + 1, "is not UTF-8")


def _parse(path: Path, text: str) -> dict[str, Any] | SettingsProblem:
    """The document, or where its syntax breaks."""
    import tomllib

    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        message, _, place = str(error).removesuffix(")").partition(" (at ")
        words = place.split()
        line = int(words[1].rstrip(",")) if words[:1] == ["line"] else text.count("\n") + 1 if place else None
        return SettingsProblem(str(path), line, f"is not valid TOML: {message}")
    except RecursionError:
        return SettingsProblem(str(path), None, "is not valid TOML: nested too deeply")


def _line_of(text: str, dotted: str) -> int | None:
    """The 1-based line on which a key stands, as far as lines of `key =` and `[table]` tell."""
    table = ""
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if stripped.startswith("["):
            table = stripped.strip("[] \t").partition("]")[0].strip("\"' ")
            if table == dotted:
                return number
        elif "=" in stripped:
            names = [part.strip().strip("\"'") for part in stripped.partition("=")[0].split(".")]
            if ".".join([table, *names] if table else names) == dotted:
                return number
    return None if "." not in dotted else _line_of(text, dotted.partition(".")[0])

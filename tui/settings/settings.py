"""Settings in layers: defaults, the person's file, the workspace's file, environment, flags. Later ones win."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tui.facts import Fact
from tui.settings import xdg
from tui.settings.keys import (
    BY_NAME,
    SETTING_KEYS,
    RefusedValueError,
    SettingKey,
    Settings,
    accept,
    closest,
    from_text,
)
from tui.settings.toml_file import SettingsProblem, TomlFile, read_toml
from tui.text import printable

__all__ = ["Settings", "SettingsProblem", "Words", "load_settings", "settings_path", "workspace_entries"]

FILE_NAME: Final = "settings.toml"
# What one file may name: several times what there is. Each name that is none costs a sentence.
MOST_SETTINGS: Final = 100
MOST_KEYS: Final = 500
Words = Mapping[str, Sequence[str]]  # a setting -> the words that it takes, where others know them


class Entry(Fact):
    """One setting of a layer, accepted: `keys` has one for each action."""

    key: SettingKey
    value: Any
    action: str = ""  # of `keys`: the action's id
    place: str = ""  # of `keys`: the file, and the line in it


Layer = Iterator[Entry | SettingsProblem]


def settings_path() -> Path:
    """The person's settings file. It may not exist."""
    return xdg.config_home() / FILE_NAME


def load_settings(
    workspace: TomlFile | None = None,
    *,
    file: Path | None = None,
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    words: Words | None = None,
) -> tuple[Settings, tuple[SettingsProblem, ...]]:
    """The settings in force, and what was passed over. Never raises.

    `workspace`: the workspace's file, to be given only where a person has agreed to it (tui.settings.trust). `file`
    stands in for the person's own file (and must then exist); `flags` maps settings to what the command line gave, None
    meaning not given; `environment` defaults to that of the process; `words` are the names of the compilers there are.
    """
    keys = _with_words(words or {})
    own = read_toml(file or settings_path(), required=file is not None)
    layers = [
        iter((own,)) if isinstance(own, SettingsProblem) else _file_layer(own, keys),
        workspace_entries(workspace, words),
        _environment_layer(os.environ if environment is None else environment, keys),
        _flag_layer(flags or {}, keys),
    ]
    values: dict[str, Any] = {}
    problems: list[SettingsProblem] = []
    for layer in layers:
        for item in layer:
            if isinstance(item, SettingsProblem):
                problems.append(item)
            elif item.action:
                values["keys"] = {**values.get("keys", {}), item.action: item.value}
                values["key_places"] = {**values.get("key_places", {}), item.action: item.place}
            else:
                values[item.key.name] = item.value
    return replace(Settings(), **values), tuple(problems)


def workspace_entries(file: TomlFile | None, words: Words | None = None) -> Layer:
    """What a workspace's file sets, and what of it is passed over in any case."""
    yield from _file_layer(file, _with_words(words or {}), of_workspace=True)


def _with_words(words: Words) -> dict[str, SettingKey]:
    """The table of settings, with the words that some of them take."""
    return {**BY_NAME, **{name: BY_NAME[name]._replace(allowed=tuple(taken)) for name, taken in words.items()}}


def _file_layer(file: TomlFile | None, keys: Mapping[str, SettingKey], *, of_workspace: bool = False) -> Layer:
    """What one TOML file sets."""
    if file is None:
        return
    for name, value in islice(file.table.items(), MOST_SETTINGS):
        for item in _setting(keys.get(name), name, value, file.path.parent, of_workspace=of_workspace):
            if not isinstance(item, Entry):
                yield file.problem(*item)
            else:
                yield item._replace(place=file.place(f"{name}.{item.action}")) if item.action else item
    if len(file.table) > MOST_SETTINGS:
        words = f"names {len(file.table):,} settings; those after the first {MOST_SETTINGS} are passed over"
        yield SettingsProblem(str(file.path), None, words)


def _setting(
    key: SettingKey | None, name: str, value: object, folder: Path, *, of_workspace: bool
) -> Iterator[Entry | tuple[str, str]]:
    """One top-level entry of a file, checked; a refusal is the dotted key and why."""
    if key is None:
        yield name, f'no setting is called "{printable(name, 40)}"{closest(name, list(BY_NAME))}'
    elif of_workspace and not key.from_workspace:
        where = f"your own settings file ({settings_path()}), {key.variable} or the command line"
        yield name, f'"{name}" is ignored here: a workspace may not choose programs to run. Set it in {where}'
    elif key.kind == "keys" and not isinstance(value, dict):
        yield name, '"keys" is a table: a line [keys], and below it lines such as build = "b"'
    else:
        entries = value if key.kind == "keys" and isinstance(value, dict) else {"": value}
        for action, entry in islice(entries.items(), MOST_KEYS):
            dotted = f"{name}.{action}" if action else name
            try:
                yield Entry(key, accept(key, entry, folder), action)
            except RefusedValueError as refusal:
                yield dotted, f'"{printable(dotted, 40)}" {refusal}'
        if len(entries) > MOST_KEYS:
            yield name, f'"{name}" names {len(entries):,} actions; those after the first {MOST_KEYS} are passed over'


def _environment_layer(environment: Mapping[str, str], keys: Mapping[str, SettingKey]) -> Layer:
    """What FN_TUI_* variables set. An empty value counts as unset."""
    for name in (each.name for each in SETTING_KEYS if each.kind != "keys"):
        key = keys[name]
        text = environment.get(key.variable, "")
        if not text:
            continue
        try:
            yield Entry(key, accept(key, from_text(key, text), Path.cwd()))
        except RefusedValueError as refusal:
            yield SettingsProblem(key.variable, None, str(refusal))


def _flag_layer(flags: Mapping[str, object], keys: Mapping[str, SettingKey]) -> Layer:
    """What the command line sets."""
    for name, value in flags.items():
        if value is None:
            continue
        key = keys[name]
        try:
            yield Entry(key, accept(key, value, Path.cwd()))
        except RefusedValueError as refusal:
            yield SettingsProblem(key.flag, None, str(refusal))

"""The fast way through an ordinary function.yaml: straight from libyaml's events to values, without a tree.

It answers only where nothing is out of the ordinary: known keys, each once, with plain values of their type, nothing
that yaml.v3 would change or refuse. For every other document it gives None, and the full decoder has the word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tui.workspace.goyaml.libyaml import parser_class
from tui.workspace.goyaml.nodes import NULLS
from tui.workspace.goyaml.schema import BOOL, FUNCTION_CONFIG, INT, RETRY_CONFIG, STRING, STRING_MAP, Kind
from tui.workspace.model import KeyOrigin

_BOOLS: Final = {"true": True, "false": False}
_LONGEST_INT: Final = 9  # digits
_NOT_ENV_NAMES: Final = NULLS | {"<<"}

Scalars = dict[str, str | int | bool]
Place = tuple[int, int, str]  # 0-based line and column, text


class Origins(Mapping[str, KeyOrigin]):
    """Where each key is given; the `KeyOrigin`s are made when they are asked for."""

    __slots__ = ("_places",)

    def __init__(self, places: dict[str, Place]) -> None:
        self._places = places

    def __getitem__(self, key: str) -> KeyOrigin:
        line, column, raw = self._places[key]
        return KeyOrigin(key, line + 1, column + 1, raw)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Ordinary:
    """What an ordinary document gives, before defaults. `env` is None where there is none."""

    __slots__ = ("env", "origins", "retry", "values")

    def __init__(self, values: Scalars, retry: Scalars, env: dict[str, str] | None, origins: Origins) -> None:
        self.values = values
        self.retry = retry
        self.env = env
        self.origins = origins


class _UnusualError(Exception):
    """Something here needs the full decoder."""


def _scalar(kind: Kind, event: Any) -> str | int | bool:
    """The value of a scalar that no rule changes."""
    text: str = event.value
    if kind is STRING:
        if text not in NULLS or event.style:
            return text
    elif not event.style:
        if kind is BOOL and text in _BOOLS:
            return _BOOLS[text]
        if kind is INT and text.isdigit() and text[0] != "0" and len(text) <= _LONGEST_INT and text.isascii():
            return int(text)
    raise _UnusualError


class _Reader:
    """Walks the events of one document."""

    def __init__(self, get_event: Callable[[], Any]) -> None:
        import yaml

        self._scalar_event: Any = yaml.ScalarEvent
        self._get_event = get_event
        self._mapping_start = yaml.MappingStartEvent
        self._mapping_end = yaml.MappingEndEvent
        self._places: dict[str, Place] = {}
        self._env: dict[str, str] | None = None
        self._retry: Scalars = {}

    def read(self) -> Ordinary:
        """The document's values. Raises `_UnusualError`."""
        get_event = self._get_event
        get_event()  # the stream starts
        get_event()  # the document starts, or the stream ends
        if get_event().__class__ is not self._mapping_start:
            raise _UnusualError
        values = self._struct(FUNCTION_CONFIG.fields, "")
        get_event()  # the document ends
        import yaml

        if get_event().__class__ is not yaml.StreamEndEvent:
            raise _UnusualError
        return Ordinary(values, self._retry, self._env, Origins(self._places))

    def _struct(self, fields: Mapping[str, Kind], prefix: str) -> Scalars:
        get_event, scalar_event, places = self._get_event, self._scalar_event, self._places
        values: Scalars = {}
        while (event := get_event()).__class__ is scalar_event:
            name = event.value
            kind = fields.get(name)
            dotted = prefix + name
            if kind is None or dotted in places:
                raise _UnusualError
            mark = event.start_mark
            event = get_event()
            if event.__class__ is scalar_event:
                places[dotted] = (mark.line, mark.column, event.value)
                values[name] = _scalar(kind, event)
            else:
                places[dotted] = (mark.line, mark.column, "")
                self._collection(kind, event)
        if event.__class__ is not self._mapping_end:
            raise _UnusualError
        return values

    def _collection(self, kind: Kind, event: Any) -> None:
        if event.__class__ is not self._mapping_start:
            raise _UnusualError
        if kind is RETRY_CONFIG:
            self._retry = self._struct(RETRY_CONFIG.fields, "retry.")
        elif kind is STRING_MAP:
            self._env = self._string_map()
        else:
            raise _UnusualError

    def _string_map(self) -> dict[str, str]:
        get_event, scalar_event = self._get_event, self._scalar_event
        env: dict[str, str] = {}
        while (event := get_event()).__class__ is scalar_event:
            name = event.value
            if name in _NOT_ENV_NAMES or name in env:
                raise _UnusualError
            mark = event.start_mark
            event = get_event()
            # A value that is not there is "" for yaml.v3 too; a spelt-out null deserves a warning.
            if event.__class__ is not scalar_event or (event.value in NULLS and event.value and not event.style):
                raise _UnusualError
            env[name] = event.value
            self._places[f"env.{name}"] = (mark.line, mark.column, event.value)
        if event.__class__ is not self._mapping_end:
            raise _UnusualError
        return env


def read_ordinary(source: bytes) -> Ordinary | None:
    """The values of an ordinary document; None where it has to be read with full care.

    The caller sees to it that `source` holds no tags, anchors or aliases.
    """
    import yaml

    try:
        return _Reader(parser_class()(source).get_event).read()
    except (_UnusualError, yaml.YAMLError):
        return None

"""A reading of function.yaml as rows to show: key, value, given or default, line, what to know about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.facts import Fact
from tui.workspace.function import ConfigReading, ConfigWarning, FunctionConfig
from tui.workspace.secrets import MASK

# Key and unit, in the order in which they are shown. What is dotted lies in `retry`.
_KEYS: Final = (
    ("name", ""),
    ("public", ""),
    ("internal", ""),
    ("memory", "MB"),
    ("timeout", "s"),
    ("retry.count", ""),
    ("retry.delay", "s"),
    ("ws_persistent", ""),
    ("ws_idle_timeout_sec", "s"),
    ("ws_max_frame_bytes", "bytes"),
    ("ws_max_inflight_per_conn", ""),
    ("ws_auth", ""),
    ("reactor", ""),
    ("raw_http_response", ""),
)


class ConfigRow(Fact):
    """One key of function.yaml. `value` is as read: escape it before it reaches a terminal, mask it if `secret`."""

    key: str  # dotted: "retry.count", "env.A"
    value: str
    unit: str
    given: bool  # False: the default
    line: int | None
    warnings: tuple[ConfigWarning, ...] = ()
    secret: bool = False
    ignored: bool = False  # the deploy tool does not know the key

    def text(self, *, reveal: bool = False) -> str:
        """The value with its unit; a secret only if asked to reveal it."""
        if self.secret and not reveal:
            return MASK
        return f"{self.value} {self.unit}" if self.unit else self.value


def _value(config: FunctionConfig, key: str) -> str:
    holder: object = config.retry if key.startswith("retry.") else config
    value = getattr(holder, key.removeprefix("retry."))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _by_key(reading: ConfigReading) -> dict[str | None, tuple[ConfigWarning, ...]]:
    found: dict[str | None, tuple[ConfigWarning, ...]] = {}
    for warning in reading.warnings:
        found[warning.key] = (*found.get(warning.key, ()), warning)
    return found


def _env_rows(reading: ConfigReading, config: FunctionConfig) -> Iterator[tuple[str, str, bool]]:
    env = config.env or {}
    yield "env", f"{len(env)} set" if env else "none", False
    for key, value in env.items():
        yield f"env.{key}", value, key in reading.secrets


def rows(reading: ConfigReading) -> tuple[ConfigRow, ...]:
    """The keys of a readable config in a fixed order, env entries after their mapping, ignored keys last.

    A refused config has only its ignored keys.
    """
    warned = _by_key(reading)
    found: list[ConfigRow] = []

    def add(key: str, value: str, unit: str = "", *, secret: bool = False) -> None:
        origin = reading.origins.get(key)
        line = origin.line if origin else None
        found.append(ConfigRow(key, value, unit, origin is not None, line, warned.pop(key, ()), secret))

    if reading.config is not None:
        for key, unit in _KEYS:
            add(key, _value(reading.config, key), unit)
        for key, value, secret in _env_rows(reading, reading.config):
            add(key, value, secret=secret)
    for name, warnings in warned.items():
        if name is not None and name not in reading.origins:
            found.append(ConfigRow(name, "ignored", "", True, warnings[0].line, warnings, ignored=True))
    return tuple(found)


def loose_warnings(reading: ConfigReading) -> tuple[ConfigWarning, ...]:
    """The warnings that no row carries."""
    carried = {id(warning) for row in rows(reading) for warning in row.warnings}
    return tuple(warning for warning in reading.warnings if id(warning) not in carried)

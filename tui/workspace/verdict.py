"""The deploy tool's defaults and its own checks, and the shape of a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tui.workspace.function import (
    ConfigError,
    ConfigProblem,
    ConfigReading,
    FunctionConfig,
    KeyOrigin,
    RetryConfig,
    Stage,
)

Scalars = Mapping[str, str | int | bool]  # decoded scalar values by key

_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")
_NAME_RULE: Final = "'name' must start with a letter and contain only letters, digits, hyphens, or underscores"
_NO_RETRY: Final = RetryConfig()
# key, least, most, unit: checked in this order, after the defaults.
_BOUNDS: Final = (("memory", 1, 256, "MB"), ("timeout", 1, 300, "seconds"))


def refused(stage: Stage, text: str, *problems: ConfigProblem) -> ConfigReading:
    """A reading that has no config."""
    return ConfigReading(None, ConfigError(stage, text, problems or (ConfigProblem(text),)))


def too_large(reason: str) -> ConfigReading:
    """The refusal of a document that fn-tui does not read, whatever the deploy tool would say."""
    return refused("read", f"function.yaml is more than fn-tui reads: {reason}")


def filled(values: Scalars, retry: Scalars, env: dict[str, str] | None) -> FunctionConfig:
    """The struct with the deploy tool's defaults: 0 counts as not given."""
    given: dict[str, Any] = {"name": "", **values}
    given["memory"] = given.get("memory") or 64
    given["timeout"] = given.get("timeout") or 30
    return FunctionConfig(**given, retry=_retry(retry), env=env)


def _retry(values: Scalars) -> RetryConfig:
    return RetryConfig(int(values.get("count", 0)), int(values.get("delay", 0)) or 5) if values else _NO_RETRY


def _objection(config: FunctionConfig) -> tuple[str, str] | None:
    """The first of the deploy tool's own checks that fails: key and message."""
    if not config.name:
        return "name", "'name' is required"
    if _NAME.fullmatch(config.name) is None:
        return "name", _NAME_RULE
    for key, least, most, unit in _BOUNDS:
        value = getattr(config, key)
        if not least <= value <= most:
            return key, f"'{key}' must be between {least} and {most} {unit} (got {value})"
    return None


def invalid(config: FunctionConfig, origins: Mapping[str, KeyOrigin]) -> ConfigError | None:
    """The refusal of a config whose values break one of the deploy tool's own checks; None for a sound one."""
    objection = _objection(config)
    if objection is None:
        return None
    key, message = objection
    place = origins.get(key)
    problem = ConfigProblem(message, place.line if place else None, place.column if place else None)
    return ConfigError("validate", f"function.yaml: {message}", (problem,))

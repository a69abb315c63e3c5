"""function.yaml -> FunctionConfig or ConfigError, with what the deploy tool would say, and warnings of our own."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tui.workspace.find import YAML_NAME
from tui.workspace.goyaml.decode import Decoder
from tui.workspace.goyaml.libyaml import has_libyaml
from tui.workspace.goyaml.load import EXACT_LIMIT, is_unusual, load_root
from tui.workspace.goyaml.nodes import GoPanicError, GoYamlError, Node, TooLargeError
from tui.workspace.goyaml.schema import MapOut, StructOut
from tui.workspace.model import (
    ConfigError,
    ConfigProblem,
    ConfigReading,
    FunctionConfig,
    KeyOrigin,
    RetryConfig,
    Stage,
)
from tui.workspace.ordinary import read_ordinary
from tui.workspace.secrets import secret_keys
from tui.workspace.warnings import Facts, Given, config_warnings, warnings

__all__ = ["MAX_BYTES", "has_libyaml", "load_config", "read_config", "read_config_file"]

MAX_BYTES: Final = 16 * 1024 * 1024
_PARSE_PREFIX: Final = "failed to parse function.yaml: yaml: "
_NAME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]*")
_NAME_RULE: Final = "'name' must start with a letter and contain only letters, digits, hyphens, or underscores"
_NO_RETRY: Final = RetryConfig()
# key, least, most, unit: checked in this order, after the defaults.
_BOUNDS: Final = (("memory", 1, 256, "MB"), ("timeout", 1, 300, "seconds"))


def _refused(stage: Stage, text: str, *problems: ConfigProblem) -> ConfigReading:
    return ConfigReading(None, ConfigError(stage, text, problems or (ConfigProblem(text),)))


def _unparsable(error: GoYamlError) -> ConfigReading:
    return _refused("parse", _PARSE_PREFIX + error.text, ConfigProblem(error.text, error.line, error.column))


def _crashed(error: GoPanicError) -> ConfigReading:
    problem = ConfigProblem(f"the deploy tool itself crashes on this: {error.text}", error.line, error.column)
    return _refused("panic", error.text, problem)


def _too_large(reason: str) -> ConfigReading:
    return _refused("read", f"function.yaml is more than fn-tui reads: {reason}")


def _too_long(size: int) -> ConfigReading:
    return _too_large(f"{size:,} bytes, the limit is {MAX_BYTES:,}")


def _origin(key: str, key_node: Node, value: Node) -> KeyOrigin:
    while value.alias is not None:
        value = value.alias
    return KeyOrigin(key, key_node.line, key_node.column, value.value)


def _origins(out: StructOut) -> dict[str, KeyOrigin]:
    """Where each effective key is given, dotted: "retry.count", "env.A"."""
    found: dict[str, KeyOrigin] = {}
    for key, (key_node, value) in out.places.items():
        found[key] = _origin(key, key_node, value)
        inner = out.inner.get(key)
        if inner is not None:
            for name, (inner_key, inner_value) in inner.places.items():
                found[f"{key}.{name}"] = _origin(f"{key}.{name}", inner_key, inner_value)
    return found


def _config(
    values: Mapping[str, str | int | bool], retry: Mapping[str, str | int | bool], env: dict[str, str] | None
) -> FunctionConfig:
    """The struct with the deploy tool's defaults: 0 counts as not given."""
    given: dict[str, Any] = {"name": "", **values}
    given["memory"] = given.get("memory") or 64
    given["timeout"] = given.get("timeout") or 30
    return FunctionConfig(**given, retry=_retry(retry), env=env)


def _retry(values: Mapping[str, str | int | bool]) -> RetryConfig:
    return RetryConfig(int(values.get("count", 0)), int(values.get("delay", 0)) or 5) if values else _NO_RETRY


def _filled(out: StructOut) -> FunctionConfig:
    retry, env = out.inner["retry"], out.inner["env"]
    return _config(
        out.values, retry.values if isinstance(retry, StructOut) else {}, env.items if isinstance(env, MapOut) else None
    )


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


def _verdict(decoder: Decoder, out: StructOut, next_document: int | None) -> ConfigReading:
    """Refusal or config, with the warnings that go with either."""
    origins = _origins(out)
    config = None if decoder.faults else _filled(out)
    error = _type_errors(decoder) if config is None else _invalid(config, origins)
    env = out.inner["env"]
    secrets = secret_keys(env.items) if isinstance(env, MapOut) and env.items else frozenset()
    found = warnings(Facts(Given(config, origins, secrets), out, next_document))
    return ConfigReading(config if error is None else None, error, found, origins, secrets)


def _invalid(config: FunctionConfig, origins: Mapping[str, KeyOrigin]) -> ConfigError | None:
    objection = _objection(config)
    if objection is None:
        return None
    key, message = objection
    place = origins.get(key)
    problem = ConfigProblem(message, place.line if place else None, place.column if place else None)
    return ConfigError("validate", f"function.yaml: {message}", (problem,))


def _type_errors(decoder: Decoder) -> ConfigError:
    lines = "\n  ".join(fault.text for fault in decoder.faults)
    problems = tuple(ConfigProblem(fault.text, fault.line, fault.column) for fault in decoder.faults)
    return ConfigError("parse", f"{_PARSE_PREFIX}unmarshal errors:\n  {lines}", problems)


def _ordinary(source: bytes) -> ConfigReading | None:
    """The verdict on a document in which nothing needs the full decoder."""
    if len(source) > EXACT_LIMIT or not has_libyaml() or is_unusual(source):
        return None
    found = read_ordinary(source)
    if found is None:
        return None
    config = _config(found.values, found.retry, found.env)
    error = _invalid(config, found.origins)
    secrets = secret_keys(found.env) if found.env else frozenset()
    warned = config_warnings(Given(config, found.origins, secrets))
    return ConfigReading(None if error else config, error, warned, found.origins, secrets)


def load_config(source: bytes) -> ConfigReading:
    """The verdict on the bytes of a function.yaml, as the deploy tool gives it. Never raises.

    Documents beyond `MAX_BYTES`, or with more values than a config can need, are refused at stage "read".
    """
    if len(source) > MAX_BYTES:
        return _too_long(len(source))
    ordinary = _ordinary(source)
    if ordinary is not None:
        return ordinary
    decoder = Decoder()
    try:
        loaded = load_root(source)
        out = decoder.decode(loaded.root)
    except GoYamlError as error:
        return _unparsable(error)
    except GoPanicError as error:
        return _crashed(error)
    except TooLargeError as error:
        return _too_large(str(error))
    return _verdict(decoder, out, loaded.next_document)


def _unreadable(action: str, path: Path, reason: str) -> ConfigReading:
    return _refused("read", f"failed to read function.yaml: {action} {path}: {reason}")


def _bytes_of(path: Path) -> tuple[bytes, int]:
    """The file's content up to the limit, and its size. Raises `OSError`, also for what is no regular file."""
    # A pipe in the file's place must not make us wait for a writer.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        source = file.read(MAX_BYTES + 1) if status.st_size <= MAX_BYTES else b""
    return source, max(status.st_size, len(source))


def read_config_file(path: Path) -> ConfigReading:
    """The verdict on one file. Never raises: a file that cannot be read is refused at stage "read"."""
    try:
        source, size = _bytes_of(path)
    except IsADirectoryError:
        return _unreadable("read", path, "is a directory")
    except OSError as error:
        return _unreadable("open", path, (error.strerror or str(error)).lower())
    except ValueError:  # a NUL in the path
        return _unreadable("open", path, "invalid argument")
    return load_config(source) if size <= MAX_BYTES else _too_long(size)


def read_config(directory: Path) -> ConfigReading:
    """The verdict on `directory`/function.yaml. Never raises: a file that cannot be read is refused at stage "read"."""
    return read_config_file(directory / YAML_NAME)

"""function.yaml -> FunctionConfig or ConfigError, with what the deploy tool would say, and warnings of our own.

One way for every document: bytes -> nodes (`goyaml.load`) -> values with their places (`goyaml.decode`) -> the verdict
(`verdict`) -> warnings (`warnings`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tui.reading import open_regular, read_descriptor
from tui.workspace.function import ConfigError, ConfigProblem, ConfigReading, FunctionConfig, KeyOrigin
from tui.workspace.goyaml.decode import Decoder
from tui.workspace.goyaml.load import load_root
from tui.workspace.goyaml.nodes import GoPanicError, GoYamlError, Node, TooLargeError
from tui.workspace.goyaml.schema import MapOut, StructOut
from tui.workspace.names import YAML_NAME
from tui.workspace.secrets import secret_keys
from tui.workspace.value_warnings import Given
from tui.workspace.verdict import filled, invalid, refused, too_large
from tui.workspace.warnings import warnings

__all__ = ["MAX_BYTES", "load_config", "read_config", "read_config_file", "read_with_source"]

MAX_BYTES: Final = 16 * 1024 * 1024
_PARSE_PREFIX: Final = "failed to parse function.yaml: yaml: "


def load_config(source: bytes) -> ConfigReading:
    """The verdict on the bytes of a function.yaml, as the deploy tool gives it. Never raises.

    Documents beyond `MAX_BYTES`, or with more values than a config can need, are refused at stage "read".
    """
    if len(source) > MAX_BYTES:
        return _too_long(len(source))
    decoder = Decoder()
    try:
        loaded = load_root(source)
        out = decoder.decode(loaded.root)
    except GoYamlError as error:
        problem = ConfigProblem(error.text, error.line, error.column)
        return refused("parse", _PARSE_PREFIX + error.text, problem)
    except GoPanicError as error:
        problem = ConfigProblem(f"the deploy tool itself crashes on this: {error.text}", error.line, error.column)
        return refused("panic", error.text, problem)
    except TooLargeError as error:
        return too_large(str(error))
    return _judged(decoder, out, loaded.next_document)


def _judged(decoder: Decoder, out: StructOut, next_document: int | None) -> ConfigReading:
    """Refusal or config, with the warnings that go with either."""
    origins = _origins(out)
    env = out.inner["env"]
    items = env.items if isinstance(env, MapOut) else None
    secrets = secret_keys(items) if items else frozenset()
    config: FunctionConfig | None = None
    if decoder.faults:
        error: ConfigError | None = _type_errors(decoder)
    else:
        retry = out.inner["retry"]
        config = filled(out.values, retry.values if isinstance(retry, StructOut) else {}, items)
        error = invalid(config, origins)
    found = warnings(Given(config, origins, secrets, out, next_document))
    return ConfigReading(config if error is None else None, error, found, origins, secrets)


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


def _type_errors(decoder: Decoder) -> ConfigError:
    lines = "\n  ".join(fault.text for fault in decoder.faults)
    problems = tuple(ConfigProblem(fault.text, fault.line, fault.column) for fault in decoder.faults)
    return ConfigError("parse", f"{_PARSE_PREFIX}unmarshal errors:\n  {lines}", problems)


def _too_long(size: int) -> ConfigReading:
    return too_large(f"{size:,} bytes, the limit is {MAX_BYTES:,}")


def _unreadable(action: str, path: Path, reason: str) -> ConfigReading:
    return refused("read", f"failed to read function.yaml: {action} {path}: {reason}")


def _bytes_of(path: Path) -> tuple[bytes, int]:
    """The file's content up to the limit, and its size. Raises `OSError`, also for what is no regular file."""
    descriptor = open_regular(path)
    try:
        size = os.fstat(descriptor).st_size
        source = read_descriptor(descriptor, MAX_BYTES + 1) if size <= MAX_BYTES else b""
    finally:
        os.close(descriptor)
    return source, max(size, len(source))


def read_config_file(path: Path) -> ConfigReading:
    """The verdict on one file. Never raises: a file that cannot be read is refused at stage "read"."""
    return read_with_source(path)[0]


def read_with_source(path: Path) -> tuple[ConfigReading, bytes | None]:
    """The same, and the bytes that it is on; None where they could not be read, or are more than that."""
    try:
        source, size = _bytes_of(path)
    except IsADirectoryError:
        return _unreadable("read", path, "is a directory"), None
    except OSError as error:
        return _unreadable("open", path, (error.strerror or str(error)).lower()), None
    return (load_config(source), source) if size <= MAX_BYTES else (_too_long(size), None)


def read_config(directory: Path) -> ConfigReading:
    """The verdict on `directory`/function.yaml. Never raises: a file that cannot be read is refused at stage "read"."""
    return read_config_file(directory / YAML_NAME)

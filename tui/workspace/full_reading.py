"""The full way through a function.yaml: tree, decoder, every warning. For all documents that are not ordinary."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml.decode import Decoder
from tui.workspace.goyaml.load import load_root
from tui.workspace.goyaml.nodes import GoPanicError, GoYamlError, Node, TooLargeError
from tui.workspace.goyaml.schema import MapOut, StructOut
from tui.workspace.model import ConfigError, ConfigProblem, ConfigReading, FunctionConfig, KeyOrigin
from tui.workspace.secrets import secret_keys
from tui.workspace.value_warnings import Given
from tui.workspace.verdict import filled, invalid, refused, too_large
from tui.workspace.warnings import Facts, warnings

_PARSE_PREFIX: Final = "failed to parse function.yaml: yaml: "


def _unparsable(error: GoYamlError) -> ConfigReading:
    return refused("parse", _PARSE_PREFIX + error.text, ConfigProblem(error.text, error.line, error.column))


def _crashed(error: GoPanicError) -> ConfigReading:
    problem = ConfigProblem(f"the deploy tool itself crashes on this: {error.text}", error.line, error.column)
    return refused("panic", error.text, problem)


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


def _filled(out: StructOut) -> FunctionConfig:
    retry, env = out.inner["retry"], out.inner["env"]
    return filled(
        out.values, retry.values if isinstance(retry, StructOut) else {}, env.items if isinstance(env, MapOut) else None
    )


def _verdict(decoder: Decoder, out: StructOut, next_document: int | None) -> ConfigReading:
    """Refusal or config, with the warnings that go with either."""
    origins = _origins(out)
    config = None if decoder.faults else _filled(out)
    error = _type_errors(decoder) if config is None else invalid(config, origins)
    env = out.inner["env"]
    secrets = secret_keys(env.items) if isinstance(env, MapOut) and env.items else frozenset()
    found = warnings(Facts(Given(config, origins, secrets), out, next_document))
    return ConfigReading(config if error is None else None, error, found, origins, secrets)


def _type_errors(decoder: Decoder) -> ConfigError:
    lines = "\n  ".join(fault.text for fault in decoder.faults)
    problems = tuple(ConfigProblem(fault.text, fault.line, fault.column) for fault in decoder.faults)
    return ConfigError("parse", f"{_PARSE_PREFIX}unmarshal errors:\n  {lines}", problems)


def read_fully(source: bytes) -> ConfigReading:
    """The verdict on any document, as the deploy tool gives it. Never raises."""
    decoder = Decoder()
    try:
        loaded = load_root(source)
        out = decoder.decode(loaded.root)
    except GoYamlError as error:
        return _unparsable(error)
    except GoPanicError as error:
        return _crashed(error)
    except TooLargeError as error:
        return too_large(str(error))
    return _verdict(decoder, out, loaded.next_document)

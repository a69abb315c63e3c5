"""What the deploy tool accepts without a word and a person should know. Adding a check touches one place here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tui.workspace.goyaml.nodes import MAPPING, SCALAR, Node
from tui.workspace.goyaml.resolve import NULLS, is_null
from tui.workspace.goyaml.schema import StructOut
from tui.workspace.key_hints import unknown_keys
from tui.workspace.model import ConfigWarning, FunctionConfig, KeyOrigin

GATEWAY_TIMEOUT: Final = 60  # seconds
GATEWAY_RETRIES: Final = 5
_DEFAULT_FOR_ZERO: Final = {"memory": 64, "timeout": 30, "retry.delay": 5}
_LIMITS: Final = ("ws_idle_timeout_sec", "ws_max_frame_bytes", "ws_max_inflight_per_conn")
_UNENFORCED: Final = ("ws_idle_timeout_sec", "ws_max_frame_bytes")


@dataclass(frozen=True, slots=True)
class Given:
    """The values, and where they are given. `config` is None where a type error left none."""

    config: FunctionConfig | None
    origins: Mapping[str, KeyOrigin]
    secrets: frozenset[str]

    def at(self, key: str, code: str, message: str, hint: str) -> ConfigWarning:
        """A warning at the place where the key is given."""
        origin = self.origins.get(key)
        line, column = (origin.line, origin.column) if origin else (None, None)
        return ConfigWarning(code, message, hint, key, line, column)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks on the document look at: more than its values."""

    given: Given
    out: StructOut
    next_document: int | None  # 1-based line of what follows the first document


Check = Callable[[Facts], Iterator[ConfigWarning]]
ConfigCheck = Callable[[Given, FunctionConfig], Iterator[ConfigWarning]]


# --- on what is written: every document that decodes


def _unknown(facts: Facts) -> Iterator[ConfigWarning]:
    yield from unknown_keys(facts.out.unknown)
    retry = facts.out.inner["retry"]
    if isinstance(retry, StructOut):
        yield from unknown_keys(retry.unknown, "retry")


def _further_documents(facts: Facts) -> Iterator[ConfigWarning]:
    if facts.next_document is not None:
        message = "only the first document of the file is read: what follows here is ignored"
        yield ConfigWarning("ignored-document", message, "keep one document in the file", None, facts.next_document, 1)


def _target(node: Node) -> Node:
    while node.alias is not None:
        node = node.alias
    return node


def _dropped_env(facts: Facts) -> Iterator[ConfigWarning]:
    place = facts.out.places.get("env")
    env = _target(place[1]) if place else None
    if env is None or env.kind != MAPPING:
        return
    for key, value in env.pairs():
        if is_null(key):
            hint = "quote the name"
            yield ConfigWarning("dropped-env-key", "env: a null name is dropped", hint, "env", key.line, key.column)
        elif _target(value).value and is_null(value):
            message = f"env.{key.value}: {_target(value).value} becomes an empty text"
            hint = 'write "" for an empty text, or quote the word'
            yield ConfigWarning("null-env-value", message, hint, f"env.{key.value}", key.line, key.column)


# --- on numbers that become others


def _int_places(out: StructOut) -> Iterator[tuple[str, Node, int]]:
    """Each given whole number: dotted key, its scalar, the value before defaults."""
    retry = out.inner["retry"]
    for prefix, struct in (("", out), ("retry.", retry)):
        if isinstance(struct, StructOut):
            for key, value in struct.values.items():
                if type(value) is int:
                    yield prefix + key, _target(struct.places[key][1]), value


def _digits_of(raw: str) -> str:
    return raw.lstrip("+-").replace("_", "")


def _changed_numbers(facts: Facts) -> Iterator[ConfigWarning]:
    for key, node, value in _int_places(facts.out):
        raw = node.value
        default = _DEFAULT_FOR_ZERO.get(key)
        if value == 0 and default is not None:
            message = f"{key}: {raw} becomes the default {default}"
            yield facts.given.at(key, "zero-is-default", message, f"write {default}, or leave {key} out")
        elif not raw.isdigit() or raw[0] == "0":
            yield from _changed_number(facts, key, raw, value)


def _changed_number(facts: Facts, key: str, raw: str, value: int) -> Iterator[ConfigWarning]:
    digits = _digits_of(raw)
    becomes = f"{key}: {raw} becomes {value}"
    if digits.isdigit():
        if digits[0] == "0" and int(digits[:18]) != abs(value):
            yield facts.given.at(
                key, "octal-number", f"{becomes}: a leading 0 makes it octal", "write it without the leading 0"
            )
    elif digits[:2].lower() not in ("0x", "0b", "0o") and not _is_whole(digits, abs(value)):
        yield facts.given.at(key, "truncated-number", f"{becomes}: only whole numbers are kept", f"write {value}")


def _is_whole(digits: str, value: int) -> bool:
    try:
        return float(digits) == value
    except ValueError:  # an infinity
        return False


def _empty_values(facts: Facts) -> Iterator[ConfigWarning]:
    for key, (key_node, value) in facts.out.places.items():
        node = _target(value)
        # An empty env: or retry: with its lines commented out is nothing to remark on.
        if key not in facts.out.inner and node.kind == SCALAR and node.value in NULLS and is_null(node):
            message = f"{key} has no value: it counts as not given"
            yield ConfigWarning(
                "empty-value", message, f"give {key} a value, or remove it", key, key_node.line, key_node.column
            )


# --- on the values: what the gateway refuses, and what has no effect


def _timeout(given: Given, config: FunctionConfig) -> Iterator[ConfigWarning]:
    if config.timeout > GATEWAY_TIMEOUT:
        message = f"the gateway refuses it: timeout_seconds must be at most {GATEWAY_TIMEOUT}, got {config.timeout}"
        yield given.at("timeout", "timeout-over-gateway", message, f"use at most {GATEWAY_TIMEOUT}")


def _retry(given: Given, config: FunctionConfig) -> Iterator[ConfigWarning]:
    if not 0 <= config.retry.count <= GATEWAY_RETRIES:
        message = f"the gateway refuses it: retry.count must be 0 to {GATEWAY_RETRIES}, got {config.retry.count}"
        yield given.at("retry.count", "retry-count-over-gateway", message, f"use 0 to {GATEWAY_RETRIES}")
    if config.retry.delay < 0:
        message = f"the gateway refuses it: retry.delay must not be negative, got {config.retry.delay}"
        yield given.at("retry.delay", "retry-delay-negative", message, "use 0 or more seconds")


def _ws_auth(given: Given, config: FunctionConfig) -> Iterator[ConfigWarning]:
    if config.ws_auth and config.ws_auth != "capability":
        message = "the gateway refuses it: ws_auth is capability or nothing"
        yield given.at("ws_auth", "ws-auth-value", message, "write ws_auth: capability, or remove it")
    elif config.ws_auth and config.internal:
        message = "the gateway refuses it: ws_auth does not go with internal: true"
        yield given.at("ws_auth", "ws-auth-internal", message, "remove one of the two")


def _both_kinds(given: Given, config: FunctionConfig) -> Iterator[ConfigWarning]:
    if config.ws_persistent and config.reactor:
        message = "ws_persistent wins over reactor: handle is never called"
        yield given.at("reactor", "both-kinds", message, "remove one of the two")


def _no_effect(given: Given, config: FunctionConfig) -> Iterator[ConfigWarning]:
    if config.ws_persistent and config.env:
        message = "env has no effect: it is always empty in a persistent function"
        yield given.at("env", "env-without-effect", message, "pass settings another way, or remove env")
    if config.needs_reactor and "memory" in given.origins:
        kind = "persistent" if config.ws_persistent else "reactor"
        message = f"memory has no effect: the limit is not enforced on a {kind} function"
        yield given.at("memory", "memory-without-effect", message, "do not count on it")
    for key in _LIMITS:
        value = getattr(config, key)
        if value < 0:
            yield given.at(key, "limit-not-sent", f"{key}: {value} is not sent: only values above 0 are", "remove it")
        elif value > 0 and not config.ws_persistent:
            message = f"{key} has no effect without ws_persistent: true"
            yield given.at(key, "limit-without-effect", message, "remove it, or set ws_persistent: true")
        elif value > 0 and key in _UNENFORCED:
            message = f"{key} has no effect: the gateway stores it and does not enforce it"
            yield given.at(key, "limit-without-effect", message, "enforce it in the function")


def _secrets(given: Given) -> Iterator[ConfigWarning]:
    for key in sorted(given.secrets):
        message = f"env.{key} looks like a secret: the gateway stores env in clear"
        yield given.at(
            f"env.{key}", "secret-in-env", message, "keep it in the gateway's secrets and fetch it at run time"
        )


CHECKS: Final[tuple[Check, ...]] = (_unknown, _further_documents, _changed_numbers, _empty_values, _dropped_env)
CONFIG_CHECKS: Final[tuple[ConfigCheck, ...]] = (_timeout, _retry, _ws_auth, _both_kinds, _no_effect)


def _place(warning: ConfigWarning) -> tuple[int, int]:
    return warning.line or 0, warning.column or 0


def _on_values(given: Given) -> list[ConfigWarning]:
    found = list(_secrets(given)) if given.secrets else []
    if given.config is not None:
        for check in CONFIG_CHECKS:
            found += check(given, given.config)
    return found


def config_warnings(given: Given) -> tuple[ConfigWarning, ...]:
    """The warnings on values alone, in the order of the file."""
    return tuple(sorted(_on_values(given), key=_place))


def warnings(facts: Facts) -> tuple[ConfigWarning, ...]:
    """All warnings on a document, in the order of the file."""
    found = [warning for check in CHECKS for warning in check(facts)]
    return tuple(sorted(found + _on_values(facts.given), key=_place))

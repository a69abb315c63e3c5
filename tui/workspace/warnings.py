"""What the deploy tool accepts without a word and a person should know. Adding a check touches one place here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tui.workspace.function import ConfigWarning
from tui.workspace.goyaml.nodes import MAPPING, NULLS, SCALAR, Node
from tui.workspace.goyaml.resolve import is_null
from tui.workspace.goyaml.schema import StructOut
from tui.workspace.key_hints import unknown_keys
from tui.workspace.value_warnings import Given, on_values, place

_DEFAULT_FOR_ZERO: Final = {"memory": 64, "timeout": 30, "retry.delay": 5}


Check = Callable[[Given], Iterator[ConfigWarning]]


# --- on what is written: every document that decodes


def _unknown(given: Given) -> Iterator[ConfigWarning]:
    yield from unknown_keys(given.out.unknown)
    retry = given.out.inner["retry"]
    if isinstance(retry, StructOut):
        yield from unknown_keys(retry.unknown, "retry")


def _further_documents(given: Given) -> Iterator[ConfigWarning]:
    if given.next_document is not None:
        message = "only the first document of the file is read: what follows here is ignored"
        yield ConfigWarning("ignored-document", message, "keep one document in the file", None, given.next_document, 1)


def _target(node: Node) -> Node:
    while node.alias is not None:
        node = node.alias
    return node


def _dropped_env(given: Given) -> Iterator[ConfigWarning]:
    place = given.out.places.get("env")
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


def _changed_numbers(given: Given) -> Iterator[ConfigWarning]:
    for key, node, value in _int_places(given.out):
        raw = node.value
        default = _DEFAULT_FOR_ZERO.get(key)
        if value == 0 and default is not None:
            message = f"{key}: {raw} becomes the default {default}"
            yield given.at(key, "zero-is-default", message, f"write {default}, or leave {key} out")
        elif not raw.isdigit() or raw[0] == "0":
            yield from _changed_number(given, key, raw, value)


def _changed_number(given: Given, key: str, raw: str, value: int) -> Iterator[ConfigWarning]:
    digits = _digits_of(raw)
    becomes = f"{key}: {raw} becomes {value}"
    if digits.isdigit():
        if digits[0] == "0" and int(digits[:18]) != abs(value):
            yield given.at(
                key, "octal-number", f"{becomes}: a leading 0 makes it octal", "write it without the leading 0"
            )
    elif digits[:2].lower() not in ("0x", "0b", "0o") and not _is_whole(digits, abs(value)):
        yield given.at(key, "truncated-number", f"{becomes}: only whole numbers are kept", f"write {value}")


def _is_whole(digits: str, value: int) -> bool:
    try:
        return float(digits) == value
    except ValueError:  # an infinity
        return False


def _empty_values(given: Given) -> Iterator[ConfigWarning]:
    for key, (key_node, value) in given.out.places.items():
        node = _target(value)
        # An empty env: or retry: with its lines commented out is nothing to remark on.
        if key not in given.out.inner and node.kind == SCALAR and node.value in NULLS and is_null(node):
            message = f"{key} has no value: it counts as not given"
            yield ConfigWarning(
                "empty-value", message, f"give {key} a value, or remove it", key, key_node.line, key_node.column
            )


CHECKS: Final[tuple[Check, ...]] = (_unknown, _further_documents, _changed_numbers, _empty_values, _dropped_env)


def warnings(given: Given) -> tuple[ConfigWarning, ...]:
    """All warnings on a document, in the order of the file."""
    found = [warning for check in CHECKS for warning in check(given)]
    return tuple(sorted(found + on_values(given), key=place))

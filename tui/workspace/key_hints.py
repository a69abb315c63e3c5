"""Keys that the deploy tool ignores, and which key was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.workspace.function import ConfigWarning
from tui.workspace.goyaml.nodes import Node
from tui.workspace.goyaml.schema import FUNCTION_CONFIG, RETRY_CONFIG

_ROOT_KEYS: Final = tuple(FUNCTION_CONFIG.fields)
_RETRY_KEYS: Final = tuple(f"retry.{key}" for key in RETRY_CONFIG.fields)
KNOWN_KEYS: Final = (*_ROOT_KEYS, *_RETRY_KEYS)

# Names that mean a key elsewhere: the gateway's form fields and metadata, and what people write by habit.
_OTHER_NAMES: Final[dict[str, str]] = {
    "is_public": "public",
    "is_internal": "internal",
    "memory_limit_mb": "memory",
    "memory_limit": "memory",
    "memory_mb": "memory",
    "timeout_seconds": "timeout",
    "timeout_sec": "timeout",
    "retry_count": "retry.count",
    "retries": "retry.count",
    "max_retries": "retry.count",
    "retry_delay_seconds": "retry.delay",
    "retry_delay": "retry.delay",
    "env_vars": "env",
    "environment": "env",
    "variables": "env",
    "function_name": "name",
    "websocket": "ws_persistent",
    "persistent": "ws_persistent",
    "raw_http": "raw_http_response",
    "count": "retry.count",
    "delay": "retry.delay",
}
# Settings that function.yaml has no key for.
_NO_KEY_FOR: Final[dict[str, str]] = {
    "cron": "a schedule",
    "cron_expression": "a schedule",
    "schedule": "a schedule",
    "triggers": "triggers",
    "trigger": "triggers",
    "topics": "topics",
    "runtime": "a runtime: it is always WebAssembly",
    "namespace": "a namespace",
    "version": "a version",
    "description": "a description",
    "secrets": "secrets",
    "cpu": "a CPU limit",
}
_CLOSE_ENOUGH: Final = 0.75


def _plain(key: str) -> str:
    return key.casefold().replace("-", "").replace("_", "").replace(" ", "")


_BY_PLAIN: Final = {_plain(key): meant for key, meant in ({key: key for key in _ROOT_KEYS} | _OTHER_NAMES).items()}


def _closest(key: str) -> str | None:
    """The known key that differs by a slip or two."""
    from difflib import get_close_matches

    match = get_close_matches(_plain(key)[:64], list(_BY_PLAIN), n=1, cutoff=_CLOSE_ENOUGH)
    return _BY_PLAIN[match[0]] if match else None


def meant_key(key: str) -> tuple[str, str] | None:
    """Code and known key for one that the deploy tool does not know; None where nothing comes close."""
    if key.casefold() in _ROOT_KEYS:
        return "wrong-case-key", key.casefold()
    if key.casefold() in _OTHER_NAMES:
        return "foreign-key", _OTHER_NAMES[key.casefold()]
    closest = _BY_PLAIN.get(_plain(key)) or _closest(key)
    return ("misspelt-key", closest) if closest else None


def _meant_in_retry(key: str) -> tuple[str, str] | None:
    if key.casefold() in RETRY_CONFIG.fields:
        return "wrong-case-key", f"retry.{key.casefold()}"
    found = meant_key(key)
    return found if found and found[1].startswith("retry.") else None


def unknown_keys(unknown: list[tuple[str, Node]], inside: str = "") -> Iterator[ConfigWarning]:
    """A warning for each key that the deploy tool ignores. `inside` is "retry" for keys below it."""
    for key, node in unknown:
        if key.startswith(("x-", ".")):  # by custom a place for anchors
            continue
        dotted = f"{inside}.{key}" if inside else key
        found = _meant_in_retry(key) if inside else meant_key(key)
        if found is not None:
            code, meant = found
            hint = f"did you mean {meant}?"
        else:
            code = "unknown-key"
            purpose = _NO_KEY_FOR.get(key.casefold())
            hint = f"function.yaml has no key for {purpose}" if purpose else "remove it, or check its spelling"
        message = f"{dotted} is not a key of function.yaml: ignored"
        yield ConfigWarning(code, message, hint, dotted, node.line, node.column)

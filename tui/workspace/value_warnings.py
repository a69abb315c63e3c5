"""What the values of a config mean for the gateway: what it refuses, what has no effect, what is a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tui.facts import Fact
from tui.workspace.function import ConfigWarning, FunctionConfig, KeyOrigin
from tui.workspace.goyaml.schema import StructOut

GATEWAY_TIMEOUT: Final = 60  # seconds
GATEWAY_RETRIES: Final = 5
_LIMITS: Final = ("ws_idle_timeout_sec", "ws_max_frame_bytes", "ws_max_inflight_per_conn")
_UNENFORCED: Final = ("ws_idle_timeout_sec", "ws_max_frame_bytes")


class Given(Fact):
    """A decoded document as the checks see it: its values, and where and how they are given."""

    config: FunctionConfig | None  # None where a type error left none
    origins: Mapping[str, KeyOrigin]
    secrets: frozenset[str]  # env keys
    out: StructOut  # what the decoder filled
    next_document: int | None = None  # 1-based line of what follows the first document

    def at(self, key: str, code: str, message: str, hint: str) -> ConfigWarning:
        """A warning at the place where the key is given."""
        origin = self.origins.get(key)
        line, column = (origin.line, origin.column) if origin else (None, None)
        return ConfigWarning(code, message, hint, key, line, column)


ConfigCheck = Callable[[Given, FunctionConfig], Iterator[ConfigWarning]]


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


CONFIG_CHECKS: Final[tuple[ConfigCheck, ...]] = (_timeout, _retry, _ws_auth, _both_kinds, _no_effect)


def place(warning: ConfigWarning) -> tuple[int, int]:
    """Line and column, to sort by."""
    return warning.line or 0, warning.column or 0


def on_values(given: Given) -> list[ConfigWarning]:
    """The warnings on values alone, in the order of the checks."""
    found = list(_secrets(given)) if given.secrets else []
    if given.config is not None:
        for check in CONFIG_CHECKS:
            found += check(given, given.config)
    return found

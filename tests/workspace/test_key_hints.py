from __future__ import annotations

import pytest

from tui.workspace.goyaml.nodes import SCALAR, Node
from tui.workspace.key_hints import KNOWN_KEYS, meant_key, unknown_keys


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("NAME", ("wrong-case-key", "name")),
        ("Ws_Auth", ("wrong-case-key", "ws_auth")),
        ("ws-persistent", ("misspelt-key", "ws_persistent")),
        ("wsPersistent", ("misspelt-key", "ws_persistent")),
        ("timout", ("misspelt-key", "timeout")),
        ("raw_http_respone", ("misspelt-key", "raw_http_response")),
        ("reactors", ("misspelt-key", "reactor")),
        ("is_public", ("foreign-key", "public")),
        ("timeout_seconds", ("foreign-key", "timeout")),
        ("retry_count", ("foreign-key", "retry.count")),
        ("retryDelaySeconds", ("misspelt-key", "retry.delay")),
        ("env_vars", ("foreign-key", "env")),
        ("environment", ("foreign-key", "env")),
        ("zzz", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_the_key_that_was_meant(key: str, meant: tuple[str, str] | None) -> None:
    assert meant_key(key) == meant


def test_whatever_is_suggested_is_a_key() -> None:
    for key in ("nam", "publick", "intern", "memry", "envs", "retrys", "ws", "actor", "raw", "auth", "cnt"):
        found = meant_key(key)
        assert found is None or found[1] in KNOWN_KEYS


def test_what_has_no_key_is_said() -> None:
    (warning,) = unknown_keys([("schedule", Node(SCALAR, 3, 1, "schedule"))])
    assert warning.hint == "function.yaml has no key for a schedule"
    assert (warning.line, warning.column) == (3, 1)

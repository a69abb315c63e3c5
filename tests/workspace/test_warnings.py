from __future__ import annotations

import pytest

from tests.workspace.configcases import cases
from tui.workspace.config import load_config

# document -> code, key, line, column of each warning
WARNED: dict[str, list[tuple[str, str | None, int, int]]] = {
    "name: fn\nmemory: 128\ntimeout: 60\nretry: {count: 5, delay: 0x3}\nenv:\n  LEVEL: debug\n": [],
    "name: fn\nMemory: 3\n": [("wrong-case-key", "Memory", 2, 1)],
    "name: fn\nmemroy: 3\n": [("misspelt-key", "memroy", 2, 1)],
    "name: fn\nws-persistent: true\n": [("misspelt-key", "ws-persistent", 2, 1)],
    "name: fn\nmemory_limit_mb: 3\n": [("foreign-key", "memory_limit_mb", 2, 1)],
    "name: fn\ncron: '* * * * *'\n": [("unknown-key", "cron", 2, 1)],
    "name: fn\nzzz: 1\nx-common: &c {A: b}\n.hidden: 1\n": [("unknown-key", "zzz", 2, 1)],
    "name: fn\nretry:\n  Count: 1\n  dely: 2\n  q: 3\n": [
        ("wrong-case-key", "retry.Count", 3, 3),
        ("misspelt-key", "retry.dely", 4, 3),
        ("unknown-key", "retry.q", 5, 3),
    ],
    "name: fn\nmemory: 64.9\n": [("truncated-number", "memory", 2, 1)],
    "name: fn\nmemory: 1.28e2\ntimeout: 1_0\n": [],
    "name: fn\nmemory: 0.5\n": [("zero-is-default", "memory", 2, 1)],
    "name: fn\ntimeout: 0\nretry: {count: 0, delay: 0}\n": [
        ("zero-is-default", "timeout", 2, 1),
        ("zero-is-default", "retry.delay", 3, 19),
    ],
    "name: fn\nmemory: 010\ntimeout: 08\n": [("octal-number", "memory", 2, 1)],
    "name: fn\nmemory: 0o10\ntimeout: 0x1F\n": [],
    "name: fn\nretry: {delay: -1.5}\n": [
        ("truncated-number", "retry.delay", 2, 9),
        ("retry-delay-negative", "retry.delay", 2, 9),
    ],
    "name: fn\nws_max_frame_bytes: -.inf\n": [
        ("truncated-number", "ws_max_frame_bytes", 2, 1),
        ("limit-not-sent", "ws_max_frame_bytes", 2, 1),
    ],
    "name: fn\nmemory:\nws_auth: ~\nenv:\n": [("empty-value", "memory", 2, 1), ("empty-value", "ws_auth", 3, 1)],
    "name: fn\n---\nname: other\n": [("ignored-document", None, 2, 1)],
    "name: fn\n...\n": [],
    "name: fn\n...\n\n# c\nmemory: [\n": [("ignored-document", None, 5, 1)],
    "name: fn\nws_persistent: true\nreactor: true\n": [("both-kinds", "reactor", 3, 1)],
    "name: fn\ntimeout: 61\n": [("timeout-over-gateway", "timeout", 2, 1)],
    "name: fn\nretry:\n  count: 6\n": [("retry-count-over-gateway", "retry.count", 3, 3)],
    "name: fn\nretry:\n  count: -1\n": [("retry-count-over-gateway", "retry.count", 3, 3)],
    "name: fn\nws_auth: token\n": [("ws-auth-value", "ws_auth", 2, 1)],
    "name: fn\nws_auth: capability\n": [],
    "name: fn\nws_auth: capability\ninternal: true\n": [("ws-auth-internal", "ws_auth", 2, 1)],
    "name: fn\nws_persistent: true\nenv: {A: b}\nmemory: 64\n": [
        ("env-without-effect", "env", 3, 1),
        ("memory-without-effect", "memory", 4, 1),
    ],
    "name: fn\nreactor: true\nmemory: 64\nenv: {A: b}\n": [("memory-without-effect", "memory", 3, 1)],
    "name: fn\nws_persistent: true\nws_idle_timeout_sec: 3\nws_max_inflight_per_conn: 3\n": [
        ("limit-without-effect", "ws_idle_timeout_sec", 3, 1)
    ],
    "name: fn\nws_max_inflight_per_conn: 3\n": [("limit-without-effect", "ws_max_inflight_per_conn", 2, 1)],
    "name: fn\nenv:\n  A: null\n  B:\n  C: ''\n": [("null-env-value", "env.A", 3, 3)],
    "name: fn\nenv:\n  ~: a\n": [("dropped-env-key", "env", 3, 3)],
    "name: fn\nenv:\n  API_KEY: hunter2hunter2\n": [("secret-in-env", "env.API_KEY", 3, 3)],
}


@pytest.mark.parametrize("source", WARNED)
def test_what_the_tool_swallows_is_told_with_its_place(source: str) -> None:
    reading = load_config(source.encode())
    assert reading.config is not None
    assert [(w.code, w.key, w.line, w.column) for w in reading.warnings] == WARNED[source]
    assert all(w.message and w.hint for w in reading.warnings)


def test_a_refused_config_is_warned_of_its_keys_too() -> None:
    reading = load_config(b"Name: fn\nmemory: 64.5\n")
    assert reading.error is not None
    assert [w.code for w in reading.warnings] == ["wrong-case-key", "truncated-number"]
    reading = load_config(b"name: fn\npublik: true\nmemory: [1]\n")
    assert reading.error is not None
    assert [w.hint for w in reading.warnings] == ["did you mean public?"]


def test_no_warning_changes_an_outcome_or_lacks_its_words() -> None:
    warned = 0
    for case in cases():
        reading = load_config(case.source)
        assert (reading.config is not None) == case.ok
        for warning in reading.warnings:
            warned += 1
            assert warning.line is not None, (case.id, warning)
            assert warning.message
            assert warning.hint
    assert warned > 500

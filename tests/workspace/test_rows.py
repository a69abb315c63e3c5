from __future__ import annotations

from tui.workspace.config import load_config
from tui.workspace.goyaml.schema import FUNCTION_CONFIG
from tui.workspace.rows import ConfigRow, loose_warnings, rows
from tui.workspace.secrets import MASK


def by_key(source: bytes) -> dict[str, ConfigRow]:
    return {row.key: row for row in rows(load_config(source))}


def test_every_key_has_its_row_given_or_default() -> None:
    found = by_key(b"name: fn\nmemory: 128\nretry:\n  count: 2\n")
    assert {key.split(".")[0] for key in found} == set(FUNCTION_CONFIG.fields)
    assert found["memory"] == ConfigRow("memory", "128", "MB", given=True, line=2)
    assert found["timeout"] == ConfigRow("timeout", "30", "s", given=False, line=None)
    assert found["retry.count"] == ConfigRow("retry.count", "2", "", given=True, line=4)
    assert found["retry.delay"].text() == "5 s"
    assert found["public"].text() == "false"
    assert found["env"].value == "none"


def test_env_entries_follow_in_file_order_and_secrets_are_masked() -> None:
    found = by_key(b"name: fn\nenv:\n  Z: 1\n  API_TOKEN: abcdef\n  A: x\n")
    assert list(found)[-4:] == ["env", "env.Z", "env.API_TOKEN", "env.A"]
    token = found["env.API_TOKEN"]
    assert (token.secret, token.line, token.text(), token.text(reveal=True)) == (True, 4, MASK, "abcdef")
    assert found["env"].value == "3 set"


def test_warnings_stand_beside_their_key() -> None:
    found = by_key(b"name: fn\nmemory: 64.9\ntimeout: 90\nMemory: 3\n")
    assert [warning.code for warning in found["memory"].warnings] == ["truncated-number"]
    assert [warning.code for warning in found["timeout"].warnings] == ["timeout-over-gateway"]
    assert found["Memory"].ignored
    assert found["Memory"].line == 4


def test_what_no_row_carries() -> None:
    reading = load_config(b"name: fn\nMemory: 3\n---\nb: c\n")
    assert [warning.code for warning in loose_warnings(reading)] == ["ignored-document"]


def test_a_refused_config_shows_its_ignored_keys_only() -> None:
    reading = load_config(b"Name: fn\n")
    assert [(row.key, row.ignored) for row in rows(reading)] == [("Name", True)]
    assert loose_warnings(reading) == ()

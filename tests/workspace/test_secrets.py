from __future__ import annotations

import pytest

from tui.workspace.secrets import is_secret, secret_keys

SECRETS = [
    ("API_TOKEN", "abc123"),
    ("DB_PASSWORD", "hunter2"),
    ("password", "p"),
    ("dbPassword", "hunter2"),
    ("CLIENT_SECRET", "0123456"),
    ("STRIPE_API_KEY", "x1"),
    ("apikey", "whatever"),
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    ("SENTRY_DSN", "https://abc@sentry.example/1"),
    ("URL", "postgres://user:pass@db.example/app"),
    ("X", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
    ("X", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
    ("X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln"),
    ("X", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"),
]
HARMLESS = [
    ("LOG_LEVEL", "debug"),
    ("TOKEN_TTL", "3600"),
    ("PASSWORD_LOGIN", "true"),
    ("API_KEY", ""),
    ("API_KEY", "${API_KEY}"),
    ("API_KEY", "<your key>"),
    ("API_KEY", "changeme"),
    ("KEYBOARD", "qwertz-layout"),
    ("TOKENIZER", "bert-base-uncased"),
    ("MONKEY", "banana-banana"),
    ("URL", "https://example.com/a/b?c=d#e"),
    ("URL", "redis://cache.example:6379/0"),
    ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin"),
    ("GREETING", "a long and friendly text with 12 words or so in it 1234"),
    ("ZONES", "aaaa1111aaaa1111aaaa1111aaaa1111aaaa"),
    ("NAME", "averylongidentifierwithoutanydigitsatall"),
]


@pytest.mark.parametrize(("key", "value"), SECRETS)
def test_secrets_are_known_by_name_or_value(key: str, value: str) -> None:
    assert is_secret(key, value)


@pytest.mark.parametrize(("key", "value"), HARMLESS)
def test_ordinary_settings_are_left_alone(key: str, value: str) -> None:
    assert not is_secret(key, value)


def test_the_keys_of_secrets() -> None:
    assert secret_keys({"A": "b", "TOKEN": "abcdef"}) == {"TOKEN"}

"""get_secret, from a file of KEY=VALUE lines that is never shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.running.host.seam import HostFunction, Invocation
from tui.running.host.settings import HostSetupError, setup_text

MOST_BYTES: Final = 1 << 20


class SecretsError(HostSetupError):
    """The file cannot be used. The text says where and why, and nothing of what stands in it."""


def read_secrets(path: str) -> dict[str, str]:
    """The secrets of a file; lines that are empty or begin with # are passed over. Raises SecretsError."""
    text = setup_text(path, MOST_BYTES, SecretsError)
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals:
            raise SecretsError(f"{path}:{number}: a line is KEY=VALUE")
        found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


class Secrets:
    """The one call: 0 for a name that is not there, without a word."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {"get_secret": self._get}

    def _get(self, invocation: Invocation, name: bytes) -> bytes:
        if not invocation.namespace:
            return b""
        return self._secrets.get(name.decode("utf-8", "replace"), "").encode()

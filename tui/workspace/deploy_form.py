"""FunctionConfig -> what the deploy tool sends: form fields, and the metadata as Go's encoding/json writes it."""

from __future__ import annotations

import re
from typing import Final

from tui.workspace.function import DeployForm, FunctionConfig

_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Control characters, what HTML could trip over, JavaScript's line ends, and octets that are not UTF-8.
_ESCAPED: Final = re.compile('[\\x00-\\x1f"\\\\<>&\u2028\u2029\ud800-\udfff]')


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if "\ud800" <= character <= "\udfff":
        return "\\ufffd"
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def _json_text(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _by_octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _json_map(texts: dict[str, str]) -> str:
    """Go sorts map keys, by their octets."""
    return "{" + ",".join(f"{_json_text(key)}:{texts[key]}" for key in sorted(texts, key=_by_octets)) + "}"


def _metadata(config: FunctionConfig) -> str:
    """The metadata JSON; "" where there is nothing to send: what is false, 0 or empty is left out."""
    members: dict[str, str] = {}
    if config.env:
        members["env_vars"] = _json_map({key: _json_text(value) for key, value in config.env.items()})
    for flag in ("ws_persistent", "raw_http_response"):
        if getattr(config, flag):
            members[flag] = "true"
    for limit in ("ws_idle_timeout_sec", "ws_max_frame_bytes", "ws_max_inflight_per_conn"):
        if getattr(config, limit) > 0:
            members[limit] = str(getattr(config, limit))
    if config.ws_auth:
        members["ws_auth"] = _json_text(config.ws_auth)
    return _json_map(members) if members else ""


def deploy_form(config: FunctionConfig) -> DeployForm:
    """The form fields in the order in which the deploy tool sends them, and the metadata JSON, exactly."""
    fields = (
        ("name", config.name),
        ("is_public", "true" if config.public else "false"),
        ("is_internal", "true" if config.internal else "false"),
        ("memory_limit_mb", str(config.memory)),
        ("timeout_seconds", str(config.timeout)),
        ("retry_count", str(config.retry.count)),
        ("retry_delay_seconds", str(config.retry.delay)),
    )
    return DeployForm(fields, _metadata(config))

"""Frames that the gateway keeps for itself: they never reach a function."""

from __future__ import annotations

import json
from typing import Final

from tui.running.host.gojson import go_json

CONTROL: Final = b'"__orama"'


def control_type(frame: bytes) -> str | None:
    """The type of a control frame; None for one that reaches the function."""
    if CONTROL not in frame:
        return None
    try:
        found = json.loads(frame.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    name = found.get("__orama") if isinstance(found, dict) else None
    return name if isinstance(name, str) and name else None


def control_answer(frame: bytes) -> bytes:
    """What the gateway answers to a control frame: it knows one type only, which needs a token."""
    answer = {"__orama_ack": control_type(frame), "ok": False, "error": "unknown __orama control type"}
    return go_json(answer)

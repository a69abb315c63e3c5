"""Frames that the gateway keeps for itself: they never reach a function."""

from __future__ import annotations

from typing import Final

from tui.running.host.gojson import go_json, go_object, go_text

CONTROL: Final = b'"__orama"'


def control_type(frame: bytes) -> str | None:
    """The type of a control frame; None for one that reaches the function."""
    if CONTROL not in frame:
        return None
    try:
        found = go_object(frame)
        go_text(found, "jwt")
        return go_text(found, "__orama") or None
    except ValueError:
        return None


def control_answer(frame: bytes) -> bytes:
    """What the gateway answers to a control frame: it knows one type only, which needs a token."""
    answer = {"__orama_ack": control_type(frame), "ok": False, "error": "unknown __orama control type"}
    return go_json(answer)

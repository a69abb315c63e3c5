"""Push, TURN, WebRTC and capabilities as a gateway answers that has none of them set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.running.host.gojson import go_fields, go_json, go_loads, go_text
from tui.running.host.seam import HostFunction, Invocation

LONGEST_MESSAGE: Final = 16_384  # bytes of a push message
_TEXTS: Final = ("title", "body", "channel", "priority", "sound", "target_provider", "exclude_provider", "message_id")
_NO_DEVICES: Final = {"ok": True, "devices_attempted": 0, "devices_succeeded": 0, "results": []}


class Unconfigured:
    """The calls. Those of capabilities need a caller bound to a device, which nobody is here."""

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "push_send": lambda invocation, user, message: int(_takes_push(invocation, user, message)),
            "push_send_v2": _push,
            "push_send_topic": _push,  # without push nobody asks whether there is such a topic
            "turn_credentials": _turn,
            "webrtc_admit": lambda *_: b"",
            "webrtc_kick": lambda *_: 0,
            "webrtc_mute": lambda *_: 0,
            "capability_mint": lambda *_: b"",
            "capability_revoke": lambda *_: 0,
            "storage_fetch_cap_mint": lambda *_: b"",
        }


def _takes_push(invocation: Invocation, to: bytes, message: bytes) -> bool:
    if not invocation.namespace or not to or len(message) > LONGEST_MESSAGE:
        return False
    try:
        return _is_message(go_loads(message))
    except ValueError:
        return False


def _is_message(found: object) -> bool:
    """Whether each field that is known is of its kind. Raises ValueError, too, where one is not."""
    fields = go_fields(found)
    for name in _TEXTS:
        go_text(fields, name)
    badge = fields.get("badge", 0)
    return type(badge) is int and isinstance(fields.get("data", {}), dict)


def _push(invocation: Invocation, to: bytes, message: bytes) -> bytes:
    return go_json(_NO_DEVICES) if _takes_push(invocation, to, message) else b""


def _turn(invocation: Invocation) -> bytes:
    return go_json({"configured": False, "namespace": invocation.namespace}) if invocation.namespace else b""

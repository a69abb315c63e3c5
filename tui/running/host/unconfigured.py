"""Push, TURN, WebRTC and capabilities as a gateway answers that has none of them set up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.running.host.gojson import go_json, go_loads
from tui.running.host.seam import HostFunction, Invocation

LONGEST_MESSAGE: Final = 16_384  # bytes of a push message
_NO_DEVICES: Final = {"ok": True, "devices_attempted": 0, "devices_succeeded": 0, "results": []}


class Unconfigured:
    """The calls. Those of capabilities need a caller bound to a device, which nobody is here."""

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""
        return {
            "push_send": lambda invocation, user, message: int(_takes_push(invocation, user, message)),
            "push_send_v2": _push,
            "push_send_topic": _push_topic,
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
        return isinstance(go_loads(message), dict | None)
    except ValueError:
        return False


def _push(invocation: Invocation, user: bytes, message: bytes) -> bytes:
    return go_json(_NO_DEVICES) if _takes_push(invocation, user, message) else b""


def _push_topic(invocation: Invocation, topic: bytes, message: bytes) -> bytes:
    """No topic is known here."""
    if not _takes_push(invocation, topic, message):
        return b""
    result = {"reason": "TopicNotFound", "unregistered": True}
    return go_json({"ok": False, "devices_attempted": 0, "devices_succeeded": 0, "results": [result]})


def _turn(invocation: Invocation) -> bytes:
    return go_json({"configured": False, "namespace": invocation.namespace}) if invocation.namespace else b""

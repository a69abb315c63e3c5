"""What a trigger puts into a function: cron and messages on a topic."""

from __future__ import annotations

from typing import Final

from tui.running.host.gojson import compact_json, go_json

CRON_INPUT: Final = b'{"trigger":"cron"}'
DEEPEST: Final = 5  # a message published from that many triggered runs deep starts no other


def message_input(topic: str, message: bytes, namespace: str, timestamp: int, depth: int = 0) -> bytes | None:
    """The input of a function that a message starts; None where it starts none: too deep, or not JSON."""
    data = compact_json(message)
    if data is None or depth >= DEEPEST:
        return None
    after = {"namespace": namespace, "trigger_depth": depth + 1, "timestamp": timestamp}
    return b'{"topic":' + go_json(topic) + b',"data":' + data + b"," + go_json(after)[1:]

"""What a browser may say to its screen, with a bound on each part: sizes, texts, and how much in a second."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Final

MESSAGE_LIMIT: Final = 256 * 1024  # bytes of one message; a longer one closes the socket
RATE: Final = 64 * 1024  # bytes a second that a screen is given to read; a fast typist needs ten
BURST: Final = 2 * MESSAGE_LIMIT  # bytes that may come at once: a paste
LEAST_COST: Final = 100  # bytes that a message counts for at least: resizes and clicks are work, too
COLUMNS: Final = (10, 800)  # a screen of 800 x 300 is more than any display shows
ROWS: Final = (4, 300)

Packet = tuple[bytes, bytes]  # b"D" (typed) or b"M" (meta), and its content


def bounded(value: object, limits: tuple[int, int], otherwise: int) -> int:
    """A number of cells within limits; `otherwise` for what is no number (a text of digits is one)."""
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        value = int(value[:9])
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return otherwise
    least, most = limits
    return int(min(max(value, least), most))


def packet_of(message: str) -> Packet | None:
    """The packet that a message of the page becomes; None for one that says nothing to a screen."""
    try:
        parts = json.loads(message)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parts, list) or not parts:
        return None
    content = parts[1] if len(parts) > 1 else None
    if parts[0] == "stdin" and isinstance(content, str):
        return b"D", content.encode("utf-8", "replace")
    if parts[0] == "resize" and isinstance(content, dict):
        return b"M", _meta(
            "resize",
            width=bounded(content.get("width"), COLUMNS, 80),
            height=bounded(content.get("height"), ROWS, 24),
        )
    if parts[0] in ("focus", "blur"):
        return b"M", _meta(parts[0])
    return None


def ping_of(message: str) -> str | None:
    """What a ping carries, to be sent back; None for other messages."""
    if not message.startswith('["ping"'):
        return None
    try:
        parts = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return parts[1] if len(parts) == 2 and isinstance(parts[1], str) else None


def quit_packet() -> Packet:
    """Asks the screen to leave."""
    return b"M", _meta("quit")


def encoded(packet: Packet) -> bytes:
    """A packet as Textual's web driver reads it: its kind, its length in four bytes, its content."""
    kind, content = packet
    return b"%s%s%s" % (kind, len(content).to_bytes(4, "big"), content)


def _meta(kind: str, **values: int) -> bytes:
    return json.dumps({"type": kind, **values}).encode("ascii")


@dataclass(slots=True)
class Allowance:
    """How much may still come now. It grows with time."""

    left: float = BURST
    seen: float = 0.0  # time.monotonic() of the last message; 0: none yet

    def seconds_to_wait(self, size: int, now: float | None = None) -> float:
        """Count a message of so many bytes; for how long nothing more should be read."""
        now = monotonic() if now is None else now
        if self.seen:
            self.left = min(BURST, self.left + (now - self.seen) * RATE)
        self.seen = now
        self.left -= max(size, LEAST_COST)
        return max(0.0, -self.left / RATE)

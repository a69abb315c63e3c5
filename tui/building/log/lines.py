"""Bytes of a pipe to lines of text, whatever comes: floods, half lines, lines without an end, invalid UTF-8."""

from __future__ import annotations

from typing import Final

# Bytes of one line that are kept: a generated line of 10 MB reaches the log file whole, an endless one ends nothing.
LINE_LIMIT: Final = 16 * 1024 * 1024


class LineSplitter:
    """Splits one stream. Memory is bounded by LINE_LIMIT and the chunk."""

    def __init__(self) -> None:
        self._held = bytearray()  # the line that has not ended yet, at most LINE_LIMIT
        self._lost = 0  # bytes of it beyond that

    def feed(self, chunk: bytes) -> tuple[str, ...]:
        """The lines that `chunk` completes, without their `\\n` or `\\r\\n`."""
        first, newline, rest = chunk.partition(b"\n")
        if not newline:
            self._hold(chunk)
            return ()
        complete, newline, last = rest.rpartition(b"\n")
        self._hold(first)
        lines = [self._release()]
        self._hold(last)
        if newline:
            # Cutting UTF-8 at newlines cuts no character, so all of it is decoded at once: this is where floods go.
            lines += complete.replace(b"\r\n", b"\n").removesuffix(b"\r").decode("utf-8", "replace").split("\n")
        return tuple(lines)

    def finish(self) -> tuple[str, ...]:
        """The last line, if the stream ended without a newline."""
        return (self._release(),) if self._held or self._lost else ()

    def _hold(self, part: bytes) -> None:
        room = LINE_LIMIT - len(self._held)
        self._held += part[:room]
        self._lost += max(0, len(part) - room)

    def _release(self) -> str:
        text = self._held.removesuffix(b"\r").decode("utf-8", "replace")
        if self._lost:
            text += f" … ({self._lost:,} bytes more)"
        self._held, self._lost = bytearray(), 0
        return text

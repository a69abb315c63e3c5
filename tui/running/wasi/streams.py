"""stdin, stdout and stderr of one instance: all the files that there are."""

from __future__ import annotations

from typing import Final

STDIN, STDOUT, STDERR = 0, 1, 2
# The gateway's buffers grow as long as it has memory. Ours end here, and the write fails.
MOST_BYTES: Final = 64 << 20


class Streams:
    """What goes in, what came out, and which of the three descriptors are still open."""

    def __init__(self, stdin: bytes = b"") -> None:
        self._stdin = stdin
        self._read = 0
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.full = False  # something was not written for want of room
        self._open = {STDIN, STDOUT, STDERR}

    def is_open(self, descriptor: int) -> bool:
        """Whether a descriptor is open."""
        return descriptor in self._open

    def close(self, descriptor: int) -> bool:
        """Close a descriptor; False where it is not open."""
        if descriptor not in self._open:
            return False
        self._open.discard(descriptor)
        return True

    def take(self, most: int) -> bytes:
        """The next bytes of stdin, none at its end."""
        taken = self._stdin[self._read : self._read + most]
        self._read += len(taken)
        return taken

    def put(self, descriptor: int, data: bytes) -> bool:
        """Append to stdout or stderr; False where there is no more room."""
        buffer = self.stdout if descriptor == STDOUT else self.stderr
        if len(buffer) + len(data) > MOST_BYTES:
            self.full = True
            return False
        buffer += data
        return True

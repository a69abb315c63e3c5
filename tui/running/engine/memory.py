"""A guest's linear memory as the host sees it. Every read and write is held against its present size."""

from __future__ import annotations

import ctypes

from tui.running.engine.native import memory_data, memory_size


class NilDereference(Exception):  # noqa: N818 -- the engine's own word
    """The gateway's engine would dereference nil here: a module without memory, a file without a file system."""


class Memory:
    """The memory of one instance. Sizes and places are asked for anew each time: it may grow, and move."""

    def __init__(self, context: int, handle: int) -> None:
        self._context = context
        self._handle = handle  # address of wasmtime's own handle; 0: the module has no memory

    @property
    def size(self) -> int:
        """Bytes at present. Raises NilDereference where the module has no memory."""
        if not self._handle:
            raise NilDereference
        found: int = memory_size(self._context, self._handle)
        return found

    def read(self, pointer: int, length: int) -> bytes | None:
        """The bytes at a place, or None where they are not all inside. Zero bytes just past the end are inside."""
        if pointer + length > self.size:
            return None
        if not length:
            return b""
        return ctypes.string_at(memory_data(self._context, self._handle) + pointer, length)

    def write(self, pointer: int, data: bytes | bytearray) -> bool:
        """Write bytes at a place; False, and nothing written, where they would not all be inside."""
        if pointer + len(data) > self.size:
            return False
        if data:
            ctypes.memmove(memory_data(self._context, self._handle) + pointer, bytes(data), len(data))
        return True

    def write_u32(self, pointer: int, value: int) -> bool:
        """Write 32 bits, little-endian."""
        return self.write(pointer, (value & 0xFFFF_FFFF).to_bytes(4, "little"))

    def write_u64(self, pointer: int, value: int) -> bool:
        """Write 64 bits, little-endian."""
        return self.write(pointer, (value & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(8, "little"))

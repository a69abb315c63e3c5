"""The calls on arguments, clocks, chance and waiting, and the table of all 46."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Final

from tui.running.engine.memory import Memory
from tui.running.stop import Unwind, panic
from tui.running.wasi.errno import BADF, FAULT, INVAL, NOSYS, NOTSUP, OK
from tui.running.wasi.files import Answer, Files
from tui.running.wasi.streams import STDIN, Streams

REALTIME, MONOTONIC = 0, 1
RESOLUTION: Final = {REALTIME: 1000, MONOTONIC: 1}  # nanoseconds
SUBSCRIPTION, EVENT = 48, 32  # bytes
CLOCK_EVENT, READ_EVENT, WRITE_EVENT = 0, 1, 2
_MASK32: Final = 0xFFFF_FFFF
# The gateway gives its engine no way to sleep: a wait is over at once, and guests that mean it ask again and again.
NAP: Final = 0.001  # seconds; spares the processor while they do


class Wasi:
    """WASI for one instance. `exit` ends the guest's call with a code."""

    def __init__(self, memory: Callable[[], Memory], streams: Streams, arguments: Sequence[bytes]) -> None:
        self._memory = memory
        self._streams = streams
        self._arguments = tuple(arguments)

    def calls(self) -> dict[str, Answer]:
        """The answers by name, but for proc_exit, which gives none."""
        return Files(self._memory, self._streams).calls() | {
            "args_get": lambda table, text: self._strings(self._arguments, table, text),
            "args_sizes_get": lambda count, size: self._sizes(self._arguments, count, size),
            "environ_get": lambda table, text: self._strings((), table, text),
            "environ_sizes_get": lambda count, size: self._sizes((), count, size),
            "clock_res_get": self.resolution,
            "clock_time_get": self.now,
            "random_get": self.random,
            "poll_oneoff": self.poll,
            "proc_raise": lambda _: NOSYS,
            "sched_yield": lambda: OK,
            "sock_accept": lambda *_: BADF,
            "sock_recv": lambda *_: BADF,
            "sock_send": lambda _fd, _data, _size, flags, _sent: NOTSUP if flags else BADF,
            "sock_shutdown": lambda *_: BADF,
        }

    def _sizes(self, values: tuple[bytes, ...], count: int, size: int) -> int:
        memory = self._memory()
        whole = sum(len(value) + 1 for value in values)
        return OK if memory.write_u32(count, len(values)) and memory.write_u32(size, whole) else FAULT

    def _strings(self, values: tuple[bytes, ...], table: int, text: int) -> int:
        memory = self._memory()
        packed = b"".join(value + b"\0" for value in values)
        if memory.read(table, 4 * len(values)) is None or memory.read(text, len(packed)) is None:
            return FAULT
        place = text
        for index, value in enumerate(values):
            memory.write_u32(table + 4 * index, place)
            place += len(value) + 1
        memory.write(text, packed)
        return OK

    def resolution(self, clock: int, result: int) -> int:
        """clock_res_get."""
        if clock not in RESOLUTION:
            return INVAL
        return OK if self._memory().write_u64(result, RESOLUTION[clock]) else FAULT

    def now(self, clock: int, _precision: int, result: int) -> int:
        """clock_time_get."""
        if clock not in RESOLUTION:
            return INVAL
        value = time.time_ns() if clock == REALTIME else time.monotonic_ns()
        return OK if self._memory().write_u64(result, value) else FAULT

    def random(self, pointer: int, length: int) -> int:
        """random_get."""
        memory = self._memory()
        if pointer + length > memory.size:
            return FAULT
        memory.write(pointer, os.urandom(length))
        return OK

    def poll(self, source: int, target: int, count: int, result: int) -> int:
        """poll_oneoff: clocks have always struck, stdin is always ready, the other streams cannot be waited for."""
        memory = self._memory()
        if not count:
            return INVAL
        size = count * SUBSCRIPTION & _MASK32
        if source + size > memory.size or not memory.write(target, bytes(count * EVENT & _MASK32)):
            return FAULT
        if not memory.write_u32(result, count):
            return FAULT
        place = target
        waiting = []
        # Nothing is copied: where the two lie one on the other, the next subscription is what was written last.
        for index in range(count):
            start = index * SUBSCRIPTION
            if start == size:  # the size of so many does not fit into 32 bits
                raise Unwind(panic(f"runtime error: index out of range [{start + 8}] with length {size}"))
            error, errno, is_later = self._event(memory.read(source + start, SUBSCRIPTION) or b"")
            if error:
                return error
            if is_later:
                waiting.append(source + start)
            else:
                self._write_event(place, source + start, errno)
                place += EVENT
        return self._poll_stdin(place, waiting)

    def _poll_stdin(self, place: int, waiting: list[int]) -> int:
        """The end of a poll: those that wait for stdin are served, or a nap is taken where nobody does."""
        if not waiting:
            time.sleep(NAP)
            return OK
        if not self._streams.is_open(STDIN):
            return BADF
        for number, subscription in enumerate(waiting):
            self._write_event(place + number * EVENT, subscription, OK, READ_EVENT)
        return OK

    def _write_event(self, place: int, subscription: int, errno: int, kind: int | None = None) -> None:
        """An event's record: the subscriber's own word, the error, the kind. The rest of its 32 bytes stays."""
        memory = self._memory()
        asked = memory.read(subscription, 9) or b""
        kind = asked[8] if kind is None else kind
        memory.write(place, asked[:8] + errno.to_bytes(2, "little") + kind.to_bytes(4, "little"))

    def _event(self, event: bytes) -> tuple[int, int, bool]:
        """(error of the whole call, error of the event, whether it waits for stdin)."""
        kind = event[8]
        if kind == CLOCK_EVENT:
            flags = int.from_bytes(event[40:42], "little")
            return (OK if flags == 0 else NOTSUP if flags == 1 else INVAL), OK, False
        if kind not in (READ_EVENT, WRITE_EVENT):
            return INVAL, OK, False
        descriptor = int.from_bytes(event[16:20], "little", signed=True)
        if descriptor < 0:
            return BADF, OK, False
        if not self._streams.is_open(descriptor):
            return OK, BADF, False
        return (OK, OK, True) if kind == READ_EVENT else (OK, NOTSUP, False)

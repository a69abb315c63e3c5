"""A guest's imports bound to WASI and the host: raw slots in, checked bytes and numbers through, a result out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final

import wasmtime

from tui.running.engine.allocator import pack
from tui.running.engine.guest import Guest
from tui.running.engine.memory import NilDereference
from tui.running.engine.native import MASK32, HostCallback, host_function, new_trap
from tui.running.engine.record import Cut, Recorder
from tui.running.host.seam import CLAMPED, LONGEST_LINE, SHAPES, Host, HostFunction, Invocation
from tui.running.plan.table import HostTable
from tui.running.stop import NIL, NO_RESULT, Unwind, exited, panic
from tui.running.wasi.files import Answer
from tui.wasm.module import FuncType, Import

Slots = Any  # a pointer to 64-bit words, two a value
Body = Callable[[Slots], None]
PROC_EXIT: Final = "proc_exit"
LONG: Final = 0.001  # seconds; in a call as long another guest may have run, and used up this one's deadline


class Binding:
    """Makes the host functions of one guest."""

    def __init__(self, guest: Guest, table: HostTable, wasi: dict[str, Answer], host: Host, cut: Cut) -> None:
        self._guest = guest
        self._table = table
        self._wasi = wasi
        self._host = host
        # An invocation of its own for what runs before there is a caller; replaced when the call begins.
        self.invocation = Invocation("", "")
        self.recorder = Recorder(cut)

    def imports(self) -> tuple[list[wasmtime.Func], list[object]]:
        """A function for each import, in order, and what must be kept alive as long as the guest is."""
        functions, kept = [], []
        for one in self._guest.prepared.outline.imports:
            type_ = one.type if isinstance(one.type, FuncType) else FuncType()
            callback = HostCallback(self._guarded(one, self._body(one, type_)))
            function, owned = host_function(self._guest.context, type_.params, type_.results, callback)
            functions.append(function)
            kept.append(owned)
        return functions, kept

    def _body(self, one: Import, type_: FuncType) -> Body:
        if one.name in SHAPES and one.module != WASI:
            return self._host_body(one.name, self._host.answer(one.name))
        if one.name == PROC_EXIT:
            return _exit
        return _wasi_body(self._wasi[one.name], type_)

    def _guarded(self, one: Import, body: Body) -> Callable[..., int | None]:
        """What wasmtime calls: the body, and a trap where it ends the guest's call or fails."""
        guest = self._guest

        def callback(_env: object, _caller: object, slots: Slots, _count: int) -> int | None:
            try:
                body(slots)
            except Unwind as unwinding:
                guest.unwind(unwinding.ending, one)
            except NilDereference:
                guest.unwind(panic(NIL), one)
            except BaseException as fault:  # noqa: BLE001 -- C cannot carry it: it is raised again behind the call
                guest.fault = fault
            else:
                return None
            return new_trap()

        return callback

    def _host_body(self, name: str, answer: HostFunction) -> Body:
        """A call of the host: arguments read and recorded, bytes packed through the guest's allocator."""
        takes, _, gives = SHAPES[name].partition(">")
        read = _reader(self._guest, takes, LONGEST_LINE if name in CLAMPED else MASK32)
        recorder, guest = self.recorder, self._guest

        def body(slots: Slots) -> None:
            started = perf_counter()
            arguments = read(slots)
            # A pointer outside memory: the call gives 0 without looking any further.
            result = None if None in arguments else answer(self.invocation, *arguments)
            taken = perf_counter() - started
            recorder.note(name, arguments, result, taken)
            if taken > LONG:
                guest.rearm(self.invocation.deadline)
            if gives:
                slots[0] = self._word(gives, result)

        return body

    def _word(self, gives: str, result: int | bytes | None) -> int:
        if gives != "p":
            assert not isinstance(result, bytes)  # noqa: S101 -- a part breaks the seam
            return (result or 0) & (MASK32 if gives == "i" else MASK64)
        assert not isinstance(result, int)  # noqa: S101 -- a part breaks the seam
        packed = pack(self._guest, result or b"")
        if packed is None:
            raise Unwind(panic(NO_RESULT))
        return packed


WASI: Final = "wasi_snapshot_preview1"
MASK64: Final = (1 << 64) - 1


def _exit(slots: Slots) -> None:
    raise Unwind(exited(slots[0] & MASK32))


def _wasi_body(answer: Answer, type_: FuncType) -> Body:
    masks = [(2 * index, MASK32 if one == "i32" else MASK64) for index, one in enumerate(type_.params)]

    def body(slots: Slots) -> None:
        slots[0] = answer(*[slots[place] & mask for place, mask in masks])

    return body


def _reader(guest: Guest, takes: str, longest: int) -> Callable[[Slots], Sequence[bytes | int | None]]:
    """Reads the arguments of one shape out of the slots; None stands for a pointer outside memory."""
    places = []
    word = 0
    for one in takes:
        places.append((one, word))
        word += 4 if one in "so" else 2

    def read(slots: Slots) -> Sequence[bytes | int | None]:
        found: list[bytes | int | None] = []
        for one, place in places:
            if one in "so":
                length = slots[place + 2] & MASK32
                pointer = slots[place] & MASK32 if length or one == "s" else 0
                found.append(guest.memory.read(pointer, min(length, longest)))
            else:
                found.append(_signed(slots[place], 32 if one == "i" else 64))
        return found

    return read


def _signed(word: int, bits: int) -> int:
    word &= (1 << bits) - 1
    return word - (1 << bits) if word >> (bits - 1) else word

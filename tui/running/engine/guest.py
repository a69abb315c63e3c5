"""One instance of a module: calling its exports, and answering its imports."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, Final

import wasmtime

from tui.running.engine.machine import Compiled, Machine
from tui.running.engine.memory import Memory
from tui.running.engine.native import (
    call_unchecked,
    context_of,
    error_words,
    set_epoch_deadline,
    trap_of,
)
from tui.running.engine.trace import CAUSES, recovered_words, trap_words
from tui.running.plan.imports import host_type_index
from tui.running.plan.table import HostTable
from tui.running.stop import Stop, Unwind, deadline, panic, wrong_arity
from tui.wasm.module import FuncType, Import

if TYPE_CHECKING:
    from tui.running.engine.profiler import Profiler
    from tui.running.plan.signatures import Signatures

MASK32: Final = 0xFFFF_FFFF
MOST_TABLE: Final = 1 << 26  # entries; the gateway's tables grow as long as it has memory
# Calls one inside the other, by an allocator that asks the host for bytes: without an end on the gateway too, where
# time ends it. Python's own stack would end it otherwise, inside a host function, with an answer that is none.
DEEPEST: Final = 64
_NARROW: Final = frozenset({"i32", "f32"})
_REFERENCES: Final = frozenset({"funcref", "externref"})


@dataclass(frozen=True, slots=True)
class GuestFunction:
    """An export ready to be called."""

    name: str
    handle: int  # address of wasmtime's own handle
    type: FuncType
    arity: int  # 64-bit words that a call hands over: two for a v128
    slots: ctypes.Array[ctypes.c_uint64]  # two words a value
    address: int  # of the slots
    kept: object


class Guest:
    """An instance with its memory. Calls give a number, None for no result, or the Stop that ended them."""

    def __init__(self, machine: Machine, compiled: Compiled, table: HostTable, memory_bytes: int) -> None:
        self._machine = machine
        self._compiled = compiled
        self._table = table
        self.prepared = compiled.prepared
        self._store = wasmtime.Store(machine.engine)
        self._store.set_limits(memory_size=memory_bytes, table_elements=MOST_TABLE)
        self.context = context_of(self._store)
        self.memory = Memory(self.context, 0)
        self._functions: dict[str, GuestFunction | None] = {}
        self._kept: list[object] = []
        self._exports: Mapping[str, object] | None = None
        self._depth = 0  # calls under way, each by a host function of the one before
        self.closed: Stop | None = None  # set by an exit or a deadline: no further call runs
        self._ending: Stop | None = None  # why a host function unwinds the guest
        self._asked: Import | None = None  # the host function that panicked
        self.no_room_asked = False  # bytes were to be handed in, and the module has no allocator
        self.fault: BaseException | None = None  # a fault of ours inside a host function

    def instantiate(self, imports: list[wasmtime.Func], kept: list[object]) -> None:
        """Make the instance. Its start section is not run: that is a call like any other. Raises WasmtimeError."""
        self._kept = kept
        set_epoch_deadline(self.context, 1)
        instance = wasmtime.Instance(self._store, self._compiled.module, [*imports])
        self._exports = instance.exports(self._store)
        if self.prepared.outline.memory is not None:
            memory = self._exports[self.prepared.outline.memory]
            assert isinstance(memory, wasmtime.Memory)  # noqa: S101 -- its kind was read from the module
            self._kept.append(memory)
            self.memory = Memory(self.context, ctypes.addressof(memory._memory))

    def function(self, name: str) -> GuestFunction | Stop | None:
        """An exported function; None without one, a panic where it is the host's own."""
        if name in self._functions:
            return self._functions[name]
        export = self.prepared.function(name)
        if export is not None and self.prepared.is_imported(export):
            index = host_type_index(self.prepared.imported(export.index), self._table)
            return panic(f"runtime error: index out of range [{index}] with length 0")
        self._functions[name] = found = self._ready(name) if export is not None else None
        return found

    def _ready(self, name: str) -> GuestFunction:
        assert self._exports is not None  # noqa: S101 -- instantiated before anything is called
        function = self._exports[name]
        export = self.prepared.export(name)
        type_ = export.type if export is not None and isinstance(export.type, FuncType) else FuncType()
        assert isinstance(function, wasmtime.Func)  # noqa: S101 -- its kind was read from the module
        words = 2 * max(len(type_.params), len(type_.results), 1)
        slots = (ctypes.c_uint64 * words)()
        arity = sum(2 if one == "v128" else 1 for one in type_.params)
        handle = ctypes.addressof(function._func)
        return GuestFunction(name, handle, type_, arity, slots, ctypes.addressof(slots), function)

    def start(self) -> Stop | None:
        """Run the start section."""
        if self.prepared.outline.start_export is None:
            return None
        found = self.call(self._ready(self.prepared.outline.start_export))
        return found if isinstance(found, Stop) else None

    def call(self, function: GuestFunction, *words: int) -> int | Stop | None:
        """Call an export with raw words. The time allowed is the machine's clock's business."""
        if self.closed is not None:
            return self.closed
        if len(words) != function.arity:
            return wrong_arity(function.arity, len(words))
        if self._depth == DEEPEST:
            raise Unwind(deadline())
        self._fill(function, words)
        set_epoch_deadline(self.context, 1)
        trap = ctypes.c_void_p()
        self._depth += 1
        error = call_unchecked(
            self.context, function.handle, function.address, len(function.slots) // 2, ctypes.byref(trap)
        )
        self._depth -= 1
        if error or trap.value:
            return self._ended(error, trap.value)
        return self._result(function)

    def _fill(self, function: GuestFunction, words: tuple[int, ...]) -> None:
        slots = function.slots
        if function.arity == len(function.type.params):
            for index, word in enumerate(words):
                slots[2 * index] = 0 if function.type.params[index] in _REFERENCES else word
            return
        rest = iter(words)
        for index, type_ in enumerate(function.type.params):
            slots[2 * index] = next(rest)
            slots[2 * index + 1] = next(rest) if type_ == "v128" else 0

    @staticmethod
    def _result(function: GuestFunction) -> int | None:
        results = function.type.results
        if not results:
            return None
        word = function.slots[0]
        return word & MASK32 if results[0] in _NARROW else word

    def profiled(self, due: float) -> Profiler:
        """Begin to look at where time goes; at `due` (of time.monotonic) the guest is ended, as it is without."""
        from tui.running.engine.profiler import Profiler

        def too_late() -> bool:
            if monotonic() < due:
                return False
            self.unwind(deadline())
            return True

        profiler = Profiler(self._machine.engine, self._store, self._compiled.module, too_late)
        self._kept.append(profiler)
        return profiler

    def rearm(self, due: float) -> None:
        """Count ticks of the epoch anew, unless it is past `due`: those that ended another guest are not for this."""
        if monotonic() < due:
            set_epoch_deadline(self.context, 1)

    def unwind(self, ending: Stop, asked: Import | None = None) -> None:
        """Note why a host function is about to give back a trap, and which it is."""
        self._ending = ending
        self._asked = asked

    @cached_property
    def signatures(self) -> Signatures:
        """What a trace says of each function."""
        from tui.running.plan.signatures import Signatures  # most runs do not trap

        return Signatures(self.prepared.source, self.prepared.module)

    def _ended(self, error: int | None, pointer: int | None) -> Stop:
        """The stop behind wasmtime's trap or error."""
        trap = trap_of(pointer) if pointer else None
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        frames = tuple((one.func_index, one.module_offset) for one in trap.frames) if trap is not None else ()
        ending, self._ending = self._ending, None
        if ending is not None:
            return self._unwound(ending, frames)
        if trap is None:
            return Stop("trap", error_words(error or 0))
        if trap.trap_code is wasmtime.TrapCode.INTERRUPT:
            self.closed = deadline()
            return self.closed
        code = trap.trap_code
        cause = CAUSES.get(code, code.name.lower()) if code is not None else "unknown trap"
        return Stop("trap", trap_words(cause, frames, self.signatures), frames=frames, cause=cause)

    def _unwound(self, ending: Stop, frames: tuple[tuple[int, int], ...]) -> Stop:
        if ending.kind == "exit":
            if ending.exit_code:
                self.closed = Stop("closed", ending.words, ending.exit_code)
            return ending
        if ending.kind == "deadline":
            self.closed = ending
            return ending
        words = recovered_words(ending.words, self._asked, frames, self.signatures)
        return Stop("trap", words, frames=frames, cause=ending.words)

    @property
    def memory_size(self) -> int:
        """Bytes of memory now; it never shrinks."""
        return self.memory.size if self.prepared.outline.memory is not None and self._exports is not None else 0

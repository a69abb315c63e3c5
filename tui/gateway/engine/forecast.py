"""What a function does for certain, by the instructions that it always comes to: traps, exits, never ends, or returns.

Only the way that every call takes is followed: straight on, into blocks, over host calls. At a branch, at a loop that
may end, and at a function that cannot be followed nothing more is known. What may trap on that way already is passed
over: it would fail all the same.
"""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Final, Literal

from tui.facts import Fact
from tui.gateway.engine.features import after_locals
from tui.gateway.engine.wazero.bodies.instructions import ACCESS, NUMERIC
from tui.gateway.engine.wazero.reader import Reader, Refused
from tui.wasm.decode.budget import no_tick
from tui.wasm.module import ExternType, FuncType, Module

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

MOST_STEPS: Final = 1_000
DEEPEST: Final = 6  # calls inside one another
UNREACHABLE: Final = "wasm error: unreachable"
OVERFLOW: Final = "stack overflow"
FOREVER: Final = "module closed with context deadline exceeded"
# Exit codes with which the engine itself closes a module, whoever gives them.
_CLOSED: Final = {0xFFFF_FFFF: "module closed with context canceled", 0xEFFF_FFFF: FOREVER}
_PAGE: Final = 65536
_END, _BLOCK, _LOOP, _CALL, _DROP = 0x0B, 0x02, 0x03, 0x10, 0x1A
_DIVISIONS: Final = frozenset((*range(0x6D, 0x71), *range(0x7F, 0x83)))
_LOWEST: Final = {0x6D: -(1 << 31), 0x7F: -(1 << 63)}  # signed division -> what divided by -1 is too large
# truncation of a float -> the bounds that it keeps within
_TRUNCATIONS: Final = {
    **dict.fromkeys((0xA8, 0xAA), (-(2.0**31) - 1, 2.0**31)),
    **dict.fromkeys((0xA9, 0xAB), (-1.0, 2.0**32)),
    **dict.fromkeys((0xAE, 0xB0), (-(2.0**63) - 1, 2.0**63)),
    **dict.fromkeys((0xAF, 0xB1), (-1.0, 2.0**64)),
}
Number = int | float | None  # None: not known


class Fate(Fact):
    """How every call ends. `words` are the engine's where it fails, `value` a result that is always the same."""

    how: Literal["traps", "exits", "never ends", "returns"]
    words: str = ""
    code: int = 0
    value: int | None = None


class _Unknown(Exception):  # noqa: N818 -- no error: the way parts here
    """Nothing more is certain."""


class _Ends(Exception):  # noqa: N818 -- how the way ends
    """The function, and all that called it, ends here."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(fate.how)
        self.fate = fate


class Forecast:
    """The functions of one module, followed on demand."""

    def __init__(self, module: Module, source: bytes, grows: bool, tick: Tick = no_tick) -> None:
        """`grows`: whether some body may have asked for more memory before. `tick` is called along the way."""
        self.module = module
        self.source = source
        self.imports = [entry for entry in module.imports if entry.kind == "func"]
        memory = module.memories[0].limits if module.memories else None
        self.bytes = math.inf if grows else memory.minimum * _PAGE if memory is not None else 0
        self.steps = 0
        self.within: list[int] = []  # the functions that are being followed, one called by the other
        self._tick = tick
        self._exported: dict[int, ExternType | None] = {}
        for export in module.exports:
            if export.kind == "func":
                self._exported.setdefault(export.index, export.type)

    def fate(self, function: int, result: str = "") -> Fate | None:
        """How every call of a function, whose first result has that type, ends; None where that is not certain.

        Raises what `tick` raises.
        """
        self.steps, self.within = 0, []
        self._tick()
        try:
            return Fate("returns", value=_bits(self._follow(function, 0), result))
        except _Ends as end:
            return end.fate
        except (_Unknown, Refused, ValueError, IndexError, struct.error):
            return None

    def _follow(self, function: int, depth: int) -> Number:
        """The constant that a function returns, None where it is not constant. Raises _Ends or _Unknown."""
        number, offsets = function - self.module.functions.imported, self.module.body_offsets
        if depth > DEEPEST or not 0 <= number < len(offsets) - 1:
            raise _Unknown
        end = offsets[number + 1]
        self.within.append(function)
        reader = Reader(self.source, after_locals(self.source, offsets[number], end, self._tick)[0], end, self._tick)
        stack: list[Number] = []
        blocks = 0
        while reader.at < end:
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise _Unknown
            opcode = reader.byte()
            if opcode == _END:
                if not blocks:
                    return stack[0] if stack else None  # nothing but the results is left at the end
                blocks -= 1
            elif opcode == _BLOCK:
                reader.s33()
                blocks += 1
            else:
                self._step(reader, opcode, stack, depth)
        raise _Unknown

    def _step(self, reader: Reader, opcode: int, stack: list[Number], depth: int) -> None:
        """One instruction that is neither a block nor an end."""
        if opcode == 0x00:
            raise _Ends(Fate("traps", UNREACHABLE))
        if opcode == _LOOP:
            _loop(reader)
        elif opcode == _CALL:
            self._call(reader.u32(), stack, depth)
        elif opcode in ACCESS:
            self._access(reader, opcode, stack)
        elif opcode in NUMERIC:
            _numeric(opcode, stack)
        elif 0x41 <= opcode <= 0x44:
            stack.append(_constant(reader, opcode))
        else:
            _plain(reader, opcode, stack)

    def _call(self, function: int, stack: list[Number], depth: int) -> None:
        if function in self.within:
            raise _Ends(Fate("traps", OVERFLOW))
        if function >= len(self.imports):
            type_ = self._type(function)
            value = self._follow(function, depth + 1)
            self.within.pop()
        else:
            entry = self.imports[function]
            if entry.name == "proc_exit" and stack and isinstance(stack[-1], int):
                code = stack[-1] & 0xFFFF_FFFF
                raise _Ends(Fate("exits", _CLOSED.get(code, f"module closed with exit_code({code})"), code))
            if not isinstance(entry.type, FuncType) or entry.name == "proc_exit":
                raise _Unknown
            type_, value = entry.type, None
            for _ in type_.params:
                _take(stack)
        stack += [None] * max(len(type_.results) - 1, 0)
        if type_.results:
            stack.append(value)

    def _type(self, function: int) -> FuncType:
        """The type of a function that is exported and takes nothing: others are not followed."""
        found = self._exported.get(function)
        if not isinstance(found, FuncType) or found.params:
            raise _Unknown
        return found

    def _access(self, reader: Reader, opcode: int, stack: list[Number]) -> None:
        reader.u32()
        offset = reader.u32()
        if ACCESS[opcode].stores:
            _take(stack)
        address = _take(stack)
        last = None if not isinstance(address, int) else (address & 0xFFFF_FFFF) + offset + ACCESS[opcode].width
        if last is not None and last > self.bytes:
            raise _Ends(Fate("traps", "wasm error: out of bounds memory access"))
        if not ACCESS[opcode].stores:
            stack.append(None)


def _bits(value: Number, result: str) -> int | None:
    """A result as the host gets it: the 64 bits of a slot, those of a float as they are."""
    if not isinstance(value, float):
        return value
    return int.from_bytes(struct.pack("<f" if result == "f32" else "<d", value), "little")


def _loop(reader: Reader) -> None:
    """A loop: one that jumps back at once never ends."""
    reader.s33()
    if reader.byte() == 0x0C and reader.u32() == 0:
        raise _Ends(Fate("never ends", FOREVER))
    raise _Unknown


def _plain(reader: Reader, opcode: int, stack: list[Number]) -> None:
    """nop, drop, locals and globals."""
    if opcode == 0x01:
        return
    if opcode == _DROP:
        _take(stack)
        return
    if opcode not in (0x20, 0x21, 0x22, 0x23, 0x24):
        raise _Unknown
    reader.u32()
    if opcode in (0x20, 0x23):
        stack.append(None)
    elif opcode != 0x22:
        _take(stack)


def _take(stack: list[Number]) -> Number:
    if not stack:
        raise _Unknown
    return stack.pop()


def _constant(reader: Reader, opcode: int) -> Number:
    if opcode < 0x43:
        return reader.signed(32 if opcode == 0x41 else 64)
    code, size = ("<f", 4) if opcode == 0x43 else ("<d", 8)
    return float(struct.unpack(code, reader.take(size))[0])


def _numeric(opcode: int, stack: list[Number]) -> None:
    """A numeric instruction: its result is not worked out, only whether it traps for certain."""
    operands = [_take(stack) for _ in range(NUMERIC[opcode].operands)]
    top = operands[0]
    if opcode in _DIVISIONS and top == 0 and isinstance(top, int):
        raise _Ends(Fate("traps", "wasm error: integer divide by zero"))
    lowest = _LOWEST.get(opcode)
    if lowest is not None and top == -1 and operands[-1] == lowest:
        raise _Ends(Fate("traps", "wasm error: integer overflow"))
    bounds = _TRUNCATIONS.get(opcode)
    if bounds is not None and isinstance(top, float):
        if math.isnan(top):
            raise _Ends(Fate("traps", "wasm error: invalid conversion to integer"))
        if not bounds[0] < top < bounds[1]:
            raise _Ends(Fate("traps", "wasm error: integer overflow"))
    stack.append(None)

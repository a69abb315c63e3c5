"""A function body under validation as wazero does it: the stack of value types, the open blocks, the words.

The stack of value types grows at its end; `bottom` is where the current block's part of it starts. Behind an
instruction that never returns that part holds UNKNOWN alone, which stands for any number of values of any type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.facts import Fact
from tui.gateway.engine.wazero.engine_module import EngineModule, FunctionType
from tui.gateway.engine.wazero.reader import Reader, Refused, labelled, type_name
from tui.wasm.decode.budget import BATCH, Meter, OutOfRoom, no_tick

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

UNKNOWN: Final = 0xFF
FLAT: Final = 5000  # locals that lie in a row; a run of millions stays a run
NARROW: Final = 16  # types of a block or a call that are no more work than any instruction
WIDEST: Final = BATCH  # types of one that are looked at at all; engines take 1,000
MOST_VALUES: Final = 4_000_000  # on the stack of one body
LISTED: Final = 1_000  # types of each list in a refusal
_LOOP: Final = 0x03


@dataclass(slots=True)
class Block:
    """An open block: its instruction (0 for a plain block and the body itself), its type, where its values start."""

    opcode: int
    type: FunctionType
    bottom: int

    @property
    def label(self) -> bytes:
        """The types that a branch to it takes."""
        return self.type.params if self.opcode == _LOOP else self.type.results


class Spaces(Fact):
    """What bodies refer to, worked out once a module."""

    module: EngineModule
    functions: list[int]  # type indices
    globals: list[tuple[int, bool]]
    tables: list[int]  # their element types
    declared: frozenset[int]  # functions that ref.func may name
    has_memory: bool
    tick: Tick = no_tick


class Body:
    """The state of one validation."""

    def __init__(self, source: bytes, spaces: Spaces, number: int) -> None:
        module = spaces.module
        body = module.bodies[number]
        self.spaces = spaces
        self.start = body.start
        self.reader = Reader(source, body.start, body.end, spaces.tick)
        self.meter = Meter(spaces.tick)
        self.type = module.types[module.functions[number]]
        self.params = self.type.params
        self.ends: list[int] = []  # of each run of locals
        self.runs = body.locals
        total = len(self.params)
        for count, _ in body.locals:
            total += count
            self.ends.append(total)
        self.local_count = total
        runs = (bytes((value,)) * count for count, value in body.locals)
        self.flat = self.params + b"".join(runs) if total < FLAT else b""
        self.stack: list[int] = []
        self.bottom = 0
        self.blocks = [Block(0, self.type, 0)]
        self.highest = 0

    def spend(self, types: bytes) -> None:
        """So many types are to be moved at once. Raises OutOfTime where that is more than the bytes are worth."""
        if len(types) > NARROW:
            if len(types) > WIDEST:
                raise OutOfRoom(WIDEST, "types of one block or call")
            if len(self.stack) > MOST_VALUES:
                raise OutOfRoom(MOST_VALUES, "values on the stack")
            self.meter.spend(len(types))

    def take(self) -> int | None:
        """The topmost value of this block; None where it has none."""
        stack, bottom = self.stack, self.bottom
        if len(stack) <= bottom:
            return None
        if len(stack) == bottom + 1 and stack[bottom] == UNKNOWN:
            return UNKNOWN
        return stack.pop()

    def any_value(self) -> int:
        """Take one value of any type."""
        found = self.take()
        if found is None:
            raise Refused(f"invalid operation: trying to pop at {len(self.stack)} with limit {self.bottom}")
        return found

    def pop(self, wanted: int) -> None:
        """Take a value of that type."""
        have = self.take()
        if have is None:
            raise Refused(f"{type_name(wanted)} missing")
        if have != wanted and UNKNOWN not in (have, wanted):
            raise Refused(f"type mismatch: expected {type_name(wanted)}, but was {type_name(have)}")

    def operands(self, name: str, *wanted: int) -> None:
        """Take values of these types, the topmost first, for the instruction of that name."""
        for one in wanted:
            labelled(f"cannot pop the operand for {name}", self.pop, one)

    def never_returns(self) -> None:
        """What follows is unreachable: any values may be there."""
        del self.stack[self.bottom :]
        self.stack.append(UNKNOWN)

    def require(self, wanted: bytes, context: str = "", params: bool = False, exact: bool = False) -> None:
        """Take values of these types; with `exact` nothing else may lie in this block."""
        self.spend(wanted)
        have: list[int] = []
        for _ in wanted:
            found = self.take()
            if found is None:
                raise Refused(count_words(params, context, have, wanted))
            have.append(found)
        left = len(self.stack) - self.bottom
        if exact and left and (left > 1 or self.stack[-1] != UNKNOWN):
            raise Refused(count_words(params, context, [*self.stack, *wanted], wanted))
        for index, (actual, want) in enumerate(zip(have, reversed(wanted), strict=True)):
            if actual != want and UNKNOWN not in (actual, want):
                block = f" in {context} block" if context else ""
                role = "param" if params else "result"
                raise Refused(f"cannot use {type_name(actual)}{block} as {role}[{index}] type {type_name(want)}")


def count_words(params: bool, context: str, have: list[int], wanted: bytes) -> str:
    """Too many or not enough values, with both lists."""
    amount = "too many" if len(have) > len(wanted) else "not enough"
    block = f" {'for' if params else 'in'} {context} block" if context else ""
    lists = "\n\thave ({})\n\twant ({})".format(*(", ".join(map(type_name, side[:LISTED])) for side in (have, wanted)))
    return f"{amount} {'params' if params else 'results'}{block}{lists}"

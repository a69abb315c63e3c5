"""Why a function's code came to an end before it returned: a value, in the words of the gateway's engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

# closed: an earlier exit or deadline closed the instance. link: it could not be made. panic: the gateway itself panics,
# outside any guest code.
StopKind = Literal["trap", "exit", "deadline", "closed", "arity", "link", "panic"]
DEADLINE_WORDS: Final = "module closed with context deadline exceeded"
# Exit codes by which the engine itself marks a module that it closed. A function that leaves with one reads the same.
CANCELED, OVERDUE = 0xFFFF_FFFF, 0xEFFF_FFFF
_CLOSED: Final = {CANCELED: "module closed with context canceled", OVERDUE: DEADLINE_WORDS}
NIL: Final = "runtime error: invalid memory address or nil pointer dereference"
NO_RESULT: Final = "runtime error: index out of range [0] with length 0"


INIT_SECONDS: Final = 5.0  # for initialisation, which comes before a function's own time


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of a call that did not return. `words` are the engine's, without what the life puts before them."""

    kind: StopKind
    words: str
    exit_code: int | None = None
    frames: tuple[tuple[int, int], ...] = ()  # function index and offset in the file, innermost first
    cause: str = ""  # of a trap: "unreachable", "stack overflow"

    @property
    def exited_well(self) -> bool:
        """Whether the function left by proc_exit(0)."""
        return self.kind == "exit" and self.exit_code == 0


def exited(code: int) -> Stop:
    """The stop of proc_exit. `code` is unsigned: 256 stays 256."""
    return Stop("exit", _CLOSED.get(code, f"module closed with exit_code({code})"), code)


def deadline() -> Stop:
    """The stop of a call that ran out of time."""
    return Stop("deadline", DEADLINE_WORDS)


def panic(words: str) -> Stop:
    """The stop of a panic in the gateway's own code."""
    return Stop("panic", words)


def wrong_arity(wanted: int, given: int) -> Stop:
    """The stop of a call with another number of parameters than the function has."""
    return Stop("arity", f"expected {wanted} params, but passed {given}")


class Unwind(Exception):  # noqa: N818 -- not an error: the guest's call ends here
    """A host function ends the guest's call."""

    def __init__(self, ending: Stop) -> None:
        super().__init__(ending.words)
        self.ending = ending

"""A trap and its trace. Apart from the rest of an answer, since most runs have none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """One function of a stack trace."""

    index: int
    symbol: str  # the compiler's name, "" where the module has none
    place: str = ""  # "function.go:12:3" where the module's line tables tell, else ""


@dataclass(frozen=True, slots=True)
class Trap:
    """Guest code that trapped: why, where (innermost first), and the last thing that the function asked of its host."""

    cause: str  # "unreachable", "out of bounds memory access"
    frames: tuple[Frame, ...] = ()
    last_call: str = ""

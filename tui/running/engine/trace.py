"""A trap in the words of the gateway's engine, with its stack trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from wasmtime import TrapCode

from tui.wasm.module import FuncType

if TYPE_CHECKING:
    from tui.running.plan.signatures import Signatures
    from tui.wasm.module import Import

Frames = Sequence[tuple[int, int]]  # function index and offset in the file
MOST_FRAMES: Final = 30
OVERFLOW: Final = "stack overflow"
CAUSES: Final = {
    TrapCode.UNREACHABLE: "unreachable",
    TrapCode.MEMORY_OUT_OF_BOUNDS: "out of bounds memory access",
    TrapCode.TABLE_OUT_OF_BOUNDS: "invalid table access",
    TrapCode.INDIRECT_CALL_TO_NULL: "invalid table access",
    TrapCode.NULL_REFERENCE: "invalid table access",
    TrapCode.BAD_SIGNATURE: "indirect call type mismatch",
    TrapCode.INTEGER_OVERFLOW: "integer overflow",
    TrapCode.INTEGER_DIVISION_BY_ZERO: "integer divide by zero",
    TrapCode.BAD_CONVERSION_TO_INTEGER: "invalid conversion to integer",
    TrapCode.STACK_OVERFLOW: OVERFLOW,
}


def trap_words(cause: str, frames: Frames, signatures: Signatures) -> str:
    """The engine's words for a trap in guest code; a stack overflow comes without a trace."""
    if cause == OVERFLOW:
        return OVERFLOW
    return f"wasm error: {cause}\nwasm stack trace:\n\t{_lines(_listed(frames, signatures, ()))}"


def recovered_words(panic: str, asked: Import | None, frames: Frames, signatures: Signatures) -> str:
    """The engine's words for a panic in a host function, which it turns into a trap of the guest.

    A trace of the gateway's own goroutine follows there; it ends here with the newline before that.
    """
    lines = _lines(_listed(frames, signatures, _host_frame(asked)))
    return f"{panic} (recovered by wazero)\nwasm stack trace:\n\t{lines}\n"


def _host_frame(asked: Import | None) -> tuple[str, ...]:
    """The line of the host function that panicked."""
    from tui.running.plan.signatures import signature

    if asked is None:
        return ("",)
    type_ = asked.type if isinstance(asked.type, FuncType) else FuncType()
    return (f"{asked.module}.{asked.name}{signature(type_)}",)


def _listed(frames: Frames, signatures: Signatures, first: tuple[str, ...]) -> list[str]:
    lines = [*first, *(signatures.frame(index) for index, _ in frames[: MOST_FRAMES - len(first)])]
    if len(first) + len(frames) >= MOST_FRAMES:
        lines.append("... maybe followed by omitted frames")
    return lines


def _lines(lines: list[str]) -> str:
    return "\n\t".join(lines)

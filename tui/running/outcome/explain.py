"""Why a run failed, for a person: what the engine says, what the function itself said, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.running.answer import MEBIBYTE, Answer, Call, Target
from tui.running.stop import NIL, NO_RESULT
from tui.running.trap import Trap

SHOWN_FRAMES: Final = 12
LONGEST_PANIC: Final = 400  # characters
# TinyGo prints a panic on stdout and traps; stock Go prints it on stderr and exits with 2.
_PANIC: Final = re.compile(rb"^(?:panic: |fatal error: )[^\n]*", re.MULTILINE)
_OUT_OF_MEMORY: Final = re.compile(rb"out of memory|cannot allocate memory", re.IGNORECASE)


def explained(target: Target, call: Call, answer: Answer, *, frames: bool = True) -> Iterator[str]:
    """The lines that explain a failure; without `frames` those of the stack are left to who shows them otherwise."""
    said = panic_of(answer)
    yield f"It failed: {reason(target, call, answer, said)}"
    if said:
        yield f"  the function said: {said}"
    if answer.trap is not None and frames:
        yield from _trace(answer.trap)
    if "no allocator" in answer.hints:
        yield "  the host had bytes for it, and it exports neither orama_alloc nor malloc: it got nothing"
    if "output full" in answer.hints:
        yield "  it wrote more than 64 MiB: the rest was not taken, its writes failed"
    if answer.error is not None:
        yield f"  the gateway's words: {answer.error.partition(chr(10))[0]}"


def panic_of(answer: Answer) -> str:
    """The last panic that the function printed, "" where it printed none."""
    found = _PANIC.findall(answer.stdout) or _PANIC.findall(answer.stderr)
    return found[-1].decode("utf-8", "replace")[:LONGEST_PANIC] if found else ""


def reason(target: Target, call: Call, answer: Answer, said: str) -> str:
    """What happened, in one sentence."""
    if answer.timed_out:
        seconds = min(target.timeout or 30, call.ceiling)
        return f"it ran for {seconds:g} s, which is all that it may (timeout): the caller gets 429"
    if answer.panicked:
        return _panicked(answer)
    if is_out_of_memory(target, answer, said):
        return f"it ran out of memory ({_limit(target, answer)} MB): memory in function.yaml is the bound"
    if answer.exit_code:
        return f"it left with exit code {answer.exit_code}: what it printed is dropped"
    if answer.trap is not None:
        return f"it trapped ({answer.trap.cause})"
    return _by_stage(answer)


def is_out_of_memory(target: Target, answer: Answer, said: str) -> bool:
    """Whether the function ended for want of memory: it says so, or trapped with all that it may have."""
    if _OUT_OF_MEMORY.search(said.encode()) or _OUT_OF_MEMORY.search(answer.stderr):
        return True
    full = answer.figures.memory_peak >= _limit(target, answer) * MEBIBYTE
    return full and answer.trap is not None and answer.trap.cause == "unreachable"


def _limit(target: Target, answer: Answer) -> int:
    return target.memory if answer.driven_as == "command" else 256


def _panicked(answer: Answer) -> str:
    known = {
        NIL: "it has no memory, and the gateway panics where it would write to it",
        NO_RESULT: "its allocator gives no pointer back, and the gateway panics on that",
    }
    default = "the gateway itself panics on this module: the caller gets 500"
    return known.get(answer.error or "", default)


def _by_stage(answer: Answer) -> str:
    return {
        "compile": "the gateway's engine does not compile it: its caller sees `WASM compilation failed`",
        "memory_limit": "it needs more memory at start than function.yaml gives it",
        "instantiate": "the module could not be instantiated",
        "init": "its initialisation failed",
        "exports": "an export that the gateway calls is missing",
        "ws_open": "it did not let the client in",
        "handle": "handle gave no answer",
        "done": "a frame failed",
    }.get(answer.stage, "it did not come to an answer")


def _trace(trap: Trap) -> Iterator[str]:
    """The functions that were running, innermost first."""
    if trap.last_call:
        yield f"  the last call of the host was {trap.last_call}"
    for one in trap.frames[:SHOWN_FRAMES]:
        yield f"    in {one.symbol or f'function {one.index}'}" + (f" ({one.place})" if one.place else "")
    if len(trap.frames) > SHOWN_FRAMES:
        yield f"    ... and {len(trap.frames) - SHOWN_FRAMES} more"

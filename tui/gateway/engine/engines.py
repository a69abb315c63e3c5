"""The engines that a contract can name: what each takes, and the rules of those whose rules are known here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from tui.facts import Fact
from tui.gateway.engine.answer import Answer, Request

if TYPE_CHECKING:
    from tui.wasm.decode.budget import Tick

_BOTH: Final = frozenset(
    {
        "bulk-memory",
        "bulk-memory-opt",
        "call-indirect-overlong",
        "multivalue",
        "mutable-globals",
        "nontrapping-fptoint",
        "reference-types",
        "sign-ext",
        "simd128",
    }
)


class Engine(Fact):
    """One WebAssembly engine. `judge` is None where only the features are known."""

    name: str
    version: str  # that the table is about
    features: frozenset[str]  # by the names of the target_features convention
    judge: Callable[[bytes, Request, Tick], Answer] | None = None
    slots: bool = False  # calls pass raw 64-bit slots: of a type only the number of parameters is checked
    wrong_count: str = ""  # its words where that number differs; {expected} and {passed} stand for both
    no_result: str = ""  # where a result is used that the function does not give
    imported: str = ""  # where what is called is an import of the module
    no_memory: str = ""  # where a host function is called in a module without a memory
    start_traps: str = ""  # where the start section's function traps; an exit is told as it is


def _wazero(source: bytes, request: Request, tick: Tick) -> Answer:
    from tui.gateway.engine.wazero.judge import judge  # its tables take a millisecond to make

    return judge(source, request, tick)


UNKNOWN: Final = Engine("", "", frozenset())
ENGINES: Final = {
    engine.name: engine
    for engine in (
        Engine(
            "wazero",
            "1.11",
            _BOTH,
            _wazero,
            slots=True,
            wrong_count="expected {expected} params, but passed {passed}",
            no_result="runtime error: index out of range [0] with length 0",
            imported="runtime error: index out of range [16] with length 0",
            no_memory="runtime error: invalid memory address or nil pointer dereference (recovered by wazero)",
            start_traps="start function[{index}]{exports} failed: {why}",
        ),
        Engine("wasmtime", "", _BOTH | {"extended-const", "multimemory", "relaxed-simd", "tail-call"}),
    )
}

"""The engines that a contract can name: what each takes, and the rules of those whose rules are known here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tui.gateway.engine.answer import Answer, Request

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


@dataclass(frozen=True, slots=True)
class Engine:
    """One WebAssembly engine. `judge` is None where only the features are known."""

    name: str
    version: str  # that the table is about
    features: frozenset[str]  # by the names of the target_features convention
    judge: Callable[[bytes, Request], Answer] | None = None


def _wazero(source: bytes, request: Request) -> Answer:
    from tui.gateway.engine.wazero.judge import judge  # its tables take a millisecond to make

    return judge(source, request)


ENGINES: Final = {
    engine.name: engine
    for engine in (
        Engine("wazero", "1.11", _BOTH, _wazero),
        Engine("wasmtime", "", _BOTH | {"extended-const", "multimemory", "relaxed-simd", "tail-call"}),
    )
}

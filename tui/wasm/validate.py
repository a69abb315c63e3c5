"""Full validation by wasmtime, where the extra `validate` is installed. Nothing else imports wasmtime.

Always with its default Config: odd ones abort the process. It costs seconds for large modules, and a fault in native
code would end the process: an event loop uses `tui.wasm.background.validate_in_background`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, Literal

from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.decode import COMPONENT_HEADER, CORE_HEADER, decode
from tui.wasm.decode.leb import MAGIC
from tui.wasm.sizes.go_paths import paths_of
from tui.wasm.sizes.packages import place
from tui.wasm.validator import is_available

Outcome = Literal["valid", "invalid", "legacy exceptions", "component", "not wasm", "crashed", "not installed"]

EXTRA: Final = "pip install 'fn-tui[validate]' adds full validation (wasmtime)"
CORE: Final = MAGIC + CORE_HEADER
COMPONENT: Final = MAGIC + COMPONENT_HEADER
_OFFSET: Final = re.compile(r"\(at offset (0x[0-9a-f]+|\d+)\)")
LEGACY_WORDS: Final = (
    "it uses the exception instructions of before WebAssembly 3.0 (try, catch, rethrow): browsers still take them, "
    "wasmtime and wazero do not"
)
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "valid",
    "invalid",
    "legacy exceptions",
    "component",
    "not wasm",
    "crashed",
    "not installed",
)
COMPONENT_WORDS: Final = "it is a component, not a core module: a core host cannot run it"


@dataclass(frozen=True, slots=True)
class Validation:
    """The verdict of full validation. `offset` is where in the file, `function` the index of the one it lies in."""

    outcome: Outcome
    message: str = ""
    offset: int | None = None
    function: int | None = None
    symbol: str | None = None
    package: str | None = None

    @property
    def ok(self) -> bool:
        """Whether an engine would take the module."""
        return self.outcome == "valid"

    @property
    def refused(self) -> bool:
        """Whether the validator said no; a missing or crashed validator said nothing."""
        return self.outcome not in ("valid", "not installed", "crashed")


def _place_error(source: bytes, message: str, outcome: Outcome, text: str) -> Validation:
    """The verdict with its offset resolved to a function and its package."""
    told = _OFFSET.search(text)
    if told is None:
        return Validation(outcome, message)
    offset = int(told[1], 0)
    module = decode(source)
    bodies = module.body_offsets
    if not len(bodies) or not bodies[0] <= offset < bodies[-1]:
        return Validation(outcome, message, offset)
    index = module.functions.imported + bisect_right(bodies, offset) - 1
    names = read_names(source, module)
    placed = place(names.symbols.get(index), module.toolchain, paths_of(source, module))
    return Validation(outcome, message, offset, index, names[index], placed.package)


def _message(text: str) -> str:
    """The last cause of a wasmtime error, without its offset and frame lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line.partition(": ")[2] if line[0].isdigit() else line for line in lines]
    return _OFFSET.sub("", causes[-1] if causes else text).strip()


def validate(source: bytes) -> Validation | None:
    """What wasmtime says of the module, or None where the extra is not installed."""
    if not is_available():
        return None
    if source.startswith(COMPONENT):
        return Validation("component", COMPONENT_WORDS)
    if not source.startswith(CORE):
        note = decode(source).errors[0]
        return Validation("not wasm", note.message, note.offset)
    import wasmtime

    try:
        wasmtime.Module.validate(wasmtime.Engine(), source)
    except wasmtime.WasmtimeError as error:
        text = str(error)
        if "legacy_exceptions" in text:
            return _place_error(source, LEGACY_WORDS, "legacy exceptions", text)
        return _place_error(source, _message(text), "invalid", text)
    return Validation("valid")

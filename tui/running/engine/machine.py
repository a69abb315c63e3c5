"""The engine of this process: compiles modules, keeps what it compiled, and ends what runs too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

import wasmtime

from tui.running.answer import Phase
from tui.running.engine.cache import CodeCache
from tui.running.engine.clock import Clock
from tui.running.engine.native import VERSION, allow_stack
from tui.running.plan.outline import packed, unpacked
from tui.running.plan.prepare import PREPARING, Prepared

# The gateway's engine doubles a stack until it is past 50 MB, which ends at 84 MB.
WASM_STACK: Final = 84 << 20  # bytes
NATIVE_STACK: Final = 128 << 20  # bytes of the thread that runs guests: the host's own calls come on top
KEPT: Final = 16  # modules in memory
_TAG: Final = f"wasmtime-{VERSION}-{PREPARING}"
# What the gateway's engine lacks, as far as wasmtime can be told to do without it.
_OFF: Final = (
    "wasm_threads",
    "wasm_tail_call",
    "wasm_exceptions",
    "wasm_gc",
    "wasm_function_references",
    "wasm_memory64",
    "wasm_multi_memory",
    "wasm_relaxed_simd",
    "wasm_wide_arithmetic",
    "wasm_custom_page_sizes",
    "wasm_stack_switching",
)


def _nobody(_phase: Phase) -> None:
    """Nobody waits to hear it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A module as machine code."""

    prepared: Prepared
    module: wasmtime.Module
    ms: float
    cached: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A module that does not compile, in wasmtime's words."""

    words: str


class Machine:
    """One engine, its clock and its cache. A process needs one; stores are cheap."""

    def __init__(
        self, cache: CodeCache | None = None, *, parallel: bool = True, tell: Callable[[Phase], None] = _nobody
    ) -> None:
        """`parallel`: compile on all cores, by threads that stay. `tell` hears what a call waits for."""
        self.tell = tell
        self.engine = wasmtime.Engine(_config(parallel=parallel))
        self.clock = Clock(self.engine.increment_epoch)
        self._cache = cache
        self._kept: dict[bytes, Compiled] = {}

    def kept(self, source: bytes) -> Compiled | None:
        """A module that was compiled here before. Its bytes are compared: a hash takes ten times as long, each call."""
        return next((one for one in self._kept.values() if one.prepared.source == source), None)

    def outlined(self, source: bytes, key: bytes) -> Prepared | None:
        """The module by the outline in the cache, which saves decoding it."""
        text = self._cache.outline(_TAG, key) if self._cache is not None else None
        outline = unpacked(text) if text is not None else None
        return Prepared(source, outline) if outline is not None else None

    def from_cache(self, prepared: Prepared, key: bytes) -> Compiled | None:
        """The module as machine code out of the cache. `key` is the hash of its file."""
        started = perf_counter()
        path = self._cache.find(_TAG, key) if self._cache is not None else None
        if path is None:
            return None
        try:
            found = wasmtime.Module.deserialize_file(self.engine, path)
        except wasmtime.WasmtimeError:
            return None  # of an engine built or set up otherwise: compile anew
        return self._keep(key, Compiled(prepared, found, (perf_counter() - started) * 1000, cached=True))

    def compile(self, prepared: Prepared, key: bytes) -> Compiled | Refused:
        """The module compiled now."""
        started = perf_counter()
        try:
            found = wasmtime.Module(self.engine, prepared.runnable)
        except wasmtime.WasmtimeError as error:
            return Refused(str(error))
        self._to_cache(key, found, prepared)
        return self._keep(key, Compiled(prepared, found, (perf_counter() - started) * 1000, cached=False))

    def _to_cache(self, key: bytes, module: wasmtime.Module, prepared: Prepared) -> None:
        if self._cache is not None:
            self._cache.store(_TAG, key, module.serialize())
            self._cache.store_outline(_TAG, key, packed(prepared.outline))

    def _keep(self, key: bytes, compiled: Compiled) -> Compiled:
        """Remember the last few modules: code stays mapped as long as it is kept."""
        self._kept[key] = replace(compiled, ms=0.0, cached=True)
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return compiled


def _config(*, parallel: bool) -> wasmtime.Config:
    config = wasmtime.Config()
    config.parallel_compilation = parallel
    for name in _OFF:
        setattr(config, name, False)
    config.epoch_interruption = True
    allow_stack(config, WASM_STACK)
    return config

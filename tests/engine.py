"""wasmtime as tests ask it themselves: what it compiles of a module is kept, by content, for all workers and runs.

A module of stock Go takes it a second or two each time, and a dozen tests want the same few.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version

import wasmtime

from tests.gobuild import held

ENGINE = wasmtime.Engine()


@cache
def compiled(source: bytes) -> wasmtime.Module:
    """The module, for stores of ENGINE."""
    key = hashlib.sha256(version("wasmtime").encode() + source).hexdigest()[:20]
    with held(f"{key}.code") as kept:
        if kept.exists():
            try:
                return wasmtime.Module.deserialize(ENGINE, kept.read_bytes())
            except wasmtime.WasmtimeError:  # of another machine
                kept.unlink()
        module = wasmtime.Module(ENGINE, source)
        part = kept.with_suffix(".part")
        part.write_bytes(module.serialize())
        part.replace(kept)
    return module

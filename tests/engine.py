"""wasmtime as tests ask it themselves, set up as fn-tui's own: what it compiles of a module is kept, by content, for
all workers and runs, and for what runs the same module through fn-tui.

A module of stock Go takes it two seconds each time, and a dozen tests want the same few.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

import wasmtime

from tests.gobuild import CACHES, held
from tui.running.engine.cache import CodeCache, code_key
from tui.running.engine.machine import Compiled, Machine
from tui.running.plan.prepare import prepare
from tui.wasm.decode.decode import decode

CODE: Final = CACHES / "fn-tui" / "compiled"
_MACHINE: Final = Machine(CodeCache(CODE))


def new_store() -> wasmtime.Store:
    """A store without a limit of time."""
    store = wasmtime.Store(_MACHINE.engine)
    store.set_epoch_deadline(1)
    return store


def new_linker() -> wasmtime.Linker:
    """A linker with WASI."""
    linker = wasmtime.Linker(_MACHINE.engine)
    linker.define_wasi()
    return linker


@cache
def compiled(source: bytes) -> wasmtime.Module:
    """The module, for these stores: of its own bytes, whatever fn-tui would make of them."""
    key, prepared = code_key(source), prepare(source, decode(source))
    assert prepared.runnable == source
    with held(f"{hashlib.sha256(source).hexdigest()[:20]}.code"):
        made = _MACHINE.from_cache(prepared, key) or _MACHINE.compile(prepared, key)
    assert isinstance(made, Compiled), made.words
    return made.module

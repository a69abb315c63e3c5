"""Modules of a hundred bytes, for tests to whom it is the same what lies there: a real one takes half a second to read,
judge and validate, each time, where these take none."""

from __future__ import annotations

from functools import cache

import wasmtime

COMMAND = '(module (memory (export "memory") 1) (func (export "_start")))'
# As TinyGo builds a persistent function in the wrong mode: each of its exports traps.
PERSISTENT_COMMAND = """(module
  (memory (export "memory") 1)
  (func (export "_start"))
  (func (export "orama_alloc") (param i32) (result i32) unreachable)
  (func (export "ws_open") (param i32 i32) (result i32) unreachable)
  (func (export "ws_frame") (param i32 i32) (result i32) unreachable)
  (func (export "ws_close") (param i32 i32) unreachable))"""


@cache
def assembled(text: str) -> bytes:
    """A module of that text."""
    return bytes(wasmtime.wat2wasm(text))

"""Small functions that no compiler is needed for, laid out in a workspace."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.running.conftest import wat

MEMORY = '(memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) i32.const 4096)'
LOG = '(import "env" "log_info" (func $log (param i32 i32)))'
# Sends back what it gets.
ECHO = """(module (import "wasi_snapshot_preview1" "fd_read" (func $r (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "_start")
        (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 1024))
        (drop (call $r (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
        (i32.store (i32.const 4) (i32.load (i32.const 8)))
        (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 12)))))"""
# Logs, counts, logs again, and traps.
TRAPS = f"""(module {LOG} (import "env" "cache_incr" (func $incr (param i32 i32) (result i64))) {MEMORY}
    (data (i32.const 0) "visits") (data (i32.const 16) "before it")
    (func $deep unreachable)
    (func (export "_start")
        (call $log (i32.const 16) (i32.const 9))
        (drop (call $incr (i32.const 0) (i32.const 6)))
        (call $log (i32.const 0) (i32.const 6))
        (call $deep)))"""
LOOPS = '(module (memory (export "memory") 1) (func (export "_start") (loop br 0)))'


@cache
def module(text: str) -> bytes:
    """A module of its text, assembled once."""
    return wat(text)


def lay(workspace: Path, name: str, text: str, yaml: str = "") -> Path:
    """A function without a source: its module is what it is."""
    folder = workspace / name
    folder.mkdir(parents=True)
    (folder / "function.yaml").write_text(f"name: {name}\n{yaml}")
    (folder / "function.wasm").write_bytes(module(text))
    return folder


# Sends back each frame; a frame that begins with `f` a thousand times; one that begins with `s` ends the frames.
SOCKET = """(module (import "env" "ws_send" (func $send (param i32 i32 i32 i32) (result i32)))
    (import "env" "log_info" (func $log (param i32 i32)))
    (memory (export "memory") 1) (func (export "ws_close") (param i32 i32))
    (func (export "orama_alloc") (param i32) (result i32) i32.const 1024)
    (func (export "ws_open") (param i32 i32) (result i32) i32.const 0)
    (func (export "ws_frame") (param $at i32) (param $size i32) (result i32) (local $left i32)
        (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 120)) (then unreachable))
        (local.set $left (select (i32.const 1000) (i32.const 1)
            (i32.eq (i32.load8_u (local.get $at)) (i32.const 102))))
        (if (i32.eq (local.get $left) (i32.const 1)) (then (call $log (local.get $at) (local.get $size))))
        (loop $again
            (drop (call $send (i32.const 0) (i32.const 0) (local.get $at) (local.get $size)))
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $again (local.get $left)))
        (i32.eq (i32.load8_u (local.get $at)) (i32.const 115))))"""

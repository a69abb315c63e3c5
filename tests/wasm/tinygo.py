"""A module with the symbols and the shape that TinyGo gives its own, assembled for tests."""

from __future__ import annotations

from tests.wasm.binary import custom, producers
from tests.wasm.features import assemble

# symbol -> what it calls. `pad` bytes of nop make the sizes differ.
TEXT = """(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (table 2 funcref)
  (elem (i32.const 1) func $"main.handler")
  (func $"_start" (export "_start") (call $"main.main"))
  (func $"main.main" (call $"encoding/json.Marshal") (call $"runtime.alloc") (call $"main.main$1")
    (call $"interface:{Read:func:{slice:basic:uint8}{basic:int}}.Read$invoke"))
  (func $"main.main$1" nop nop)
  (func $"main.handler" (call $"(*encoding/json.encodeState).marshal"))
  (func $"encoding/json.Marshal" (call $"(*encoding/json.encodeState).marshal") (call $"memcpy"))
  (func $"(*encoding/json.encodeState).marshal" nop nop nop nop nop (call $"runtime.alloc"))
  (func $"slices.SortFunc[[]go/ast.Node go/ast.Node]" (call $"byn$mgfn-shared$strconv.syntaxError"))
  (func $"byn$mgfn-shared$strconv.syntaxError" nop)
  (func $"interface:{Read:func:{slice:basic:uint8}{basic:int}}.Read$invoke"
    (call $"(*example.com/chat/shared.reader).Read"))
  (func $"interface:{Error:func:{}{basic:string}}.$typeassert")
  (func $"(*example.com/chat/shared.reader).Read" (drop (call $fd_write (i32.const 0) (i32.const 0) (i32.const 0)
    (i32.const 0))))
  (func $"runtime.alloc" (call $"dlmalloc"))
  (func $"dlmalloc" nop nop nop)
  (func $"memcpy" nop)
  (func $"malloc.command_export" (export "malloc") (param i32) (result i32) (local.get 0))
  (func $"main.ws_frame#wasmexport" (export "ws_frame") (call $"slices.SortFunc[[]go/ast.Node go/ast.Node]"))
  (func (export "asyncify_start_unwind") (param i32))
  (func))"""


def tinygo_module(version: str = "0.35.0", dwarf: int = 0) -> bytes:
    """The module, with `dwarf` bytes of debug sections."""
    debug = custom(".debug_info", b"d" * dwarf) if dwarf else b""
    tools = producers(language=(("C11", ""), ("C99", "")), processed_by=(("TinyGo", version),))
    return assemble(TEXT) + debug + tools

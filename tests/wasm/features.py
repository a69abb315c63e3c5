"""One small module in text form for each feature of WebAssembly 3.0 that leaves a trace outside function bodies."""

from __future__ import annotations

import wasmtime


def assemble(text: str) -> bytes:
    """The module that a text form stands for."""
    return bytes(wasmtime.wat2wasm(text))


def accepts(source: bytes) -> bool:
    """Whether wasmtime, as it comes, takes these bytes."""
    try:
        wasmtime.Module.validate(wasmtime.Engine(), source)
    except wasmtime.WasmtimeError:
        return False
    return True


FEATURES: dict[str, str] = {
    "empty": "(module)",
    "function": '(module (func (export "f") (param i32 i64 f32 f64) (result i32) local.get 0))',
    "multi-value": '(module (func (export "f") (result i32 i64 f32) i32.const 1 i64.const 2 f32.const 3))',
    "imports": """(module (import "a" "f" (func (param i32))) (import "a" "t" (table 1 2 funcref))
        (import "a" "m" (memory 1 2)) (import "a" "g" (global i32)) (import "a" "h" (global (mut f64)))
        (import "" "" (func)) (import "a" "f" (func (param i32))))""",
    "every export kind": """(module (func)
        (table 3 externref) (memory 1) (global (mut i64) i64.const -1) (tag (param i32))
        (export "f" (func 0)) (export "t" (table 0)) (export "m" (memory 0)) (export "g" (global 0))
        (export "e" (tag 0)) (export "" (func 0)) (export "\\u{202e}\\1b[2J" (func 0)))""",
    "start": "(module (func $s) (start $s))",
    "memory64": '(module (memory i64 1 100000) (data (i64.const 65000) "x"))',
    "table64": "(module (table i64 1 2 funcref) (func $f) (elem (i64.const 0) $f))",
    "shared memory": "(module (memory 1 4 shared))",
    "multi-memory": '(module (memory 1) (memory 2 3) (data (memory 1) (i32.const 7) "abc"))',
    "negative address": '(module (memory 65536) (data (i32.const -16) "abc"))',
    "passive data": '(module (memory 1) (data "abc") (func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 3))))',
    "extended constants": """(module (global $b (import "a" "b") i32) (memory 1)
        (data (i32.add (global.get $b) (i32.mul (i32.const 3) (i32.const 11))) "x")
        (global i64 (i64.sub (i64.const 1) (i64.const 2))))""",
    "end byte inside a constant": """(module (global i32 i32.const 11) (global f64 f64.const 0x1.0b0b0b0b0b0bp+0)
        (global v128 v128.const i32x4 0x0b0b0b0b 11 11 11))""",
    "tags": '(module (type $t (func (param i32))) (import "a" "e" (tag (type $t))) (tag (param i64)) (tag))',
    "exceptions": """(module (tag $e (param i32)) (func (result i32)
        (block $h (result i32) (try_table (catch $e $h) (throw $e (i32.const 1))) (i32.const 0))))""",
    "exnref table": "(module (table 1 exnref) (table 0 nullexnref))",
    "tail calls": "(module (func $f (return_call $f)) (func (return_call_indirect (i32.const 0))) (table 1 funcref))",
    "simd": "(module (memory 1) (func (result v128) (v128.load (i32.const 0))) (global v128 v128.const i64x2 1 2))",
    "structs": """(module (rec (type $a (struct (field (mut i32)) (field i8) (field (mut i16)) (field (ref null $b))))
        (type $b (array (mut (ref null $a))))) (type $c (sub (struct (field f64))))
        (type $d (sub final $c (struct (field f64) (field v128))))
        (func (param (ref $d)) (result (ref null $c)) local.get 0))""",
    "gc constants": """(module (type $s (struct (field i32))) (type $a (array i32)) (type $m (array (mut i8)))
        (global (ref $s) (struct.new $s (i32.const 1))) (global (ref $s) (struct.new_default $s))
        (global (ref $a) (array.new $a (i32.const 1) (i32.const 2)))
        (global (ref $a) (array.new_default $a (i32.const 2)))
        (global (ref $a) (array.new_fixed $a 2 (i32.const 1) (i32.const 2))) (global (ref i31) (ref.i31 (i32.const 3)))
        (global externref (extern.convert_any (ref.i31 (i32.const 3))))
        (global anyref (any.convert_extern (ref.null extern))))""",
    "abstract references": """(module (func (param anyref eqref i31ref structref
        arrayref nullref nullexternref nullfuncref (ref any) (ref eq) (ref null func) (ref extern)
        (ref none) (ref null noexn) exnref)))""",
    "typed function references": """(module (type $t (func (param i32))) (func $f (type $t)) (elem declare func $f)
        (table 2 (ref null $t)) (func (call_ref $t (i32.const 1) (ref.func $f))))""",
    "table initialiser": """(module (type $t (func)) (func $f (type $t)) (table 3 (ref $t) (ref.func $f))
        (elem declare func $f))""",
    "elements": """(module (table $t 10 funcref) (table $u 10 funcref) (func $f) (func $g)
        (elem (i32.const 0) $f $g) (elem (table $u) (i32.const 1) func $f) (elem func $f) (elem declare func $g)
        (elem (i32.const 2) funcref (ref.func $f) (ref.null func)) (elem (table $u) (i32.const 3) funcref (ref.func $g))
        (elem funcref (ref.null func)) (elem declare funcref (ref.func $f)) (elem externref (ref.null extern)))""",
    "locals": "(module (func (local i32 i32 i64 f32 v128 funcref externref) (local (ref null func))))",
    "many locals": "(module (func (local " + "i32 " * 300 + ")))",
    "names": """(module $m (type $t (func)) (func $f (param $p i32) (local $l i64) (block $b))
        (memory $mem 1) (global $g i32 i32.const 0))""",
}

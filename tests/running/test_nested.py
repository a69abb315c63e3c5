"""A guest inside a host call of another guest, as function_invoke runs one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

from tests.running.conftest import wat
from tui.running.answer import Call, Target
from tui.running.host.seam import Host, HostFunction, Invocation
from tui.running.lives.bench import Bench
from tui.running.run import run

LOOP = Target("inner", wat('(module (func (export "_start") (loop br 0)))'), timeout=1)
OUTER = wat("""(module (import "env" "function_invoke" (func $invoke (param i32 i32 i32 i32) (result i64)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\02\\00\\00\\00") (data (i32.const 16) "ok")
    (func (export "_start") (local i32)
        (drop (call $invoke (i32.const 16) (i32.const 2) (i32.const 16) (i32.const 2)))
        (loop (local.set 0 (i32.add (local.get 0) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 1000))))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))""")


class Inner:
    """Answers function_invoke by a run of another function."""

    def __init__(self) -> None:
        self.bench: Bench | None = None
        self.errors: list[str | None] = []

    def calls(self) -> Mapping[str, HostFunction]:
        return {"function_invoke": self.invoke}

    def invoke(self, _invocation: Invocation, _name: bytes, payload: bytes) -> bytes:
        assert self.bench is not None
        self.errors.append(run(self.bench, LOOP, Call(payload)).error)
        return b""


def nested(bench: Bench, timeout: float) -> tuple[Inner, str | None, bytes, float]:
    inner = Inner()
    inner.bench = replace(bench, host=Host(inner))
    started = monotonic()
    answer = run(inner.bench, Target("outer", OUTER, timeout=timeout), Call())
    return inner, answer.error, answer.output, monotonic() - started


def test_the_end_of_the_inner_is_not_the_outers(bench: Bench) -> None:
    inner, error, output, _ = nested(bench, 30)
    assert (error, output) == (None, b"ok")
    assert inner.errors == ["failed to instantiate module: module closed with context deadline exceeded"]


def test_the_inner_has_no_more_time_than_the_outer(bench: Bench) -> None:
    _, error, _, seconds = nested(bench, 0.3)
    assert error is not None
    assert error.endswith("context deadline exceeded")
    assert 0.3 <= seconds < 0.9

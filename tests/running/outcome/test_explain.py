from __future__ import annotations

import pytest

from tests.gobuild import build_go
from tests.running.conftest import wat
from tui.running.answer import MEBIBYTE, Call, Target
from tui.running.lives.bench import Bench
from tui.running.outcome.explain import explained, panic_of
from tui.running.run import run

MEMORY = '(memory (export "memory") 1)'
WRITE = '(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))'
# As TinyGo ends: its words on stdout, then a trap.
PANICS = rf"""(module {WRITE} (import "env" "get_caller_wallet" (func $wallet (result i64))) {MEMORY}
    (data (i32.const 0) "\10\00\00\00\1f\00\00\00") (data (i32.const 16) "panic: runtime error: nil map x\0a")
    (func $main.divide (drop (call $wallet)) unreachable)
    (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
        (call $main.divide)))"""


def story(bench: Bench, target: Target, **call: object) -> str:
    made = Call(request_id="r1", **call)  # type: ignore[arg-type]
    return "\n".join(explained(target, made, run(bench, target, made)))


def test_a_panic_is_told_with_its_functions_and_the_last_host_call(bench: Bench) -> None:
    said = story(bench, Target("f", wat(PANICS)))
    assert "It failed: it trapped (unreachable)" in said
    assert "the function said: panic: runtime error: nil map" in said
    assert "the last call of the host was get_caller_wallet" in said
    assert said.index("in main.divide") < said.index("in function 3")


def test_stock_go_says_it_on_stderr(bench: Bench) -> None:
    source = 'package main\n\nfunc main() { var m map[string]int; m["a"] = 1 }\n'
    target = Target("f", build_go(source, "command"))
    answer = run(bench, target, Call())
    assert (answer.exit_code, panic_of(answer)) == (2, "panic: assignment to entry in nil map")
    assert "exit code 2" in "\n".join(explained(target, Call(), answer))


GROWS = f"""(module {MEMORY} (func (export "_start")
    (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable))"""
BYTES = """(module (import "env" "get_caller_wallet" (func $wallet (result i64))) (memory (export "memory") 1)
    (func (export "_start") (if (i64.eqz (call $wallet)) (then unreachable))))"""


@pytest.mark.parametrize(
    ("text", "target", "words"),
    [
        (GROWS, {"memory": 4}, "it ran out of memory (4 MB)"),
        ('(module (func (export "_start") (loop br 0)))', {"timeout": 1}, "it ran for 1 s"),
        (BYTES, {}, "exports neither orama_alloc nor malloc"),
        ('(module (memory (export "memory") 100))', {"memory": 1}, "more memory at start"),
        ('(module (import "env" "f" (func)))', {}, '"f" is not exported in module "env"'),
        ('(module (func (export "ws_open")))', {"persistent": True}, "an export that the gateway calls is missing"),
    ],
)
def test_causes_are_told_apart(text: str, target: dict[str, int], words: str, bench: Bench) -> None:
    from tui.running.answer import Caller

    assert words in story(bench, Target("f", wat(text), **target), caller=Caller("0xabc"))  # type: ignore[arg-type]


def test_memory_is_bounded_as_on_the_gateway(bench: Bench) -> None:
    answer = run(bench, Target("f", wat(GROWS), memory=4), Call())
    assert answer.figures.memory_peak == 4 * MEBIBYTE

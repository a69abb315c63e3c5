"""What the visible cases of the gateway leave open of the three lives; each was seen with the gateway's own engine."""

from __future__ import annotations

import pytest

from tests.running.conftest import wat
from tui.running.answer import Answer, Call, Caller, Target
from tui.running.lives.bench import Bench
from tui.running.run import run

LOG = '(import "env" "log_info" (func $log (param i32 i32)))'
MEMORY = '(memory (export "memory") 1) (data (i32.const 32) "freed")'
MALLOC = '(func (export "malloc") (param i32) (result i32) i32.const 1024)'
FREE = '(func (export "free") (param i32) (call $log (i32.const 32) (i32.const 5)))'


def reactor(bench: Bench, handle: str, data: bytes, *more: str) -> Answer:
    text = f"""(module {LOG} {MEMORY} {" ".join(more)} (func (export "_initialize"))
        (func (export "handle") (param i32 i32) (result i64) {handle}))"""
    return run(bench, Target("f", wat(text)), Call(data))


@pytest.mark.parametrize("handle", ["i64.const 0", "i64.const -1", "unreachable", "i64.const 0x5_0000_0020"])
def test_what_malloc_gave_is_freed_however_handle_ends(handle: str, bench: Bench) -> None:
    answer = reactor(bench, handle, b"{}", MALLOC, FREE)
    assert [line.line for line in answer.logs] == ["freed"]


@pytest.mark.parametrize(("data", "more"), [(b"", (MALLOC, FREE)), (b"{}", (FREE,))])
def test_nothing_is_freed_where_nothing_was_handed_in(data: bytes, more: tuple[str, ...], bench: Bench) -> None:
    answer = reactor(bench, "i64.const 0", data, *more)
    assert (answer.ok, answer.logs) == (True, ())


def test_a_free_that_is_the_hosts_own_ends_the_call_before_handle(bench: Bench) -> None:
    answer = reactor(bench, "i64.const 0", b"{}", MALLOC, '(export "free" (func $log))')
    assert (answer.ok, answer.stage) == (False, "handle")
    assert (answer.error or "").startswith("runtime error: index out of range")


@pytest.mark.parametrize(
    ("code", "words"),
    [(-1, "context canceled"), (0xEFFF_FFFF, "context deadline exceeded"), (-2, "exit_code(4294967294)")],
)
def test_exit_codes_that_the_engine_keeps_for_itself_read_as_its_own(code: int, words: str, bench: Bench) -> None:
    text = f"""(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
        (memory (export "memory") 1) (func (export "_start") (call $exit (i32.const {code}))))"""
    answer = run(bench, Target("f", wat(text)), Call())
    assert answer.error == f"failed to instantiate module: module closed with {words}"
    assert answer.exit_code == code & 0xFFFF_FFFF
    assert answer.client is not None
    assert answer.client.status == 500  # no deadline passed, whatever the words say


def test_an_allocator_that_asks_the_host_for_bytes_is_asked_for_ever(bench: Bench) -> None:
    """On the gateway it goes on until time is up; here it is said at once, and is no answer of the function."""
    text = """(module (import "env" "get_caller_wallet" (func $wallet (result i64))) (memory (export "memory") 1)
        (func (export "malloc") (param i32) (result i32) (drop (call $wallet)) (i32.const 1024))
        (func (export "_start") (drop (call $wallet))))"""
    answer = run(bench, Target("f", wat(text), timeout=20), Call(caller=Caller("w")))
    assert (answer.ok, answer.timed_out) == (False, True)
    assert answer.error == "failed to instantiate module: module closed with context deadline exceeded"
    assert run(bench, Target("f", wat(text)), Call()).ok  # without a wallet there is nothing to make room for


OUTSIDE = 0x7FFF_0000
OPTIONAL = {
    "set_http_response": ("i32 i32 i32 i32 i32", "i32", f"200 {OUTSIDE} 0 {OUTSIDE} 0", 1),
    "pubsub_publish": ("i32 i32 i32 i32", "i32", f"32 5 {OUTSIDE} 0", 0),  # not optional: 0 without a look
}


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_argument_that_may_be_left_out_may_point_anywhere(name: str, bench: Bench) -> None:
    takes, gives, values, want = OPTIONAL[name]
    given = " ".join(f"(i32.const {one})" for one in values.split())
    text = f"""(module (import "env" "{name}" (func $call (param {takes}) (result {gives})))
        (memory (export "memory") 1) (data (i32.const 32) "topic")
        (func (export "_start") (if (i32.ne (call $call {given}) (i32.const {want})) (then unreachable))))"""
    assert run(bench, Target("f", wat(text), raw_response=True), Call()).error is None

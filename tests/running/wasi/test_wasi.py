"""WASI against the gateway's engine: modules that call its functions with good and bad arguments, 12 calls each.

Each module prints its memory when it is done; wazero ran them as the gateway does, and what it printed is here by hash.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.running.conftest import wat
from tui.running.answer import Answer, Call, Target
from tui.running.lives.bench import Bench
from tui.running.plan.table import host_table
from tui.running.run import run
from tui.running.wasi import streams
from tui.running.wasi.streams import MOST_BYTES, Streams
from tui.running.wasi.wasi import Wasi

FILE = Path(__file__).parents[1] / "cases" / "wasi.jsonl.gz"
INPUT = b"hello input!"
ERRNOS = 60_000 - 65_000  # where a module keeps what its calls gave, from the end of what it prints
TABLE = host_table()["wasi_snapshot_preview1"]


def cases() -> list[dict[str, Any]]:
    with gzip.open(FILE, "rt") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", cases(), ids=lambda case: "-".join(name for name, _ in case["calls"][:3]))
def test_calls_answer_as_the_engine_does(case: dict[str, Any], bench: Bench) -> None:
    answer = run(bench, Target("f", base64.b64decode(case["wasm_b64"]), timeout=5), Call(INPUT))
    assert (answer.error or "").removeprefix("failed to instantiate module: ") == case["error"]
    if case["ok"]:
        given = answer.stdout[ERRNOS:]
        errnos = [int.from_bytes(given[4 * index : 4 * index + 4], "little") for index in range(12)]
        said = list(zip([name for name, _ in case["calls"]], errnos, strict=True))
        assert said == list(zip([name for name, _ in case["calls"]], case["errnos"], strict=True))
    assert hashlib.sha256(answer.stdout).hexdigest() == case["sha256"]


def test_all_46_are_there(bench: Bench) -> None:
    def no_memory() -> Any:
        raise AssertionError("no call is made")

    assert set(Wasi(no_memory, Streams(), [b"f"]).calls()) | {"proc_exit"} == set(TABLE)
    assert len(TABLE) == 46


def shown(bench: Bench, body: str, imports: str, data: bytes = b"") -> Answer:
    """What a command does whose `_start` has that body."""
    text = f"""(module {imports}
        (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1) (data (i32.const 8) "\\20\\00\\00\\00\\08\\00\\00\\00")
        (func (export "_start") {body}))"""
    return run(bench, Target("f", wat(text)), Call(data))


CLOCK = '(import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))'
PRINT = "(drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))"


@pytest.mark.parametrize("clock", [0, 1])
def test_clocks_are_real(clock: int, bench: Bench) -> None:
    import time

    before = (time.time_ns, time.monotonic_ns)[clock]()
    answer = shown(bench, f"(drop (call $clock (i32.const {clock}) (i64.const 0) (i32.const 32))) {PRINT}", CLOCK)
    now = int.from_bytes(answer.output, "little")
    assert before <= now <= (time.time_ns, time.monotonic_ns)[clock]()


def test_chance_differs(bench: Bench) -> None:
    imports = '(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))'
    body = f"(drop (call $random (i32.const 32) (i32.const 8))) {PRINT}"
    assert len({shown(bench, body, imports).output for _ in range(4)}) == 4


def test_output_has_a_bound(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop that writes 64 KiB at a time ends when a write fails, and says how much went out."""
    bound = 4 << 20  # the bound itself takes seconds to fill
    assert bound < MOST_BYTES
    monkeypatch.setattr(streams, "MOST_BYTES", bound)
    body = """(i32.store (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (i32.const 65536))
        (loop (br_if 0 (i32.eqz (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))))"""
    answer = shown(bench, body, "")
    assert answer.ok
    assert len(answer.output) == bound
    assert answer.hints == {"output full"}


POLL = '(import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))'


def polled(bench: Bench, arguments: str, before: str = "") -> Answer:
    """A poll in a memory of zeros, of which the first 512 bytes are printed then."""
    body = f"""{before} (drop (call $poll {arguments}))
        (i32.store (i32.const 8) (i32.const 0)) (i32.store (i32.const 12) (i32.const 512)) {PRINT}"""
    return shown(bench, body, POLL)


def test_the_count_of_events_may_lie_in_the_rest_of_a_record(bench: Bench) -> None:
    """The engine writes 14 bytes of each record's 32, and those after it has said how many there are."""
    output = polled(bench, "(i32.const 256) (i32.const 128) (i32.const 2) (i32.const 156)").output
    assert output[156:160] == b"\2\0\0\0"
    assert polled(bench, "(i32.const 256) (i32.const 128) (i32.const 2) (i32.const 128)").output[128:132] == bytes(4)


def test_a_record_that_lies_on_the_next_subscription_is_what_is_read_of_it(bench: Bench) -> None:
    """Two clocks; the first one's record makes the second one a wait for a stream, or for nothing that there is."""
    clock_of_user = "(i64.store (i32.const 256) (i64.const {}))"
    second = "(i32.const 256) (i32.const 312) (i32.const 2) (i32.const 64)"  # its kind is the record's first byte
    assert polled(bench, second, clock_of_user.format(9)).output[344:348] == bytes(4)
    assert polled(bench, second, clock_of_user.format(2)).output[352:358] == b"\x3a\0\2\0\0\0"


def test_more_subscriptions_than_can_be_counted_are_the_engines_own_fault(bench: Bench) -> None:
    answer = polled(bench, "(i32.const 256) (i32.const 128) (i32.const 0x80000000) (i32.const 64)")
    assert answer.error is not None
    assert "runtime error: index out of range [8] with length 0 (recovered by wazero)" in answer.error

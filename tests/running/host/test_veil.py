"""Values of secrets are hidden before anything is cut, in each form in which texts carry them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.running.conftest import wat
from tui.running.answer import Answer, Call, HostCall, Target
from tui.running.engine.machine import Machine
from tui.running.engine.record import LONGEST, Recorder
from tui.running.host.assemble import assemble
from tui.running.host.seam import LONGEST_LINE
from tui.running.host.settings import HostSettings
from tui.running.host.veil import Veil
from tui.running.plan.table import host_table
from tui.running.run import run

VALUE = 'hunter2<&>"\\ ü/+ long and deep'
NAME = "<secret TOKEN>"
VEIL = Veil({"TOKEN": VALUE, "HEAD": VALUE[:9], "NO": "abc"})


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        json.dumps(VALUE)[1:-1],
        json.dumps(VALUE, ensure_ascii=False)[1:-1]
        .replace("<", "\\u003c")
        .replace("&", "\\u0026")
        .replace(">", "\\u003e"),
        quote(VALUE),
        quote(VALUE, safe=""),
        base64.b64encode(VALUE.encode()).decode(),
    ],
)
def test_each_form_is_known(form: str) -> None:
    assert VEIL.text(f"a {form} b").replace("=", "") == f"a {NAME} b"


def test_a_short_value_is_no_secret() -> None:
    assert VEIL.text("abcabc") == "abcabc"


@pytest.mark.parametrize("before", [*range(4060, 4110), 0, 1])
def test_a_value_across_the_cut_is_hidden_whole(before: int) -> None:
    octets = b"x" * before + VALUE.encode() + b"y" * 5_000
    shown = VEIL.cut(octets, LONGEST)
    assert b"hunt" not in shown
    assert shown.startswith(b"x" * min(before, LONGEST))
    assert shown.endswith((NAME.encode(), b"y", b"x"))
    assert len(shown) <= LONGEST + len(NAME)


@pytest.mark.parametrize("kept", range(4, len(VALUE.encode())))
def test_what_was_cut_before_shows_no_beginning_of_one(kept: int) -> None:
    """A line of the log is cut before it is read."""
    octets = b"hunter hunter2 hunt" + b"x" * 100 + VALUE.encode()[:kept]
    shown = VEIL.cut(octets, len(octets))
    assert shown.startswith(b"hunter hunter2 hunt" + b"x" * 100 + b"<secret ")
    assert VALUE.encode()[:4] not in shown[100:]


def test_many_values_close_to_one_another() -> None:
    """What names take less room than values brings nothing into sight that lay behind the cut."""
    octets = VALUE.encode() * 300
    for most in range(4_000, 4_096):
        shown = VEIL.cut(octets, most)
        assert shown == NAME.encode() * -(-most // len(VALUE.encode()))


def test_the_recorder_keeps_no_part_of_one() -> None:
    recorder = Recorder(VEIL.cut)
    recorder.note("ws_send", [b"", b"x" * (LONGEST - 6) + VALUE.encode()], b"y" * (LONGEST - 5) + VALUE.encode(), 0.0)
    (call,) = recorder.calls()
    assert call.args == ("", "x" * (LONGEST - 6) + NAME)
    assert call.result == "y" * (LONGEST - 5) + NAME


def test_an_answer_shows_none_anywhere_beside_the_functions_own() -> None:
    told = Answer(
        "command",
        "run",
        f"failed: {VALUE}",
        output=VALUE.encode(),
        stdout=f"panic: {VALUE}\n{VALUE[:12]}".encode(),
        stderr=f"\xff {VALUE}".encode("latin-1", "replace") + VALUE.encode(),
        frames=(f"trap: {VALUE}",),
        host_calls=(HostCall("get_secret", ("NO",), "abc", 0.0), HostCall("get_secret", ("GONE",), "", 0.0)),
        unkept=f"{VALUE}: cannot be written",
    )
    shown = VEIL.answer(told)
    assert "hunter2" not in repr(shown)
    assert [one.result for one in shown.host_calls] == ["<secret NO>", ""]
    assert VEIL.answer(Answer("command", "done", output=VALUE.encode())).output == VALUE.encode()


LOGS = wat(f"""(module (import "env" "get_secret" (func $secret (param i32 i32) (result i64)))
    (import "env" "log_info" (func $log (param i32 i32)))
    (import "env" "ws_send" (func $send (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 2) (data (i32.const 0) "TOKEN")
    (func (export "malloc") (param i32) (result i32) i32.const {100 + LONGEST_LINE - 7})
    (func (export "_start")
        (memory.fill (i32.const 100) (i32.const 120) (i32.const 20000))
        (drop (call $secret (i32.const 0) (i32.const 5)))
        (call $log (i32.const 100) (i32.const {LONGEST_LINE + 100}))
        (drop (call $send (i32.const 0) (i32.const 0)
            (i32.const {100 + LONGEST_LINE - 7 - LONGEST + 6}) (i32.const 6000)))))""")


def test_a_run_shows_no_part_of_one(tmp_path: Path) -> None:
    """The value lies across the end of a line that is logged, and of what is shown of an argument."""
    file = tmp_path / "secrets"
    file.write_text(f"TOKEN={VALUE}\n")
    bench = assemble(HostSettings(secrets=str(file)), Machine(), host_table())
    shown = bench.shown(run(bench, Target("fn", LOGS), Call()))
    assert shown.ok
    assert "hunt" not in repr(shown)
    assert shown.logs[0].line == "x" * (LONGEST_LINE - 7) + NAME
    assert [one.args[-1] for one in shown.host_calls][1:] == [
        shown.host_calls[1].args[0],
        "x" * (LONGEST - 6) + NAME,
    ]

from __future__ import annotations

from pathlib import Path

import wasmtime

from tests.running.conftest import wat
from tui.running.answer import Call, Target
from tui.running.host.settings import HostSettings
from tui.running.process.guest_process import GuestProcess

BIG = "(module (memory 1)" + '(func (export "_start"))' + "(func (drop (i32.const 1)))" * 200 + ")"


def test_a_guest_runs_beside_threads_of_the_engine() -> None:
    """They are there once anything was compiled in this process; a copy of it would lack them, and wait."""
    wasmtime.Module(wasmtime.Engine(), wat(BIG))
    assert len(list(Path("/proc/self/task").iterdir())) > 1
    process = GuestProcess(None, HostSettings())
    try:
        assert process.run(Target("f", wat(BIG), timeout=5), Call(request_id="r")).ok
    finally:
        assert process.close() == 0

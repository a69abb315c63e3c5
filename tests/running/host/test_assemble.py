"""The host put together: what it answers, and what it loads for it."""

from __future__ import annotations

import subprocess
import sys

from tui.running.engine.machine import Machine
from tui.running.host.assemble import assemble
from tui.running.host.seam import SHAPES, refused
from tui.running.host.settings import HostSettings
from tui.running.plan.table import host_table

HEAVY = ("sqlite3", "http.client", "ssl", "decimal", "yaml", "asyncio", "hashlib", "tui.wasm.decode.decode")


def test_each_call_is_answered_by_a_part_that_knows_it() -> None:
    """Parts that are made later say beforehand which calls are theirs."""
    host = assemble(HostSettings(), Machine(), host_table()).host
    assert not host.unanswered
    assert [name for name in SHAPES if host.answer(name) is refused] == []
    assert not host.unanswered


def test_the_process_that_runs_guests_loads_what_they_ask_for_and_no_more() -> None:
    code = f"import sys, tui.running.process.worker; print(*(one for one in {HEAVY} if one in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []

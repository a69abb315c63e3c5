"""The workbench's end: nothing of it is left behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tui.app.desk.builds.builds import BuildNews
from tui.app.desk.workbench import Workbench
from tui.app.options import ScreenOptions
from tui.building.events import BuildResult
from tui.gateway.contract.reading import load_contract
from tui.settings.keys import Settings
from tui.settings.state import State
from tui.wasm.decode.decode import decode
from tui.workspace.function import Function


async def test_stopping_ends_what_is_validated(tmp_path: Path, echo_command: bytes) -> None:
    pytest.importorskip("wasmtime")
    (tmp_path / "function.wasm").write_bytes(echo_command)
    bench = Workbench(ScreenOptions(tmp_path, Settings(), State()), load_contract())
    bench.store.find([Function("fn", tmp_path, has_yaml=True, has_go=True)])
    bench.store.change("fn", module=decode(echo_command))
    bench.validator.opened(bench.store["fn"])
    validating = bench.validator.task
    assert validating is not None
    await bench.stop()
    assert validating.done()
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("began", [True, False])
async def test_a_function_whose_cluster_has_gone_is_read_if_its_turn_had_come(tmp_path: Path, began: bool) -> None:
    """What somebody wrote while it was being built was left to the build's end."""
    bench = Workbench(ScreenOptions(tmp_path, Settings(), State()), load_contract())
    bench.store.find([Function("fn", tmp_path, has_yaml=True, has_go=True)])
    bench.build_ended(BuildNews("fn", BuildResult(tmp_path, "lost", None, 1.0, error="it has gone"), None, began=began))
    assert bench.reader.pending == began
    await bench.stop()

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.wasm.binary import body, functions, module
from tests.wasm.tinygo import tinygo_module
from tui.wasm import background, worker
from tui.wasm.background import WorkerError, retained_in_background, validate_in_background
from tui.wasm.decode.decode import decode
from tui.wasm.sizes.retained import retained_sizes
from tui.wasm.validate import validate


def children() -> set[int]:
    """Processes that this one has started and that still run."""
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return set(map(int, found.split()))


async def test_the_answer_is_that_of_this_process() -> None:
    source = tinygo_module()
    here = retained_sizes(source, decode(source))
    there = await retained_in_background(source)
    assert (there.functions, there.rows, there.dominators, there.note) == (
        here.functions,
        here.rows,
        here.dominators,
        here.note,
    )


async def test_validation_in_the_background(echo_command: bytes) -> None:
    bad = module(functions(body(b"\x41\0")))
    assert await validate_in_background(echo_command) == validate(echo_command)
    assert await validate_in_background(bad) == validate(bad)


async def test_the_event_loop_goes_on(echo_command: bytes) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.001)
            beats += 1

    beating = asyncio.create_task(beat())
    await retained_in_background(echo_command)
    beating.cancel()
    assert beats > 5  # a computation in this process would have left none


async def test_cancelling_leaves_no_process(echo_command: bytes) -> None:
    before = children()
    task = asyncio.create_task(retained_in_background(echo_command * 20))
    async with asyncio.timeout(20):
        while children() <= before:
            await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() <= before


async def test_a_worker_that_dies_is_an_error_and_for_validation_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        background, "child_environment", lambda: {"PYTHONPATH": "/nonexistent", "PYTHONHOME": "/nonexistent"}
    )
    with pytest.raises(WorkerError, match="the worker ended with"):
        await retained_in_background(tinygo_module())
    found = await validate_in_background(tinygo_module())
    assert found is not None
    assert found.outcome == "crashed"
    assert not found.refused


async def test_a_worker_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    before = children()
    monkeypatch.setattr(background, "SECONDS", 0.001)
    with pytest.raises(WorkerError, match="no answer within"):
        await retained_in_background(tinygo_module())
    assert children() <= before


def test_the_worker_knows_its_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert worker.main([]) == 2
    assert worker.main(["other", "3"]) == 2
    assert "usage" in capsys.readouterr().err

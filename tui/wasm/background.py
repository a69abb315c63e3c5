"""Work that would hold up an event loop, done by a second process that never outlives its caller's interest."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Final, Literal

from tui.wasm.sizes.size_report import Retained
from tui.wasm.validate import Validation
from tui.wasm.validator import is_available

CHUNK: Final = 1 << 18  # bytes written to the worker between two looks at the event loop
SECONDS: Final = 120.0  # a worker that takes longer is ended
ROOT: Final = Path(__file__).resolve().parents[2]  # where the package `tui` lies


class WorkerError(RuntimeError):
    """The worker ended without an answer: killed, out of memory, or a fault in native code."""


def child_environment() -> dict[str, str]:
    """The child finds this very package, and nothing from the folder that it starts in."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


async def _feed(worker: asyncio.subprocess.Process, source: bytes) -> None:
    """Write the module to the worker; a worker that died is noticed by its exit code."""
    assert worker.stdin is not None  # noqa: S101 -- it was asked for
    try:
        for start in range(0, len(source), CHUNK):
            worker.stdin.write(source[start : start + CHUNK])
            await worker.stdin.drain()
        worker.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        return


async def _ask(task: Literal["retained", "validate"], source: bytes) -> Any:
    """The worker's answer. Whatever happens to the caller, no process stays behind."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", "tui.wasm.worker", task, str(len(source))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=child_environment(),
    )
    assert worker.stdout is not None  # noqa: S101 -- it was asked for
    feeding = asyncio.ensure_future(_feed(worker, source))
    try:
        async with asyncio.timeout(SECONDS):
            answer = await worker.stdout.read()
            await feeding
            code = await worker.wait()
    except TimeoutError:
        raise WorkerError(f"{task}: no answer within {SECONDS:.0f} s") from None
    finally:
        feeding.cancel()
        if worker.returncode is None:
            worker.kill()
            await worker.wait()
    if code != 0:
        raise WorkerError(f"{task}: the worker ended with {code}")
    return await asyncio.to_thread(json.loads, answer)


async def retained_in_background(source: bytes) -> Retained:
    """`retained_sizes` of these bytes, computed elsewhere. Raises WorkerError where the worker fails."""
    answer = await _ask("retained", source)
    first = answer["first"]
    return Retained(
        functions=dict(enumerate(answer["functions"], first)),
        rows=answer["rows"],
        dominators=dict(enumerate(answer["dominators"], first)),
        seconds=answer["seconds"],
        note=answer["note"],
    )


async def validate_in_background(source: bytes) -> Validation | None:
    """`validate` of these bytes, done elsewhere: a crash of native code becomes a verdict. None without the extra."""
    if not is_available():
        return None
    try:
        answer = await _ask("validate", source)
    except WorkerError as error:
        return Validation("crashed", f"the validator did not come to an end ({error})")
    return None if answer["verdict"] is None else Validation(*answer["verdict"])

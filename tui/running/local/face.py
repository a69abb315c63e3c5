"""The local gateway for who shows it: started and ended as a process of its own, what happens there as events.

    gateway = GatewayProcess(workspace, ["--no-build"])
    address = await gateway.start()
    async for event in gateway.events():    # RequestServed, Happening
        ...
    await gateway.stop()

A process of its own: thousands of requests a second, and all that they cost, hold up nothing of who asked for it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from tui.running.local.events import Event, event_of
from tui.running.process.start import ROOT

LONGEST_LINE: Final = 16 << 20  # bytes of one event: what a function logged is bounded before
LEAVE_SECONDS: Final = 3.0  # for the gateway to end by itself; then it is killed, and its guests with it
MOST_WORDS: Final = 4_000  # characters of why it did not start
# It ends when its standard input does: that is how the death of who started it shows.
_PROGRAM: Final = """
import os, signal, sys, threading
sys.path.insert(0, {root!r})
def watch():
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=watch, daemon=True).start()
from tui.cli import main
sys.exit(main())
"""


class NotStartedError(Exception):
    """The gateway did not start. The text says why, as `fn-tui dev` says it."""


class GatewayProcess:
    """One `fn-tui dev`."""

    def __init__(self, workspace: Path, options: Sequence[str] = ()) -> None:
        """`options` are those of `fn-tui dev`, but for the workspace and --json."""
        self._argv = [sys.executable, "-P", "-c", _PROGRAM.format(root=str(ROOT))]
        self._argv += ["dev", "--json", *options, "--", str(workspace)]
        self._process: asyncio.subprocess.Process | None = None
        self.address = ""  # "http://127.0.0.1:8787/" once it has started
        self.token = ""  # that it asks for, if any

    async def start(self) -> str:
        """Start it; gives its address. Raises NotStartedError."""
        pipe = asyncio.subprocess.PIPE
        self._process = process = await asyncio.create_subprocess_exec(
            *self._argv, stdin=pipe, stdout=pipe, stderr=pipe, limit=LONGEST_LINE, start_new_session=True
        )
        assert process.stderr is not None  # noqa: S101 -- a pipe
        words = asyncio.ensure_future(_told(process.stderr))
        async for record in _records(process):
            if record.get("event") == "listening":
                self.address, self.token = str(record["url"]), str(record.get("token", ""))
                return self.address
        await process.wait()
        raise NotStartedError(await words or f"fn-tui dev ended with {process.returncode}")

    async def events(self) -> AsyncIterator[Event]:
        """What happens there, until it ends. To be read: a gateway whose events nobody reads tells of some only."""
        if self._process is None:
            return
        async for record in _records(self._process):
            event = event_of(record)
            if event is not None:
                yield event

    @property
    def is_running(self) -> bool:
        """Whether it has been started and not ended yet."""
        return self._process is not None and self._process.returncode is None

    async def stop(self) -> None:
        """End it, and wait until it has ended."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _records(process: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    """The objects that it prints, a line each."""
    assert process.stdout is not None  # noqa: S101 -- a pipe
    while (line := await _line(process.stdout)).endswith(b"\n"):  # one without an end was cut off by its death
        yield json.loads(line)


async def _line(stream: asyncio.StreamReader) -> bytes:
    try:
        return await stream.readline()
    except ValueError:  # too long to be true
        return b""


async def _told(stream: asyncio.StreamReader) -> str:
    """What it says on stderr: read to its end, so that it is not held up; the first words are kept."""
    kept = b""
    while part := await stream.read(65_536):
        kept = (kept + part)[:MOST_WORDS]
    return kept.decode("utf-8", "replace").strip().removeprefix("fn-tui: ")

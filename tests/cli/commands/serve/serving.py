"""A real `fn-tui serve` on a free port, for the tests of it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from tests.gobuild import CACHE

needs_proc = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
DEADLINE = 60.0  # seconds for what a slow machine may take; each wait ends as soon as its fact holds


@dataclass(frozen=True)
class Served:
    """A running server."""

    process: subprocess.Popen[str]
    url: str  # as it was announced, with the token

    @property
    def base(self) -> str:
        """`http://127.0.0.1:PORT/`."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/"

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None
        return port

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.url).query)["token"][0]

    def at(self, path: str, **query: str) -> str:
        """The address of something on it, with the token."""
        return f"{self.base}{path}?{urlencode({'token': self.token, **query})}"

    @asynccontextmanager
    async def socket(self, headers: dict[str, str] | None = None, **query: str) -> AsyncIterator[Socket]:
        """An open socket, with whoever reads it."""
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(self.at("ws", **query), headers=headers, max_msg_size=0) as opened,
        ):
            yield opened

    def screens(self) -> set[int]:
        """The processes that show its screens, by the server's own number in their command."""
        return processes_with(f"main({self.process.pid})".encode())


Socket = aiohttp.ClientWebSocketResponse


def processes_with(words: bytes) -> set[int]:
    """The processes with these words in their command line."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if words in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:
            continue
    return found


def memory_of(process: int) -> int:
    """What it holds now, in bytes; 0 where it has ended."""
    try:
        pages = (Path("/proc") / str(process) / "statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def serving(workspace: Path, *options: str, path: str | None = None) -> Iterator[Served]:
    """A running server; ended at the end, if it still lives. `path` is the PATH of it and of its screens."""
    argv = [sys.executable, "-m", "tui", "serve", "--port", "0", "--json", "--compiler", "go", *options, str(workspace)]
    environment = {"HOME": str(CACHE), **os.environ, "VISUAL": "vi", **({"PATH": path} if path is not None else {})}
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    try:
        yield Served(process, json.loads(process.stdout.readline())["url"])
    finally:
        process.terminate()
        process.wait(DEADLINE)
        process.stdout.close()


async def until(fact: Callable[[], bool], what: str, seconds: float = DEADLINE) -> float:
    """Wait for a fact; how many seconds that took."""
    began = time.monotonic()
    while not fact():
        assert time.monotonic() < began + seconds, what
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def first_frame(opened: Socket) -> bytes:
    """Something that was drawn: then the screen is up."""
    return bytes((await opened.receive(DEADLINE)).data)

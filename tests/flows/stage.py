"""The whole app, driven as a person drives it: keys in, text out; waits for facts, never for time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.settling import rows_of
from tui.app.options import ScreenOptions
from tui.app.shell.app import FnTui
from tui.gateway.contract.reading import load_contract
from tui.settings.keys import Settings
from tui.settings.state import State

PATIENCE = 30.0  # seconds; a real compiler on a busy machine


@dataclass
class Stage:
    """An open app."""

    app: FnTui
    pilot: Pilot[int]

    async def press(self, *keys: str) -> None:
        """Press keys, and let what they cause be drawn."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, fact: Callable[[], Any], what: str = "") -> None:
        """Wait until something is so."""
        end = time.monotonic() + PATIENCE
        while not fact():
            assert time.monotonic() < end, f"never so: {what or fact}\n{self.text}"
            await self.pilot.pause()
            await asyncio.sleep(0.02)
        await self.pilot.pause()

    async def shows(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        await self.until(lambda: all(word in self.text for word in words), f"{words} on screen")

    @property
    def text(self) -> str:
        """The screen's text, line by line."""
        return "\n".join(strip.text.rstrip() for strip in rows_of(self.app))

    @property
    def notices(self) -> list[str]:
        """All that was said so far."""
        return ["\n".join(said.lines) for said in self.app.notices.said]

    def state(self, path: str) -> str:
        """A function's state."""
        return self.app.bench.store.state(path)

    async def read(self) -> None:
        """Wait until the workspace is found and read."""
        reader = self.app.bench.reader
        store = self.app.bench.store
        await self.until(
            lambda: not reader.searching and all(store.state(path) != "reading" for path in store.paths), "all read"
        )


@asynccontextmanager
async def opened(
    workspace: Path,
    size: tuple[int, int] = (120, 40),
    *,
    state: State | None = None,
    remember: bool = False,
    problems: tuple[str, ...] = (),
    **settings: Any,
) -> AsyncIterator[Stage]:
    """The app on a workspace, built by stock Go unless the settings say otherwise."""
    chosen = Settings(**{"compiler": "go", **settings})
    options = ScreenOptions(workspace, chosen, state or State(), problems, remember)
    app = FnTui(options, load_contract())
    async with app.run_test(size=size, notifications=True) as pilot:
        stage = Stage(app, pilot)
        await stage.until(lambda: app.main.boxes.furnished, "the panes are there")
        await stage.read()
        yield stage

"""A walk of random keys on a screen that draws its frames; each of them must leave what would be drawn anew.

`python -m tests.flows.frames WORKSPACE SEED KEYS COLUMNS ROWS`: exit code 1, and where, at the first cell of an earlier
frame that is left. A process of its own: within pytest no frames are drawn (see tests/settling.py).
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from pathlib import Path
from typing import Any

from textual._compositor import CompositorUpdate
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.flows.emulator import Cell, Emulator
from tui.app.options import ScreenOptions
from tui.app.shell.app import FnTui
from tui.settings.keys import Settings

NAMED = """
slash escape tab shift+tab enter space grave_accent minus question_mark ctrl+p backspace down up left right ctrl+d end
"""
KEYS = (*NAMED.split(), *"jjjkkGghlfuovioZ123456789snzw", *["escape"] * 5)  # out of dialogs, too
PATIENCE = 5.0  # seconds, until what a key brought about is drawn


class Mirror:
    """A terminal that is sent what the frames of an app hold."""

    def __init__(self, app: FnTui) -> None:
        self.app = app
        self.terminal = self._blank()
        self.terminal.cells = self.whole()
        app._display = self._take  # type: ignore[method-assign, assignment]

    def _blank(self) -> Emulator:
        return Emulator(self.app.size.height, self.app.size.width)

    def _take(self, screen: Screen[Any], frame: object) -> None:
        if isinstance(frame, CompositorUpdate):
            self.terminal.feed(frame.render_segments(self.app.console).encode())
        App._display(self.app, screen, frame)  # type: ignore[arg-type]

    def whole(self) -> list[list[Cell]]:
        """The cells of a frame in which every widget is asked for every line."""
        app, terminal = self.app, self._blank()
        for screen in (*app._background_screens, app.screen):
            for widget in screen.walk_children(Widget, with_self=True):
                widget._styles_cache.clear()
        compositor = app.screen._compositor
        waiting = set(compositor._dirty_regions)  # which making a frame would clear
        frame: Any = compositor.render_update(full=True, screen_stack=app._background_screens)
        compositor._dirty_regions.update(waiting)
        terminal.feed(frame.render_segments(app.console).encode())
        return terminal.cells

    def left(self) -> str | None:
        """The first row that is not what it would be, as it is and as it would be; None where all are."""
        for row, (cells, wanted) in enumerate(zip(self.terminal.cells, self.whole(), strict=True)):
            if cells != wanted:
                return f"row {row}\n{_text(cells)}\n{_text(wanted)}\nin styles\n{cells}\n{wanted}"
        return None


def _text(cells: list[Cell]) -> str:
    return "".join(letter for letter, _ in cells)


async def walk(app: FnTui, pilot: Pilot[int], seed: int, count: int) -> str | None:
    """Press so many keys; what was left, and after which."""
    store, chance, pressed = app.bench.store, random.Random(seed), list[str]()
    while app.bench.reader.searching or store.counts["reading"] or not app.main.boxes.furnished:
        await pilot.pause(0.01)
    await pilot.pause()
    mirror = Mirror(app)
    for _ in range(count):
        pressed.append(chance.choice(KEYS))
        await pilot.press(pressed[-1])
        end = time.monotonic() + PATIENCE
        while (left := mirror.left()) is not None:
            if time.monotonic() > end:
                return f"{left}\nafter {' '.join(pressed)}"
            await pilot.pause(0.01)
    return None


async def _main(workspace: Path, seed: int, count: int, size: tuple[int, int]) -> int:
    app = FnTui(ScreenOptions(workspace, Settings(compiler="go"), remember=False))
    async with app.run_test(size=size) as pilot:
        left = await walk(app, pilot, seed, count)
    sys.stderr.write(left or "")
    return left is not None


if __name__ == "__main__":
    folder, *numbers = sys.argv[1:]
    seed_, count_, columns, rows = map(int, numbers)
    sys.exit(asyncio.run(_main(Path(folder), seed_, count_, (columns, rows))))

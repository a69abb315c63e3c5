"""Draws the README's pictures from real flows: the screen on a fresh copy of the sample workspace, built by stock Go.

Run `python -m screenshots.make [NAME...]` in a virtual environment with '.[dev,pictures]'; see draw.py for what else
it needs. Each flow presses keys as a person would, and waits for what they lead to.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

os.environ |= {"TEXTUAL_ANIMATIONS": "none", "TZ": "UTC"}

from textual.pilot import Pilot
from textual.widget import Widget

from screenshots.draw import Box, png, save_gif, save_png
from tui.app.options import ScreenOptions
from tui.app.shell.app import FnTui
from tui.demo.copy import copy_workspace
from tui.gateway.contract.reading import load_contract
from tui.settings.keys import Settings

HERE = Path(__file__).parent
HOME = Path(tempfile.gettempdir()) / "ada"  # short and the same each time: paths are in the pictures
PATIENCE = 120.0  # seconds


class Camera:
    """One screen, the keys pressed in it, and the pictures taken of it."""

    def __init__(self, pilot: Pilot[int]) -> None:
        self.pilot = pilot
        assert isinstance(pilot.app, FnTui)
        self.app = pilot.app
        self.store = pilot.app.bench.store

    async def press(self, *keys: str) -> None:
        """Press keys, and let the screen settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause(0.2)

    async def until(self, fact: Callable[[], bool], what: str) -> None:
        """Wait for a fact."""
        deadline = time.monotonic() + PATIENCE
        while not fact():
            if time.monotonic() > deadline:
                raise SystemExit(f"waited in vain: {what}")
            await self.pilot.pause(0.05)
        await self.pilot.pause(0.3)

    async def settle(self) -> None:
        """Wait until every function was read."""
        await self.until(lambda: len(self.store) == 9, "nine functions")
        await self.until(lambda: self.app.bench.toolchain is not None, "the compilers")
        await self.until(lambda: all(self.store.state(path) != "reading" for path in self.store.paths), "all read")

    async def go(self, path: str) -> None:
        """Move the cursor of the list to a function."""
        await self.press("0")
        self.app.main.boxes.functions.go_to(path)
        await self.pilot.pause(0.2)

    async def build(self, path: str) -> None:
        """Build it, and wait for the end."""
        await self.go(path)
        before = self.store[path].finished
        await self.press("b")
        await self.until(lambda: self.store[path].finished not in (None, before), f"the build of {path}")
        busy = ("queued", "building", "reading")
        await self.until(lambda: self.store.state(path) not in busy, f"what the build of {path} came to")

    async def calm(self) -> None:
        """Let what was said go."""
        self.app.main.boxes.footer.hush()
        await self.pilot.pause(0.3)

    def shot(self, name: str, of: str | None = None) -> None:
        """Save the screen, or one widget of it, as SVG and PNG."""
        svg = self.app.export_screenshot(title="fn-tui")
        if of is None:
            (HERE / f"{name}.svg").write_text(svg)
        save_png(png(svg, None if of is None else self._box(of)), HERE / f"{name}.png")
        print(name)

    def _box(self, selector: str) -> Box:
        region = self.app.screen.query_one(selector, Widget).region
        return region.x, region.y, region.width, region.height


async def overview(camera: Camera) -> None:
    """The first thing to see: chat is deployed wrongly."""
    for path in ("echo", "presence", "push", "wallet", "shop/functions/order"):
        await camera.build(path)
    await camera.go("chat")
    await camera.calm()
    camera.shot("overview")


async def modes(camera: Camera) -> None:
    """The export mode panel before and after the build that puts it right."""
    camera.shot("mode-wrong", of="#mode-box")
    await camera.build("chat")
    camera.shot("mode-right", of="#mode-box")


async def build_failed(camera: Camera) -> None:
    """A failing build, and its errors."""
    await camera.build("invite")
    await camera.press("8")
    await camera.calm()
    camera.shot("build-failed")


async def size(camera: Camera) -> None:
    """Where the bytes of echo are."""
    await camera.build("echo")
    await camera.press("6", "m")
    await camera.calm()
    camera.shot("size")


async def palette(camera: Camera) -> None:
    """Everything by name."""
    await camera.press("ctrl+p", *"bu")
    camera.shot("palette")


async def narrow(camera: Camera) -> None:
    """80x24, where list and detail take turns."""
    await camera.press("enter")
    camera.shot("narrow")


async def main_job(camera: Camera) -> None:
    """Look, see what is wrong, build, see it right: as a moving picture."""
    frames = [(png(camera.app.export_screenshot(title="fn-tui")), 2.5)]

    async def frame(seconds: float) -> None:
        frames.append((png(camera.app.export_screenshot(title="fn-tui")), seconds))

    await camera.press("3")
    await frame(2.5)
    await camera.press("1")
    await camera.pilot.press("b")
    while camera.store["chat"].finished is None:
        await camera.pilot.pause(0.05)
        await frame(0.8)
    await camera.until(lambda: camera.store.state("chat") == "ready", "chat is ready")
    await frame(4.0)
    save_gif(frames, HERE / "main-job.gif")
    print("main-job")


async def live(camera: Camera) -> None:
    """Save, and see the new answer: what is edited elsewhere is built and run again, as a moving picture."""
    await camera.build("echo")
    await camera.press("R", *'{"message": "hello", "times": 3}')
    runs = camera.app.bench.runs

    async def answered(times: int) -> None:
        await camera.until(lambda: len(runs.of("echo").reports) == times, f"{times} answers")

    await camera.press("ctrl+j")
    await answered(1)
    await camera.press("escape", "at", "w")
    await camera.calm()
    frames = [(png(camera.app.export_screenshot(title="fn-tui")), 3.0)]
    source = camera.app.bench.options.workspace / "echo" / "function.go"
    source.write_text(source.read_text().replace('r.Message+" "', 'strings.ToUpper(r.Message)+"! "'))
    while len(runs.of("echo").reports) < 2:
        await camera.pilot.pause(0.2)
        frames.append((png(camera.app.export_screenshot(title="fn-tui")), 0.5))
    await camera.calm()
    frames.append((png(camera.app.export_screenshot(title="fn-tui")), 4.0))
    save_gif(frames, HERE / "live.gif")
    print("live")


FLOWS: dict[str, tuple[tuple[int, int], Callable[[Camera], Awaitable[None]]]] = {
    "overview": ((120, 40), overview),
    "modes": ((120, 40), modes),
    "build-failed": ((120, 40), build_failed),
    "size": ((120, 40), size),
    "palette": ((100, 30), palette),
    "narrow": ((80, 24), narrow),
    "main-job": ((120, 36), main_job),
    "live": ((120, 36), live),
}


async def run(name: str) -> None:
    """One flow on a workspace of its own."""
    dimensions, flow = FLOWS[name]
    workspace = HOME / "functions"
    shutil.rmtree(HOME, ignore_errors=True)
    copy_workspace(workspace)
    options = ScreenOptions(workspace, Settings(compiler="go"), remember=False)
    app = FnTui(options, load_contract())
    async with app.run_test(size=dimensions, notifications=True) as pilot:
        camera = Camera(pilot)
        await camera.settle()
        await flow(camera)


def main() -> None:
    """All flows, or those that are named."""
    if os.path.lexists(HOME):
        raise SystemExit(f"{HOME} is there already: it would be drawn in, and removed")
    os.environ.setdefault("GOCACHE", str(Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "go-build"))
    os.environ |= {"HOME": str(HOME), "XDG_STATE_HOME": str(HOME / ".state"), "XDG_CONFIG_HOME": str(HOME / ".config")}
    try:
        for name in sys.argv[1:] or FLOWS:
            asyncio.run(run(name))
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


if __name__ == "__main__":
    main()

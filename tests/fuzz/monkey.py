"""A monkey at the keyboard of the whole app: keys, clicks, resizes, floods, builds and edits on disk, as they come.

Keys come several in one write, so that what the first opens or closes is not there yet, or no more, for the next. The
same seed does the same things; when the app does them is the machine's.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from textual import events
from textual.geometry import Size

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.stage import Stage
from tui.app.keys.actions import ACTIONS
from tui.app.shell.app import FnTui

# Named as what it is: stands in for `go`, quick, with floods, failures and modules as they come.
FAKE_GO: Final = """#!/bin/sh
case "$1" in version) echo "go version go1.24.0 linux/amd64"; exit 0;; list|env) exit 1;; esac
for word; do [ "$before" = -o ] && out=$word; before=$word; done
case $(($$ % 6)) in
0) seq 20000;;
1) printf './function.go:3:2: undefined: x\\n./function.go:4:2: undefined: y\\n' >&2; exit 1;;
2) printf '\\033[2J\\033]0;title\\007\\033[31mred\\033[0m\\r\\rover\\n\\377\\376\\n'; sleep 1;;
esac
cp "{module}" "$out"
"""
FUNCTIONS: Final = 12
SIZES: Final = ((120, 40), (80, 24), (40, 12))
EXTRA: Final = ("enter", "escape", "backspace", "delete", "left", "right", "pageup", "pagedown", "shift+tab", "ctrl+c")
TYPED: Final = "abcxyz019 /.*[\\(é漢"
STRANGE: Final = ("name: [\n", "name: fn\nmemory: lots\n", "", "name: fn\nws_persistent: true\n", "\x00", "name: ok\n")


class Undying(FnTui):
    """The app, but that it only notes when it was told to end."""

    def end(self, code: int) -> None:
        self.log(f"would end with {code}")


def make_workspace(root: Path, module: bytes) -> Path:
    """Functions built and not, the fake compiler beside them; the folder of the compiler."""
    for number in range(FUNCTIONS):
        name = f"group{number % 3}/fn{number:02}"
        add_function(root / "ws", name, f"name: fn{number:02}\n", ECHO_SOURCE, module if number % 2 else None)
    programs = root / "bin"
    programs.mkdir()
    (root / "module.wasm").write_bytes(module)
    (programs / "go").write_text(FAKE_GO.replace("{module}", str(root / "module.wasm")))
    (programs / "go").chmod(0o755)
    return programs


def resident() -> int:
    """Bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Monkey:
    """Does what it likes to an open app."""

    def __init__(self, stage: Stage, workspace: Path, seed: int) -> None:
        self.stage = stage
        self.app = stage.app
        self.workspace = workspace
        self.random = random.Random(seed)
        self.keys = [key for action in ACTIONS for key in action.keys] + list(EXTRA)
        self.pressed = 0
        self.last: list[str] = []  # what it did lately, for the report

    async def rage(self, keys: int) -> None:
        """Press so many keys, and do everything else now and then."""
        while self.pressed < keys:
            self._once()
            for _ in range(self.random.choice((0, 1, 2, 3, 30))):
                await asyncio.sleep(0)
            if not self.random.randrange(25):
                await self._settle()
            assert self.app.fault is None, self.last

    async def _settle(self) -> None:
        """Let what was pressed be done: queues are to hold what a person types, not all of a run."""
        done = asyncio.Event()
        self.app.screen.call_after_refresh(done.set)
        with suppress(TimeoutError):  # that screen was closed meanwhile
            await asyncio.wait_for(done.wait(), 1)
        assert self.stage.text  # whatever is there can be drawn

    def _once(self) -> None:
        what = self.random.random()
        if what < 0.85:
            self._press(self.random.choices(self.keys, k=self.random.randint(1, 12)))
        elif what < 0.90:
            self._press(self.random.choices(TYPED, k=self.random.randint(1, 8)))
        elif what < 0.96:
            self._click()
        elif what < 0.975:
            self._resize()
        else:
            self._edit()

    def _note(self, what: str) -> None:
        self.last = [*self.last[-40:], what]

    def _press(self, keys: list[str]) -> None:
        self.pressed += len(keys)
        self._note(" ".join(keys))
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))

    def _click(self) -> None:
        x, y = self.random.randrange(self.app.size.width), self.random.randrange(self.app.size.height)
        times = self.random.choice((1, 2, 3))
        self._note(f"click {x},{y} x{times}")
        for _ in range(times):
            for event in self._mouse(x, y):
                self.app.post_message(event)

    def _mouse(self, x: int, y: int) -> Iterator[events.MouseEvent]:
        to_x, to_y = (x, y) if self.random.random() < 0.8 else (self.random.randrange(200), self.random.randrange(60))
        button = self.random.choice((1, 1, 1, 2, 3))
        yield self._event(events.MouseMove, x, y, 0)
        yield self._event(events.MouseDown, x, y, button)
        yield self._event(events.MouseMove, to_x, to_y, button)
        yield self._event(events.MouseUp, to_x, to_y, button)
        if not self.random.randrange(4):
            yield self._event(self.random.choice((events.MouseScrollDown, events.MouseScrollUp)), x, y, 0)

    def _event(self, kind: Any, x: int, y: int, button: int) -> events.MouseEvent:
        event: events.MouseEvent = kind(
            None, x=x, y=y, delta_x=0, delta_y=0, button=button, shift=False, meta=False, ctrl=False
        )
        return event

    def _resize(self) -> None:
        width, height = self.random.choice((*SIZES, *SIZES, (200, 60), (20, 5), (1, 1)))
        self._note(f"resize {width}x{height}")
        size = Size(width, height)
        if self.app._driver is not None:
            self.app._driver._size = (width, height)
        self.app.post_message(events.Resize(size, size))

    def _edit(self) -> None:
        """What an editor, a checkout or a build elsewhere does to the workspace."""
        folder = self.workspace / f"group{self.random.randrange(3)}" / f"fn{self.random.randrange(FUNCTIONS):02}"
        what = self.random.randrange(5)
        self._note(f"edit {folder.name} {what}")
        if what == 0:
            shutil.rmtree(folder, ignore_errors=True)
            return
        folder.mkdir(parents=True, exist_ok=True)
        if what == 1:
            (folder / "function.yaml").write_text(self.random.choice(STRANGE))
        elif what == 2:
            (folder / "function.go").write_text(self.random.choice((ECHO_SOURCE, "package main\n", "")))
        elif what == 3:
            (folder / "function.wasm").write_bytes(self.random.randbytes(200))
        else:
            (folder / os.fsdecode(b"caf\xe9")).write_text("x")

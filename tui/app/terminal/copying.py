"""Copying: by the terminal (OSC 52), and by a program of the desktop where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from tui.app.notices import Notice


class Copier(Protocol):
    """Who can write to the terminal's clipboard, and say what was copied."""

    def copy_to_clipboard(self, text: str) -> None:
        """By the terminal."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""


class Runner(Protocol):
    """Who runs what takes time."""

    def run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Until the program ends."""


class Copying:
    """Copies one text after the other, and says which way."""

    def __init__(self, app: Copier, runner: Runner) -> None:
        self.app = app
        self.runner = runner
        self._one = asyncio.Lock()

    def copy(self, text: str, what: str) -> None:
        """Copy a text; `what` names it for the person."""
        self.app.copy_to_clipboard(text)
        self.runner.run(self._by_program(text, what))

    async def _by_program(self, text: str, what: str) -> None:
        """A program may take its time: it is waited for off the loop, one after the other."""
        from tui.app.terminal.clipboard import copy_text

        async with self._one:
            said = await asyncio.to_thread(copy_text, text, what)
        self.app.say(Notice(said))

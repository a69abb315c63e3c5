"""The sessions with persistent functions: several of each, one of which the input is for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from tui.app.desk.running.model import Report

if TYPE_CHECKING:
    from tui.app.desk.running.talk import Talk
    from tui.app.desk.store import Store

DRAW_SECONDS: Final = 0.1  # between two looks at a session, however many frames go through it
MOST: Final = 8  # sessions of one function


class Runner(Protocol):
    """Who runs what takes time."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Until the screen closes."""


class Talks:
    """Opens, feeds and closes sessions. The loop's; each session has a thread that waits."""

    def __init__(
        self,
        workspace: Path,
        store: Store,
        runner: Runner,
        pool: Executor,
        *,
        remember: bool,
        tell: Callable[[str], None],
        ended: Callable[[str, Report], None],
    ) -> None:
        self.workspace = workspace
        self.store = store
        self._remember = remember  # what was sent, for the next time
        self._runner = runner
        self._pool = pool
        self._tell = tell
        self._ended = ended
        self._talks: dict[str, tuple[Talk, ...]] = {}
        self._active: dict[str, int] = {}  # which of them the input is for
        self._numbers: dict[str, int] = {}

    def of(self, path: str) -> tuple[Talk, ...]:
        """The sessions of a function, in the order in which they were opened."""
        return self._talks.get(path, ())

    def active(self, path: str) -> Talk | None:
        """The one that the input is for."""
        talks = self.of(path)
        return talks[min(self._active.get(path, 0), len(talks) - 1)] if talks else None

    def open(self, path: str) -> Talk | None:
        """Another session, which the input is for from now on; None where there are as many as may be."""
        from tui.app.desk.running.talk import Talk

        record = self.store.get(path)
        if record is None or len(self.of(path)) >= MOST:
            return None
        number = self._numbers[path] = self._numbers.get(path, 0) + 1
        loop, context = asyncio.get_running_loop(), copy_context()  # a thread's own knows of no app to draw in

        def told() -> None:
            if not talk.pending:
                talk.pending = True
                loop.call_soon_threadsafe(self._soon, path, talk, context=context)

        talk = Talk(number, record.function.directory, self.workspace, told)
        self._talks[path] = (*self.of(path), talk)
        self._active[path] = len(self._talks[path]) - 1
        self._runner.run(self._wait(path, talk))
        self._tell(path)
        return talk

    def _soon(self, path: str, talk: Talk) -> None:
        talk.pending = True
        asyncio.get_running_loop().call_later(DRAW_SECONDS, self._look, path, talk)

    def _look(self, path: str, talk: Talk) -> None:
        talk.pending = False
        self._tell(path)

    async def _wait(self, path: str, talk: Talk) -> None:
        report = await asyncio.get_running_loop().run_in_executor(self._pool, talk.go, self._remember)
        self._ended(path, report)

    def say(self, path: str, text: str) -> bool:
        """Hand a frame to the session that the input is for, opened where there is none; False where none can be."""
        talk = self.active(path)
        if talk is None or talk.is_over or talk.closing:
            talk = self._instead(path, talk)
        if talk is not None:
            talk.send(text)
            if not talk.pending:
                self._soon(path, talk)
        return talk is not None

    def _instead(self, path: str, over: Talk | None) -> Talk | None:
        """A new session in the place of one that is over."""
        if over is not None:
            self._drop(path, over)
        return self.open(path)

    def _drop(self, path: str, talk: Talk) -> None:
        self._talks[path] = tuple(one for one in self.of(path) if one is not talk)

    def close(self, path: str) -> bool:
        """Close the session that the input is for: the client goes; again: it is ended; once it is over: it is shown no
        more. False where there is none.
        """
        talk = self.active(path)
        if talk is None:
            return False
        if talk.is_over:
            self._drop(path, talk)
        elif talk.closing:
            talk.kill()
        else:
            talk.close()
        self._tell(path)
        return True

    def turn(self, path: str, step: int) -> bool:
        """Have the input for the next session, or the one before; False where there is one at most."""
        talks = self.of(path)
        if len(talks) < 2:
            return False
        self._active[path] = (min(self._active.get(path, 0), len(talks) - 1) + step) % len(talks)
        self._tell(path)
        return True

    def choose(self, path: str, talk: Talk) -> None:
        """Have the input for this one."""
        if talk in self.of(path) and talk is not self.active(path):
            self._active[path] = self.of(path).index(talk)
            self._tell(path)

    def end(self) -> None:
        """End them all."""
        for talks in self._talks.values():
            for talk in talks:
                talk.kill()

"""Watch mode as a person turns it on and off: what a save touches is built, as long as there is a compiler."""

from __future__ import annotations

import os
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.desk.compilers import is_missing, no_compiler
from tui.app.notices import Notice

if TYPE_CHECKING:
    from tui.app.desk.builds.builds import Builds
    from tui.app.desk.builds.watching import WatchMode
    from tui.app.desk.store import Store
    from tui.workspace.watch.following import Batch as Changed


class SwitchListener(Protocol):
    """Who is told that watch is on or off, and runs it."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""

    def builds_changed(self) -> None:
        """Watch is on or off, or more or fewer functions are suspended."""


class WatchSwitch:
    """Has a WatchMode while watch is on, and asks for the builds that it wants."""

    def __init__(self, root: Path, store: Store, builds: Builds, listener: SwitchListener) -> None:
        self.root = root
        self.store = store
        self.builds = builds
        self.listener = listener
        self.mode: WatchMode | None = None
        self._early: dict[Path, str] = {}  # new functions to be built that a search has yet to find, and why
        self._told_missing = False  # it was said that there is no compiler

    @property
    def is_on(self) -> bool:
        """Whether saves are rebuilt."""
        return self.mode is not None

    @property
    def suspended(self) -> int:
        """How many functions watch leaves alone because they change by themselves."""
        return 0 if self.mode is None else len(self.mode.suspended)

    def toggle(self) -> None:
        """Rebuild on save, or stop doing so."""
        if self.mode is not None:
            self.stop()
        else:
            from tui.app.desk.builds.watching import WatchMode

            self.mode = WatchMode(self.root, self)
            self.listener.run(self.mode.run())
        self.listener.builds_changed()

    def stop(self) -> None:
        """Rebuild nothing any more."""
        if self.mode is not None:
            self.mode.stop()
            self.mode = None
            self._early.clear()

    def key(self) -> None:
        """A person pressed a key."""
        if self.mode is not None:
            self.mode.key()

    def feed(self, batch: Changed) -> None:
        """Paths below the workspace changed."""
        if self.mode is not None:
            self.mode.feed(batch)

    def names_found(self) -> None:
        """The functions are those that are there now: build what was asked for of new ones."""
        self._early = {place: reason for place, reason in self._early.items() if not self._build(place, reason)}

    # -- told by the mode

    def rebuild(self, directory: Path, reason: str) -> None:
        """Have a function built, because of a change that `reason` names."""
        if not self._build(directory, reason):
            self._early[directory] = reason

    def _build(self, directory: Path, reason: str) -> bool:
        """False where no function is known there."""
        function = self.store.places.get(os.fspath(directory))
        if function is None:
            return False
        if not is_missing(self.builds.compiler):
            self._told_missing = False
            self.builds.build([function.path], origin="watch", trigger=reason)
        elif not self._told_missing:  # a save a second is no reason to say it each time
            self._told_missing = True
            self.listener.say(no_compiler(self.builds.compiler))
        return True

    def say(self, notice: Notice) -> None:
        """Something to tell the person."""
        self.listener.say(notice)

    def builds_changed(self) -> None:
        """More or fewer functions are suspended."""
        self.listener.builds_changed()

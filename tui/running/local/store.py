"""The store that all guests of a gateway share: looked at and seeded once, before the first of them runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from tui.running.host.http.recording import Recording
from tui.running.host.secrets import read_secrets
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.host.state import State

PREFIX: Final = "fn-tui-dev-"


class Store:
    """A folder of state that is kept, or a private one that goes away again. Its methods belong in a thread."""

    def __init__(self, settings: HostSettings) -> None:
        self._settings = settings
        self._fresh: str | None = None

    def open(self) -> HostSettings:
        """See that all can be used, run the seed, and give the settings for guests. Raises HostSetupError."""
        settings = self._settings
        if settings.fresh:
            # Guests are several processes, so what is kept for none of them longer than this is a file all the same.
            self._fresh = tempfile.mkdtemp(prefix=PREFIX)
            settings = replace(settings, fresh=False, state=str(Path(self._fresh) / "state"))
        try:
            state = _looked_at(settings)
        except HostSetupError:
            self.close()
            raise
        state.database.close()
        state.cache.close()
        return replace(settings, seed="")

    def close(self) -> None:
        """Take a store away that was for this gateway only."""
        if self._fresh is not None and os.path.isdir(self._fresh):
            shutil.rmtree(self._fresh)
            self._fresh = None


def _looked_at(settings: HostSettings) -> State:
    """The store, once all that the settings name can be used. Raises HostSetupError."""
    if settings.secrets:
        read_secrets(settings.secrets)
    if settings.http:
        Recording(settings.http, answers=True)
    return State(settings)

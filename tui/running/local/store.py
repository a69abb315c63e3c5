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
from tui.running.host.veil import Veil

PREFIX: Final = "fn-tui-dev-"


class Store:
    """A folder of state that is kept, or a private one that goes away again. Its methods belong in a thread."""

    def __init__(self, settings: HostSettings) -> None:
        self._settings = settings
        self._fresh: str | None = None
        self.recording: Recording | None = None  # of fetches, where one is named

    def open(self) -> HostSettings:
        """See that all can be used, run the seed, and give the settings for guests. Raises HostSetupError."""
        settings = self._settings
        if settings.fresh:
            # Guests are several processes, so what is kept for none of them longer than this is a file all the same.
            self._fresh = tempfile.mkdtemp(prefix=PREFIX)
            settings = replace(settings, fresh=False, state=str(Path(self._fresh) / "state"))
        try:
            secrets = read_secrets(settings.secrets) if settings.secrets else {}
            if settings.http:
                self.recording = Recording(settings.http, answers=True, veil=Veil(secrets))
            state = State(settings)
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

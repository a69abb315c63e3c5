"""How a run ended, before it is put together with all that it left behind."""

from __future__ import annotations

from dataclasses import dataclass

from tui.running.answer import Stage
from tui.running.stop import OVERDUE, Stop


@dataclass(frozen=True, slots=True)
class Ending:
    """How far a run came. `error` is the gateway's text, `stop` what the engine gave for it."""

    stage: Stage
    error: str | None = None
    stop: Stop | None = None
    exit_code: int | None = None
    output: bytes | None = None  # None: what stdout holds
    frames: tuple[str, ...] | None = None
    ws_close: str | None = None

    @property
    def left_with(self) -> int | None:
        """The code that the function left with, or that the engine closed an endless initialisation with."""
        if self.stop is None:
            return self.exit_code
        return OVERDUE if self.stop.kind == "deadline" and self.stage == "init" else self.stop.exit_code

    @property
    def panicked(self) -> bool:
        """Whether the gateway itself would panic."""
        return self.stop is not None and self.stop.kind == "panic"

    @property
    def timed_out(self) -> bool:
        """Whether the call's own deadline ended it."""
        return self.stop is not None and self.stop.kind == "deadline" and self.stage not in ("instantiate", "init")

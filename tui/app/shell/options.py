"""What the screen is opened with: the settings in force, the state remembered, and what was wrong with either."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tui.settings.keys import Settings
from tui.settings.state import State


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """All that a screen needs to open a workspace."""

    workspace: Path  # absolute
    settings: Settings = field(default_factory=Settings)
    state: State = field(default_factory=State)
    problems: tuple[str, ...] = ()  # sentences about settings and state, for one toast
    remember: bool = True  # save sizes, theme and the last function
    welcome: str | None = None  # a sentence to greet with: where the demo lies

    @property
    def shown_workspace(self) -> str:
        """The workspace as a person writes it: below the home folder with `~`."""
        try:
            return "~/" + self.workspace.relative_to(Path.home()).as_posix()
        except (ValueError, RuntimeError):
            return str(self.workspace)

"""What the screen is opened with: the settings in force, the state remembered, and what was wrong with either."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tui.building.compilers import names
from tui.building.events import CompilerName
from tui.facts import Fact
from tui.settings.keys import Settings
from tui.settings.state import State
from tui.settings.trust import WorkspaceFile
from tui.workspace.names import below_home


class TrustQuestion(Fact):
    """Settings of the workspace's own, and what would be in force with them."""

    found: WorkspaceFile
    agreed: Settings  # all layers, with the workspace's
    problems: tuple[str, ...]  # what is wrong with them then


_USUAL: Final = Settings()
_NOTHING_REMEMBERED: Final = State()


class ScreenOptions(Fact):
    """All that a screen needs to open a workspace."""

    workspace: Path  # absolute
    settings: Settings = _USUAL
    state: State = _NOTHING_REMEMBERED
    problems: tuple[str, ...] = ()  # sentences about settings and state, for one notice
    remember: bool = True  # save sizes, theme and the last function
    welcome: str | None = None  # a sentence to greet with: where the demo lies
    compiler_given: bool = False  # the command line or the environment names the compiler: no choice goes before that
    question: TrustQuestion | None = None  # the workspace brings settings that nobody has agreed to yet

    @property
    def compiler(self) -> CompilerName:
        """The compiler that builds would use: what was chosen here the last time, else what the settings say."""
        settings = self.settings.compiler
        chosen = settings if self.compiler_given else self.state.compiler(self.workspace, settings)
        return chosen if chosen in names() else settings

    @property
    def shown_workspace(self) -> str:
        """The workspace as a person writes it."""
        return shown_folder(self.workspace)


def shown_folder(folder: Path) -> str:
    """A folder as a person writes it: below the home folder with `~`."""
    return below_home(str(folder))

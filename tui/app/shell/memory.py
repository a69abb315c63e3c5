"""What a person's screen keeps of one run for the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tui.app.desk.workbench import Workbench
    from tui.app.options import ScreenOptions
    from tui.settings.state import State


class Memory:
    """Theme, sizes, the way of the list, the compiler, and where one was: written once, at the end."""

    def __init__(self, state: State) -> None:
        self.before = state
        self.state = state

    def use_theme(self, name: str) -> None:
        """Begin with this theme."""
        self.state = replace(self.state, theme=name)

    def keep_sizes(self, workspace: Path, sizes: Mapping[str, int]) -> None:
        """Open this workspace with panes of these sizes."""
        self.state = self.state.with_sizes(workspace, sizes)

    def save(self, options: ScreenOptions, bench: Workbench) -> None:
        """Keep where one is and how, and write it down if it differs from the last time."""
        workspace, taste = options.workspace, bench.taste
        self.state = self.state.with_list(workspace, taste.sort, taste.flat, taste.folded)
        if not options.compiler_given:
            self.state = self.state.with_compiler(workspace, bench.compiler, options.settings.compiler)
        if bench.looked_at is not None:
            self.state = self.state.with_last(workspace, bench.looked_at)
        is_another = self.state != self.before or self.state.latest != self.before.latest
        if options.remember and is_another:
            from tui.settings.state import save_state

            save_state(self.state, self.before)

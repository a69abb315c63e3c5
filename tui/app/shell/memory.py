"""What a person's screen keeps of one run for the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from tui.app.colours.themes import DEFAULT_THEME, TERMINAL_THEME
from tui.app.terminal.early.kept import BARE, LEAST, MOST, MOST_SIZES
from tui.app.terminal.early.stage import STAGE

if TYPE_CHECKING:
    from pathlib import Path

    from textual.geometry import Size as TerminalSize

    from tui.app.desk.workbench import Workbench
    from tui.app.frame.boxes import Boxes
    from tui.app.options import ScreenOptions
    from tui.app.terminal.driver import Terminal
    from tui.app.terminal.early.kept import Row, Size
    from tui.settings.keys import Settings
    from tui.settings.state import State


class Memory:
    """Theme, sizes, the way of the list, the compiler, and where one was: written once, at the end."""

    def __init__(self, state: State) -> None:
        self.before = state
        self.state = state

    def theme(self, settings: Settings, *, no_color: bool) -> str:
        """The theme to begin with: "" is the usual one."""
        return settings.theme or (TERMINAL_THEME if no_color else self.state.theme)

    def use_theme(self, name: str) -> None:
        """Begin with this theme."""
        self.state = self.state._replace(theme=name)

    def keep_sizes(self, workspace: Path, sizes: Mapping[str, int]) -> None:
        """Open this workspace with panes of these sizes."""
        self.state = self.state.with_sizes(workspace, sizes)

    def settle(self, options: ScreenOptions, bench: Workbench) -> State:
        """Keep where one is and how: what the next start is given, were this the end."""
        workspace, taste = options.workspace, bench.taste
        self.state = self.state.with_list(workspace, taste.sort, taste.flat, taste.folded)
        if not options.compiler_given:
            self.state = self.state.with_compiler(workspace, bench.compiler, options.settings.compiler)
        if bench.looked_at is not None:
            self.state = self.state.with_last(workspace, bench.looked_at)
        return self.state

    @property
    def theme_is_another(self) -> bool:
        """Whether all workspaces are opened with another theme from now on."""
        return self.state.theme != self.before.theme

    def save(self, options: ScreenOptions, bench: Workbench) -> None:
        """Write down where one is and how, if it differs from the last time."""
        self.settle(options, bench)
        is_another = self.state != self.before or self.state.latest != self.before.latest
        if options.remember and is_another:
            from tui.settings.state import save_state

            save_state(self.state, self.before)


class Opened(Protocol):
    """The app, as its next start is seen from here."""

    theme: str
    options: ScreenOptions
    bench: Workbench
    memory: Memory
    no_color: bool

    @property
    def available_themes(self) -> Mapping[str, object]:
        """All themes, by name."""

    @property
    def size(self) -> TerminalSize:
        """That of the terminal."""

    @property
    def terminal(self) -> Terminal | None:
        """The terminal that it owns."""


class Openings:
    """Composes the frames of the next start, and keeps them."""

    def __init__(self, app: Opened) -> None:
        self._app = app
        self._frames: dict[Size, list[Row]] | None = None
        self._look: dict[str, str] | None = None
        self.asked = False  # the workspace's settings were asked about: the next start may do so again

    def compose(self, boxes: Boxes, code: int) -> None:
        """Draw them from what there is at an end with that code: for the size of now, and those seen before."""
        from tui.app.frame.opening import bare_rows, frame_of, look_of, scene_of

        app, settings = self._app, self._app.options.settings
        if code or self.asked or app.terminal is None or not app.options.remember or app.bench.reader.searching:
            return
        options = app.options._replace(state=app.memory.settle(app.options, app.bench))
        self._frames = {}
        wanted = app.memory.theme(settings, no_color=app.no_color)
        if app.theme != (wanted if wanted in app.available_themes else DEFAULT_THEME) or not len(app.bench.store):
            return
        scene = scene_of(app.bench, boxes, options)
        for size in self._sizes():
            self._frames[size] = frame_of(scene, size)
        bare = bare_rows(scene)
        self._frames[BARE, len(bare)] = bare
        self._look = look_of(boxes)

    def _sizes(self) -> list[Size]:
        seen = STAGE.opening.seen if STAGE.opening is not None else ()
        now = (self._app.size.width, self._app.size.height)
        fit = (size for size in (now, *seen) if LEAST[0] <= size[0] <= MOST[0] and LEAST[1] <= size[1] <= MOST[1])
        return list(dict.fromkeys(fit))[:MOST_SIZES]

    def save(self) -> None:
        """Write them down. What cannot be written costs the next start its early frame, no more."""
        opening, options = STAGE.opening, self._app.options
        if self._frames is None or opening is None or opening.workspace != str(options.workspace):
            return
        opening.keep(self._frames, self._look, alone=self._app.memory.theme_is_another)

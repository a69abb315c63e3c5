"""The application: themes, terminal, messages, copying, editing, quitting. What is on the screen is the screens'."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.screen import Screen

from tui.app.colours.readable import readable
from tui.app.colours.themes import DEFAULT_THEME, OURS
from tui.app.desk.workbench import Workbench
from tui.app.keys.keymap import read_keymap
from tui.app.messages import CopyRequested, EditRequested
from tui.app.notices import Notice, Notices
from tui.app.options import ScreenOptions
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.scroll_bars import use_scroll_bars
from tui.app.shell.leaving import Leaving
from tui.app.shell.main_screen import MainScreen
from tui.app.shell.memory import Memory, Openings
from tui.app.shell.recent import RecentWorkspaces
from tui.app.terminal.copying import Copying
from tui.app.terminal.curtain import Curtain
from tui.app.terminal.early.stage import STAGE
from tui.app.terminal.editing import Editing
from tui.app.terminal.mouse import Mouse
from tui.app.terminal.textual_private import QuietApp

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from tui.app.dialogs.trust import Trust
    from tui.app.terminal.driver import Terminal
    from tui.gateway.contract.contract import Contract

ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class FnTui(QuietApp, inherit_bindings=False):
    """One workspace on one screen. Returns the exit code; `fault` holds what went wrong with the program itself."""

    TITLE = "fn-tui"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    * { scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    DialogRows { scrollbar-size-horizontal: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "Quit", show=False, priority=False),
        Binding("ctrl+z", "suspend_process", "Back to the shell", show=False, priority=True),
    ]

    def __init__(self, options: ScreenOptions, contract: Contract | None = None) -> None:
        """`contract`: what the settings name, read; None is the shipped one."""
        # Without colours the terminal's own fore- and background stay: greys of ours would darken a light terminal.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        # Textual's animator fails where what it scrolls is scrolled otherwise meanwhile; and lists that glide are slow.
        self.animation_level = "none"
        self.memory = Memory(options.state)
        self.notices = Notices()
        self.mouse = Mouse(self, ours=options.settings.mouse)
        self.curtain = Curtain(self, down=STAGE.stands)
        self.openings = Openings(self)
        self._told = ""
        self._begun = False  # whether all widgets of the main screen are there
        self._ends_with: int | None = None  # the exit code, once we are to end
        for theme in OURS:
            self.register_theme(theme)
        self._use(options, contract)

    def _use(self, options: ScreenOptions, contract: Contract | None) -> None:
        """Make what goes by the settings. Nothing of the workspace is looked at before its main screen is there."""
        self.options = options
        self.keymap_read = read_keymap(options.settings.keys, options.settings.key_places)
        self.glyphs = Glyphs(options.settings.ascii, self.keymap_read.actions)
        use_scroll_bars(options.settings.ascii)
        self.bench = Workbench(options, contract)
        self.recent = RecentWorkspaces([*options.state.recent(options.workspace)])
        self.leaving = Leaving(self, self.bench.builds, self.glyphs, self.keymap_read.actions)
        self.copying = Copying(self, self.bench)
        self.editing = Editing(self, options.settings.editor, self.bench.following.edited)
        wanted = self.memory.theme(options.settings, no_color=self.no_color)
        self.theme = wanted if wanted in self.available_themes else DEFAULT_THEME

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme in use, such that all that is drawn with them reads."""
        self.theme_variables = readable(super().get_css_variables(), sixteen=self.native_ansi_color)
        return self.theme_variables

    def get_default_screen(self) -> Screen[None]:
        """The main screen; an empty one while the workspace's own settings are asked about."""
        if self.options.question is not None:
            return Screen()
        return MainScreen(self, self.bench, self.glyphs, self.keymap_read.actions)

    @property
    def main(self) -> MainScreen:
        """The main screen, whatever lies over it."""
        return next(screen for screen in self.screen_stack if isinstance(screen, MainScreen))

    # -- life

    def on_mount(self) -> None:
        """Take the signals that end us; ask what there is to ask."""
        if self.is_web:  # there these end us as `q` does: children killed. A terminal sees to it by itself.
            for number in ENDING:
                asyncio.get_running_loop().add_signal_handler(number, self.end, 128 + number)
        self.curtain.wait()
        if self.options.question is None:
            self._greet()
            return
        from tui.app.dialogs.trust import TrustScreen

        self.push_screen(TrustScreen(self.options, self.options.question, self.glyphs), self._answered)

    async def _answered(self, answer: Trust | None) -> None:
        """Open the workspace as the person wants it."""
        from tui.app.shell.trusting import options_after

        self.openings.asked = True
        options, contract = options_after(self.options, self.bench.contract, answer)
        self._use(options, contract)
        await self.push_screen(self.get_default_screen())
        self.mouse.use(ours=options.settings.mouse)
        self._greet()

    def _greet(self) -> None:
        """Say what was wrong with the settings."""
        problems = [*self.options.problems, *self.keymap_read.problems]
        wanted = self.options.settings.theme
        if wanted and wanted not in self.available_themes:
            problems.append(f"theme: there is no theme {wanted!r}; {self.glyphs.key('theme')} shows all")
        if problems:
            self.say(Notice("\n".join(problems), "warning", "Settings"))
        if self.options.welcome:
            self.say(Notice(self.options.welcome))
        if not self.is_web:  # a page is of the workspace that it is served for
            self.call_after_refresh(self.recent.look)

    def get_driver_class(self) -> type[Driver]:
        """Our own terminal in place of Textual's; in a browser Textual's way to it."""
        from textual.drivers.linux_driver import LinuxDriver

        usual = super().get_driver_class()
        if usual is not LinuxDriver:
            return usual
        from tui.app.terminal.driver import Terminal

        return Terminal

    @property
    def terminal(self) -> Terminal | None:
        """The terminal that we own; None in a browser, and in tests that need none."""
        driver = self.driver_in_use
        return None if driver is None or driver.is_headless or driver.is_web else cast("Terminal", driver)

    def end(self, code: int) -> None:
        """Leave as `q` does, without asking: terminal restored, children killed."""
        self.leaving.following = None
        if self.terminal is not None:
            self.terminal.ending.begin(code)
        # Textual takes no widgets in once it was told to end, and fails in the middle of those that are on their way.
        self._ends_with = code
        if self._begun:
            self.openings.compose(self.main.boxes, code)
        if self._begun or self.options.question is not None:
            self.exit(code, return_code=code)

    def has_begun(self) -> None:
        """All widgets are there: who was told to end before goes now."""
        self._begun = True
        if self._ends_with is not None:
            self.openings.compose(self.main.boxes, self._ends_with)
            self.exit(self._ends_with, return_code=self._ends_with)

    async def on_unmount(self) -> None:
        """The terminal is as it was by now; nothing of ours is left running after this."""
        self.memory.save(self.options, self.bench)
        self.openings.save()
        await self.bench.stop()

    def draw_again(self) -> None:
        """The terminal missed something, or was another's for a while: draw all of it."""
        self.refresh(layout=True)

    def action_suspend_process(self) -> None:
        """ctrl+z: the shell has the terminal until `fg`; builds go on. All of the shell's job stops, as it would
        without us: stopping us alone would leave the shell waiting for whoever started us.
        """
        if self.terminal is None:
            self.say(Notice("ctrl+z: there is no shell behind this page"))
        else:
            os.killpg(os.getpgrp(), signal.SIGTSTP)

    def say_no_shell(self) -> None:
        """ctrl+z came back at once."""
        self.draw_again()
        self.say(Notice(f"ctrl+z: no shell waits behind fn-tui here; {self.glyphs.key('quit')} quits"))

    async def on_event(self, event: events.Event) -> None:
        """Watch is told that a person is there. What is typed while the app ends is for nobody: no screen is left."""
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return
        if self.curtain.keeps(event):
            return
        if isinstance(event, events.Key):
            self.bench.key()
        await super().on_event(event)

    # -- sentences

    def say(self, notice: Notice) -> None:
        """A sentence in the last line, kept in the list of all. Its text is shown as it is, never read as markup."""
        said = self.notices.add(notice)
        screen = next((screen for screen in self.screen_stack if isinstance(screen, MainScreen)), None)
        if screen is not None and screen.boxes.stand:
            screen.boxes.footer.say(said)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,  # noqa: ARG002 (each severity has its own)
        markup: bool = True,  # noqa: ARG002 (never)
    ) -> None:
        """Textual's own way to say something, and that of the panes: the same."""
        self.say(Notice(message, severity, title))

    def tell_terminal(self, title: str) -> None:
        """The terminal's title."""
        from tui.text import printable

        shown = self.glyphs.text(printable(title, 120))
        driver = self.driver_in_use
        if shown != self._told and driver is not None and not self.is_headless and not self.is_web:
            self._told = shown
            driver.write(f"\x1b]0;{shown}\x07")

    def on_copy_requested(self, message: CopyRequested) -> None:
        """A pane or a dialog wants something copied."""
        self.copying.copy(message.text, message.what)

    def on_edit_requested(self, message: EditRequested) -> None:
        """A pane wants a file edited."""
        self.editing.edit(message.place)

    # -- themes

    def try_theme(self, name: str) -> None:
        """Use a theme for now."""
        if name in self.available_themes:
            self.theme = name

    def theme_chosen(self, name: str) -> None:
        """Use a theme from now on."""
        if name in self.available_themes:
            self.theme = name
            self.memory.use_theme(name)

    # -- quitting

    async def action_quit(self) -> None:
        """ctrl+c and Textual's own way out lead through ours."""
        self.leaving.ask_to_quit()

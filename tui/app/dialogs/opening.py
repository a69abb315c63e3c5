"""What lies over the main screen when it is asked for: dialogs, each made only then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from textual import on

from tui.app.desk.record import FunctionRecord
from tui.app.desk.workbench import Workbench
from tui.app.dialogs.dialog import open_dialog
from tui.app.keys.actions import Action
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.messages import FullTextRequested
from tui.app.shell.navigation import Navigation
from tui.app.shell.toast import Toast

if TYPE_CHECKING:
    from tui.app.shell.app import FnTui


class Dialogs(Navigation):
    """The main screen, as far as asking goes."""

    def __init__(self, bench: Workbench, glyphs: Glyphs, actions: tuple[Action, ...], sizes: Mapping[str, int]) -> None:
        super().__init__(bench.store, glyphs, actions, sizes)
        self.bench = bench

    @property
    def fn_tui(self) -> FnTui:
        """The app."""
        return cast("FnTui", self.app)

    def say(self, toast: Toast) -> None:
        """A sentence in the corner; never read as markup."""
        self.fn_tui.say(toast)

    @property
    def record(self) -> FunctionRecord | None:
        """The function that is looked at."""
        return self.store.get(self.functions.cursor)

    async def action_do(self, action_id: str, *, inside_out: bool = True) -> None:
        """Run an action of the table."""
        raise NotImplementedError

    # -- dialogs

    @on(FullTextRequested)
    def full_text(self, message: FullTextRequested) -> None:
        """Show a text whole."""
        from tui.app.dialogs.whole_text import TextScreen

        message.stop()
        open_dialog(TextScreen(message.title, message.text, self.glyphs), self)

    def action_compiler(self) -> None:
        """Choose the compiler."""
        from tui.app.dialogs.compiler import compiler_screen

        def chosen(name: str | None) -> None:
            if name is not None:
                self.bench.set_compiler(name)
                self.say(Toast(f"builds now use {self.bench.compiler_words()[0]}"))

        open_dialog(compiler_screen(self.bench.toolchain, self.bench.compiler, self.glyphs), self, chosen)

    def action_deploy_form(self) -> None:
        """What deploying would send."""
        from tui.app.dialogs.deploy_form import DeployFormScreen

        config = self.record.reading.config if self.record is not None and self.record.reading is not None else None
        if config is None:
            self.say(Toast("function.yaml is refused, so nothing would be sent", "warning"))
        else:
            open_dialog(DeployFormScreen(config, glyphs=self.glyphs), self)

    def action_diff(self) -> None:
        """The difference against the build before."""
        from tui.app.desk.comparing import show_difference

        if self.record is not None:
            self.bench.run(show_difference(self, self.record))

    def action_new(self) -> None:
        """Make a new function."""
        from tui.app.dialogs.new_function import NewFunctionScreen

        def made(path: str | None) -> None:
            if path is not None:
                self.bench.expect(path)
                self.say(Toast(f"made {path}: e edits it, b builds it"))

        open_dialog(NewFunctionScreen(self.bench.options.workspace, self.glyphs), self, made)

    def action_theme(self) -> None:
        """Choose the colours."""
        from tui.app.dialogs.theme import theme_screen

        open_dialog(theme_screen(self.fn_tui, self.glyphs), self, self.fn_tui.theme_chosen)

    def action_palette(self) -> None:
        """Every action and every function, by name."""
        from tui.app.dialogs.palette import palette_screen

        async def chosen(entry: str | None) -> None:
            if entry is None:
                return
            kind, _, name = entry.partition(":")
            if kind == "go":
                self.functions.go_to(name)
            else:
                await self.action_do(name)

        open_dialog(palette_screen(self.table, self.store, self.glyphs), self, chosen)

    def action_help(self) -> None:
        """The keys of where one is."""
        from tui.app.dialogs.help import HelpScreen

        open_dialog(HelpScreen(self.table, self.where, self.glyphs), self)

    def action_mouse(self) -> None:
        """Leave the mouse to the terminal, or take it back."""
        self.fn_tui.toggle_mouse()

    def action_quit(self) -> None:
        """Quit; ask only while something builds."""
        self.fn_tui.ask_to_quit()

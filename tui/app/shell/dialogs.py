"""What lies over the main screen when it is asked for: dialogs, each loaded and made only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.screen import ScreenResultCallbackType

from tui.app.desk.compilers import compiler_words
from tui.app.dialogs.dialog import Answer, Dialog, open_dialog
from tui.app.keys.actions import Action
from tui.app.keys.handlers import Handlers
from tui.app.notices import Notice
from tui.app.shell.showing import Showing

Do = Callable[[str], object]  # runs an action of the table, by its id


class Dialogs:
    """Opens them, and does with the answer what was asked for."""

    def __init__(self, showing: Showing, table: tuple[Action, ...]) -> None:
        self.showing = showing
        self.bench = showing.bench
        self.program = showing.program
        self.glyphs = showing.glyphs
        self.table = table

    def handlers(self) -> Handlers:
        """What the action table reaches here; the palette, which runs actions, is opened by who runs them."""
        return {
            "compiler": self.choose_compiler,
            "deploy-form": self.show_deploy_form,
            "diff": self.show_difference,
            "builds": self.show_builds,
            "messages": self.show_messages,
            "new": self.make_function,
            "theme": self.choose_theme,
            "help": self.show_keys,
            "mouse": self.program.mouse.toggle,
            "quit": self.program.leaving.ask_to_quit,
        }

    def open(self, dialog: Dialog[Answer], answered: ScreenResultCallbackType[Answer] | None = None) -> None:
        """Show a dialog over the main screen; nothing while the app ends, and what was asked for comes too late."""
        if self.showing.boxes.stand:
            open_dialog(dialog, self.showing.boxes.screen, answered, self.table)

    def show_text(self, title: str, text: str) -> None:
        """Show a text whole."""
        from tui.app.dialogs.whole_text import TextScreen

        self.open(TextScreen(title, text, self.glyphs))

    def choose_compiler(self) -> None:
        """Choose the compiler."""
        from tui.app.dialogs.choices.compiler import compiler_screen

        def chosen(name: str | None) -> None:
            if name is not None:
                self.bench.set_compiler(name)
                words = compiler_words(self.bench.compiler, self.bench.toolchain, self.glyphs.key("compiler"))[0]
                self.program.say(Notice(f"builds now use {words}"))

        self.open(compiler_screen(self.bench.toolchain, self.bench.compiler, self.glyphs), chosen)

    def offer_stand_in(self, go_on: Callable[[], None]) -> None:
        """The compiler cannot build: one that stands in for it is one key away. `go_on` with whichever is chosen."""
        from tui.app.dialogs.choices.compiler import stand_in_screen

        def chosen(name: str | None) -> None:
            if name is not None:
                self.bench.set_compiler(name)
                go_on()

        tools = self.bench.toolchain
        other = tools.other(self.bench.compiler) if tools is not None else None
        if tools is None or other is None:
            go_on()
        else:
            self.open(stand_in_screen(tools, self.bench.compiler, other, self.glyphs), chosen)

    def ask_for_cluster(self, go_on: Callable[[str], object]) -> None:
        """Which cluster; `go_on` with its address."""
        from tui.app.dialogs.cluster_address import ClusterAddressScreen

        def typed(address: str | None) -> None:
            if address is not None:
                go_on(address)

        self.open(ClusterAddressScreen(self.glyphs), typed)

    def ask_about_open_network(self, address: str, go_on: Callable[[], object]) -> None:
        """Whether a cluster is used that others can listen to; `go_on` once a person agrees."""
        from tui.app.dialogs.choices.cluster import open_network_screen

        def chosen(what: str | None) -> None:
            if what == "use":
                go_on()

        self.open(open_network_screen(address, self.glyphs), chosen)

    def offer_here(self, why: str, count: int, go_on: Callable[[], object]) -> None:
        """The cluster has gone: `go_on` where this machine is to build what was not built there."""
        from tui.app.dialogs.choices.cluster import gone_screen

        def chosen(what: str | None) -> None:
            if what == "here":
                go_on()

        self.open(gone_screen(why, count, self.glyphs), chosen)

    def show_deploy_form(self) -> None:
        """What deploying would send."""
        from tui.app.dialogs.deploy_form import DeployFormScreen

        record = self.showing.record
        config = record.reading.config if record is not None and record.reading is not None else None
        if config is None:
            self.program.say(Notice("function.yaml is refused, so nothing would be sent", "warning"))
        else:
            self.open(DeployFormScreen(config, glyphs=self.glyphs))

    def show_difference(self) -> None:
        """The difference against the build before."""
        if self.showing.record is not None:
            self.bench.run(self._show_difference(self.showing.record.path))

    async def _show_difference(self, path: str) -> None:
        """Compare, off the loop, and show it; say why where there is nothing to compare."""
        from tui.app.desk.comparing import difference_before
        from tui.app.dialogs.difference import DiffScreen

        record = self.bench.store[path]
        try:
            found = await difference_before(record.wasm)
        except OSError as error:
            self.program.say(Notice(f"cannot compare: {error.strerror or error}", "warning"))
            return
        if found is None:
            words = "there is no earlier build to compare with: build, change something, build again"
            self.program.say(Notice(words))
            return
        self.open(DiffScreen(found, path, glyphs=self.glyphs))

    def show_builds(self) -> None:
        """The builds before of this function."""
        from tui.app.dialogs.builds import BuildsScreen

        record = self.showing.record
        if record is not None:
            self.open(BuildsScreen(record.path, record.function.directory, record.history, self.glyphs))

    def show_messages(self) -> None:
        """All that was said so far."""
        from tui.app.dialogs.messages import MessagesScreen

        self.open(MessagesScreen(tuple(self.program.notices.said), self.glyphs))

    def make_function(self) -> None:
        """Make a new function."""
        from tui.app.dialogs.new_function import NewFunctionScreen

        def made(path: str | None) -> None:
            if path is not None:
                self.bench.expect(path)
                self.program.say(
                    Notice(f"made {path}: {self.glyphs.key('edit')} edits it, {self.glyphs.key('build')} builds it")
                )

        self.open(NewFunctionScreen(self.bench.options.workspace, self.glyphs), made)

    def choose_theme(self) -> None:
        """Choose the colours."""
        from tui.app.dialogs.choices.theme import theme_screen

        before = self.program.theme

        def chosen(name: str | None) -> None:
            if name is None:
                self.program.try_theme(before)
            else:
                self.program.theme_chosen(name)

        self.open(theme_screen(before, self.program.try_theme, self.glyphs), chosen)

    def show_palette(self, do: Do) -> None:
        """Every action, every function and the workspaces before, by name; `do` runs the action that is chosen."""
        from tui.app.dialogs.choices.palette import palette_choices, palette_screen

        def chosen(entry: str | None) -> None:
            kind, _, name = (entry or "").partition(":")
            if kind == "go":
                self.showing.boxes.functions.go_to(name)
            elif kind == "do":
                do(name)
            elif kind == "open":
                self.program.leaving.go_on_to(Path(name))

        recent = self.program.recent
        palette = palette_screen(self.table, self.bench.store, recent.found, self.glyphs)
        self.open(palette, chosen)
        # What was found before is on screen at once; a folder may be on a disk that hangs.
        recent.look(lambda: palette.offer(palette_choices(self.table, self.bench.store, recent.found, self.glyphs)))

    def show_keys(self) -> None:
        """The keys of where one is."""
        from tui.app.dialogs.help import HelpScreen

        self.open(HelpScreen(self.table, self.showing.boxes.where, self.glyphs))

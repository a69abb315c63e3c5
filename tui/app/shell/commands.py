"""What a person asks for, besides looking around and dialogs: builds, the editor, copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from textual import on
from textual.binding import Binding, BindingsMap
from textual.widget import Widget

from tui.app.desk.compilers import no_compiler
from tui.app.desk.workbench import Workbench
from tui.app.dialogs.opening import Dialogs
from tui.app.keys.actions import Action, action_by_id
from tui.app.rows.glyphs import Glyphs
from tui.app.shell.messages import CopyRequested, EditRequested
from tui.app.shell.navigation import MOVES
from tui.app.shell.toast import Toast
from tui.building.compilers import by_name
from tui.text import plural

# Actions that go to the next match where there is a search, and to the next error where there is none.
SEARCHES: Final = frozenset({"next-error", "previous-error"})


class Commands(Dialogs):
    """The main screen, as far as doing goes."""

    def __init__(self, bench: Workbench, glyphs: Glyphs, actions: tuple[Action, ...], sizes: Mapping[str, int]) -> None:
        super().__init__(bench, glyphs, actions, sizes)
        bench.say = self.say
        self._bindings = BindingsMap(
            Binding(",".join(action.keys), f"do('{action.id}')", action.label, show=False, id=action.id)
            for action in actions
        )

    # -- from the table to the method

    async def action_do(self, action_id: str, *, inside_out: bool = True) -> None:
        """Run an action: by the innermost widget around the focus that knows it, else by this screen.

        `inside_out` False asks this screen first: for a pane that handed the action on.
        """
        action = action_by_id(action_id, self.table)
        if action is None:
            return
        own = getattr(self, action.handler, None)
        for method in self._methods(action) if inside_out or own is None else (own,):
            done = method()
            if hasattr(done, "__await__"):
                done = await done
            if done is not False:  # False: there was nothing to do here, ask further out
                return

    def _methods(self, action: Action) -> Iterator[Callable[[], Any]]:
        """What does it: the widgets around the focus, inside out, then this screen, then whoever else can."""
        names = (action.handler, *MOVES.get(action.id, ()))
        node: Any = self.focused or self.functions
        while isinstance(node, Widget) and node is not self:
            found = next((getattr(node, name) for name in names if hasattr(node, name)), None)
            if found is not None and not (action.id in SEARCHES and getattr(node, "has_search", True) is False):
                yield found
            node = node.parent
        for owner in (self, self.functions, self.panes.pane, self.logs.pane):
            if owner is not None and hasattr(owner, action.handler):
                yield getattr(owner, action.handler)
                return

    # -- builds

    def _chosen_paths(self) -> list[str]:
        marked = self.store.marked
        return marked or ([self.record.path] if self.record is not None else [])

    def _build(self, paths: list[str], nothing: str) -> None:
        if not paths:
            self.say(Toast(nothing))
            return
        if self.bench.compiler_missing:
            # It may have been installed since this was opened.
            self.bench.run(self._look_and_build(paths))
            return
        self._start(paths)

    async def _look_and_build(self, paths: list[str]) -> None:
        """Look for the compilers anew; say once that there is none, and leave every function as it is."""
        await self.bench.look_for_compilers()
        tools = self.bench.toolchain
        other = tools.other(self.bench.compiler) if tools is not None else None
        if self.bench.compiler_missing and (other is None or by_name(self.bench.compiler).stand_in):
            self.say(no_compiler(self.bench.compiler))
        else:
            self._start(paths)

    def _start(self, paths: list[str]) -> None:
        tools = self.bench.toolchain
        compiler = self.bench.compiler
        if tools is not None and not by_name(compiler).stand_in and not tools.can_build(compiler):
            self._offer_stand_in(paths)
            return
        self._hand_over(paths)
        if len(paths) > 1:
            self.say(Toast(f"building {plural(len(paths), 'function')}, {self.bench.jobs} at once"))

    def _hand_over(self, paths: list[str]) -> None:
        """Build; marks were for this, and go."""
        self.bench.build(paths)
        self.functions.unmark(paths)

    def _offer_stand_in(self, paths: list[str]) -> None:
        """The compiler cannot build: it would fail in its own words; one that stands in for it is one key away."""
        from tui.app.dialogs.compiler import stand_in_screen
        from tui.app.dialogs.dialog import open_dialog

        def chosen(name: str | None) -> None:
            if name is not None:
                self.bench.set_compiler(name)
                self._hand_over(paths)

        tools = self.bench.toolchain
        other = tools.other(self.bench.compiler) if tools is not None else None
        if tools is None or other is None:
            self._hand_over(paths)
            return
        open_dialog(stand_in_screen(tools, self.bench.compiler, other, self.glyphs), self, chosen)

    def action_build(self) -> None:
        """Build the marked functions, else the one that is looked at."""
        self._build(self._chosen_paths(), "there is no function to build")

    def action_build_stale(self) -> None:
        """Build what is stale or was never built."""
        wanted = [r.path for r in self.store if self.store.state(r.path) in ("stale", "absent", "failed", "cancelled")]
        wanted += [r.path for r in self.store if r.path not in wanted and r.staleness and r.staleness.is_stale]
        self._build(wanted, "nothing is stale")

    def action_build_all(self) -> None:
        """Build every function; those that are up to date are passed over."""
        self._build(self.store.paths, "there is no function to build")

    def action_cancel(self) -> None:
        """Cancel the builds of the marked functions, else of the one that is looked at."""
        cancelled = [path for path in self._chosen_paths() if self.bench.cancel(path)]
        if not cancelled:
            self.say(Toast("nothing builds here"))

    def action_cancel_all(self) -> None:
        """Cancel every build."""
        count = self.bench.cancel_all()
        self.say(Toast(f"cancelling {plural(count, 'build')}" if count else "nothing builds"))

    def action_watch(self) -> None:
        """Rebuild on save: on or off."""
        self.bench.toggle_watch()
        words = "watching: a save rebuilds what it touches" if self.bench.watching else "watch is off"
        self.say(Toast(words))

    def action_more_jobs(self) -> None:
        """One more build at once."""
        self.say(Toast(f"{plural(self.bench.change_jobs(1), 'build')} at once"))

    def action_fewer_jobs(self) -> None:
        """One build fewer at once."""
        self.say(Toast(f"{plural(self.bench.change_jobs(-1), 'build')} at once"))

    def action_refresh(self) -> None:
        """Read the workspace again."""
        self.bench.refresh()
        self.say(Toast("reading again from disk"))

    # -- errors

    def action_next_error(self) -> None:
        """To the next function that is in trouble."""
        self._step_error(1)

    def action_previous_error(self) -> None:
        """To the one before."""
        self._step_error(-1)

    def _step_error(self, step: int) -> None:
        from tui.app.functions.standing import TROUBLE

        rows, here = self.functions.rows, self.functions.cursor_index
        order = [(here + step * offset) % len(rows) for offset in range(1, len(rows) + 1)] if rows else []
        target = next((rows[index] for index in order if self.store.state(rows[index]) in TROUBLE), None)
        if target is None:
            self.say(Toast("no function is in trouble"))
        else:
            self.functions.go_to(target)

    # -- editor, copies

    def action_edit(self) -> None:
        """Open the editor where it is most wanted: at the first error, else at the config."""
        from tui.app.panes.places import place_to_edit

        if self.record is not None:
            place = place_to_edit(self.record)
            self.edit(EditRequested(place.path, place.line, place.column))

    @on(EditRequested)
    def edit(self, message: EditRequested) -> None:
        """Open the editor there."""
        message.stop()
        self.fn_tui.edit(message.path, message.line, message.column)

    def action_copy(self) -> None:
        """Copy what the cursor is on."""
        from tui.app.panes.places import copy_of_record

        node: Any = self.focused
        while isinstance(node, Widget) and node is not self:
            if hasattr(node, "copy_target"):
                target = node.copy_target()
                self.copy(target) if target is not None else self.say(Toast("nothing to copy here"))
                return
            node = node.parent
        if self.record is not None:
            self.copy(copy_of_record(self.record))

    @on(CopyRequested)
    def copy(self, message: CopyRequested) -> None:
        """Copy a text, and say what it was."""
        message.stop()
        self.fn_tui.copy(message.text, message.what)

"""What a person asks for, besides looking around and dialogs: builds, watch, the editor, copies."""

from __future__ import annotations

from functools import partial

from tui.app.desk.compilers import is_missing, no_compiler
from tui.app.keys.handlers import Handlers
from tui.app.notices import Notice
from tui.app.shell.dialogs import Dialogs
from tui.app.shell.showing import Showing
from tui.building.compilers import by_name
from tui.text import plural


class Commands:
    """Doing. Whatever takes long goes on behind the screen, in the workbench."""

    def __init__(self, showing: Showing, dialogs: Dialogs) -> None:
        self.showing = showing
        self.dialogs = dialogs
        self.bench = showing.bench
        self.store = showing.store
        self.program = showing.program
        self._told_lacking = False  # once is enough

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {
            "build": self.build,
            "build-stale": self.build_stale,
            "build-all": self.build_all,
            "cancel": self.cancel,
            "cancel-all": self.cancel_all,
            "watch": self.toggle_watch,
            "test": self.test,
            "run-again": self.toggle_again,
            "gateway": self.toggle_gateway,
            "gateway-copy": self.copy_address,
            "more-jobs": partial(self._change_jobs, 1),
            "fewer-jobs": partial(self._change_jobs, -1),
            "refresh": self.refresh,
            "edit": self.edit,
            "copy": self.copy,
        }

    def _say(self, words: str) -> None:
        self.program.say(Notice(words))

    # -- builds

    def build(self) -> None:
        """Build the marked functions, else the one that is looked at."""
        self._build(self._chosen_paths(), "there is no function to build")

    def build_stale(self) -> None:
        """Build what is stale or was never built."""
        state = self.store.state
        wanted = [r.path for r in self.store if state(r.path) in ("stale", "unbuilt", "failed", "cancelled")]
        wanted += [r.path for r in self.store if r.path not in wanted and r.staleness and r.staleness.is_stale]
        unread = self.store.counts["reading"]
        self._build(wanted, f"{plural(unread, 'function')} not read yet" if unread else "nothing is stale")

    def build_all(self) -> None:
        """Build every function; those that are up to date are passed over."""
        self._build(self.store.paths, "there is no function to build")

    def _chosen_paths(self) -> list[str]:
        """What is marked, else what the cursor is on: a function, or those of a folder."""
        row = self.showing.boxes.functions.listing.row
        return self.store.marked or (row.functions() if row is not None else [])

    def build_these(self, paths: list[str]) -> None:
        """Build these functions."""
        self._build(paths, "there is no function to build")

    def _build(self, paths: list[str], nothing: str) -> None:
        if not paths:
            self._say(nothing)
        elif is_missing(self.bench.compiler):
            # It may have been installed since this was opened.
            self.bench.run(self._look_and_build(paths))
        else:
            self._start(paths)

    async def _look_and_build(self, paths: list[str]) -> None:
        """Look for the compilers anew; say once that there is none, and leave every function as it is."""
        await self.bench.look_for_compilers()
        tools = self.bench.toolchain
        other = tools.other(self.bench.compiler) if tools is not None else None
        if is_missing(self.bench.compiler) and (other is None or by_name(self.bench.compiler).stand_in):
            self.program.say(no_compiler(self.bench.compiler))
        else:
            self._start(paths)

    def _start(self, paths: list[str]) -> None:
        """Build; a compiler that cannot fails in its own words, unless another is chosen that stands in for it."""
        tools, compiler = self.bench.toolchain, by_name(self.bench.compiler)
        if tools is not None and not compiler.stand_in and not tools.tool(compiler.name).ok:
            self.dialogs.offer_stand_in(partial(self._hand_over, paths))
            return
        # As `fn-tui build` does: what it runs may be somewhere that we do not know of, so it decides itself.
        lacks = compiler.lacks()
        if lacks is not None and not self._told_lacking:
            self._told_lacking = True
            self._say(lacks)
        self._hand_over(paths)
        if len(paths) > 1:
            where = self.bench.elsewhere.words or f"{self.bench.builds.queue.jobs} at once"
            self._say(f"building {plural(len(paths), 'function')}, {where}")

    def _hand_over(self, paths: list[str]) -> None:
        """Build; marks were for this, and go."""
        self.bench.build(paths)
        self.showing.boxes.functions.marks.clear(paths)

    def cancel(self) -> None:
        """Cancel the builds of the marked functions, else of the one that is looked at."""
        cancelled = [path for path in self._chosen_paths() if self.bench.builds.cancel(path)]
        if not cancelled:
            self._say("nothing builds here")

    def cancel_all(self) -> None:
        """Cancel every build."""
        count = self.bench.builds.cancel_all()
        self._say(f"cancelling {plural(count, 'build')}" if count else "nothing builds")

    def _change_jobs(self, by: int) -> None:
        """More or fewer builds at once."""
        self._say(f"{plural(self.bench.builds.change_jobs(by), 'build')} at once")

    def toggle_watch(self) -> None:
        """Rebuild on save: on or off."""
        self.bench.watch.toggle()
        self._say("watching: a save rebuilds what it touches" if self.bench.watch.is_on else "watch is off")

    # -- kept calls

    def test(self) -> None:
        """Run the kept calls of the marked functions, else of the one that is looked at."""
        count = self.bench.runs.test(self._chosen_paths())
        self._say(f"running the kept calls of {plural(count, 'function')}" if count else "there is nothing to test")

    def toggle_again(self) -> None:
        """Run and test again after each build: on or off."""
        runs = self.bench.runs
        runs.again = not runs.again
        self._say(
            "each build runs again what was run, and tests again what was tested" if runs.again else "again is off"
        )

    def toggle_gateway(self) -> None:
        """The local gateway: on or off."""
        self.bench.runs.gateway.toggle()

    def copy_address(self) -> None:
        """Copy the local gateway's address."""
        address = self.bench.runs.gateway.view.address
        if address:
            self.program.copying.copy(address, "the local gateway's address")
        else:
            self._say(f"the local gateway is off: {self.showing.glyphs.key('gateway')} starts it")

    # -- the disk, the editor, copies

    def refresh(self) -> None:
        """Read the workspace again."""
        self.bench.refresh()
        self._say("reading again from disk")

    def edit(self) -> None:
        """Open the editor where it is most wanted, for each marked function, else for the one that is looked at."""
        from tui.app.panes.places import place_to_edit

        record = self.showing.record
        chosen = [self.store[path] for path in self.store.marked] or ([record] if record is not None else [])
        if chosen:
            first, *others = (place_to_edit(each) for each in chosen)
            self.program.editing.edit(first, [place.path for place in others])
        else:
            self._say(f"on a folder there is nothing to edit: {self.showing.glyphs.key('open')} unfolds it")

    def copy(self) -> None:
        """Copy what the cursor is on."""
        from tui.app.panes.places import copy_of_record

        pane, record = self.showing.boxes.pane_in_use, self.showing.record
        of_record = copy_of_record(record) if record is not None and pane is None else None
        target = pane.copy_target() if pane is not None else of_record
        if target is not None:
            self.program.copying.copy(target.text, target.what)
        elif pane is not None:
            self._say("nothing to copy here")

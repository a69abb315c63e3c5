"""The log pane: a transcript with its title, search, filter, copying and saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui.app.log.bar import LogBar
from tui.app.log.kept import Kept, kept_of
from tui.app.log.keys import LogKeys
from tui.app.log.search import LogPattern, compile_pattern
from tui.app.log.text import find_line, place_among, save_text, short_path, text_portions
from tui.app.log.view import LogView
from tui.app.shell.messages import CopyRequested
from tui.app.shell.roles import Line
from tui.building.log.transcript import Transcript
from tui.text import plural, printable

Instead = Callable[[], Sequence[Line]]  # what stands there where there is no transcript


class LogPane(LogKeys):
    """`show(transcript, title)` is all that it needs; it reads new lines from the transcript by itself."""

    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """

    class TitleChanged(Message):
        """`title_text` says something else now."""

    def __init__(self, *, ascii_only: bool = False, colours: bool = True, id: str | None = None) -> None:  # noqa: A002
        super().__init__(LogView(ascii_only=ascii_only, colours=colours), id=id)
        self._bar = LogBar()
        self._title = ""
        self._key = ""
        self._instead_of: tuple[str, str] | None = None  # key and title for which the notice was made
        self._place: tuple[int, int] | None = None  # the match that was gone to, of how many
        self._kept: dict[str, Kept] = {}

    def compose(self) -> ComposeResult:
        """The lines, and below them the bar where a search is typed."""
        yield self.view
        yield self._bar

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, transcript: Transcript | None, title: str, key: str | None = None, instead: Instead = tuple) -> None:
        """Show a transcript, or the lines of `instead`. Search and filter are kept for each `key` (default: title)."""
        key = title if key is None else key
        self._title = title
        if transcript is None and (key, title) != self._instead_of:
            self._instead_of = (key, title)
            self.view.say_instead(instead())
        if key == self._key and transcript is self.view.transcript:
            self._tell_title()
            return
        self._kept[self._key] = kept_of(self.view)
        self._key, self._place = key, None
        self._bar.leave()
        kept = self._kept.get(key)
        self.view.search = kept.search if kept is not None else LogPattern("")
        self.view.only = kept.only if kept is not None else LogPattern("")
        self.view.look_at(transcript)
        if kept is not None and transcript is not None and kept.transcript is transcript and not kept.follow:
            self.view.cleared = kept.cleared
            self.view.set_follow(False)
            self.view.lay_out()
            self.view.move_cursor(kept.cursor)
        self._tell_title()

    @property
    def title_text(self) -> str:
        """What the border's title says: the title given, how much there is, follow or hold. Printable, no markup."""
        return " · ".join(part for part in (printable(self._title), self.standing) if part)

    @property
    def standing(self) -> str:
        """How much there is, follow or hold; "" where there is no transcript. Printable, no markup."""
        transcript = self.view.transcript
        if transcript is None:
            return ""
        parts = []
        rows = self.view.rows
        if self.view.only.is_usable and rows is not None:
            parts.append(f"{rows.lines:,} of {plural(transcript.total, 'line')}")
        elif transcript.first:
            parts.append(f"last {transcript.total - transcript.first:,} of {plural(transcript.total, 'line')}")
        if self._place is not None:
            parts.append(f"match {self._place[0]:,} of {self._place[1]:,}")
        if self.view.new_lines:
            parts.append(plural(self.view.new_lines, "new line"))
        parts.append("FOLLOW" if self.view.follow else "HOLD")
        if transcript.problem is not None:
            parts.append(transcript.problem)
        return " · ".join(printable(part) for part in parts if part)

    def _tell_title(self) -> None:
        self.border_title = Content(self.title_text)
        path = self.view.transcript.path if self.view.transcript is not None else None
        self.border_subtitle = Content(printable(short_path(path))) if path is not None else None
        self.post_message(self.TitleChanged())

    def on_log_view_changed(self, event: LogView.Changed) -> None:
        """Bring the title up to date."""
        event.stop()
        self._tell_title()

    # -- the actions --------------------------------------------------------------------------------------------------

    def action_follow(self) -> None:
        """Follow the end, or hold here."""
        self.view.set_follow(not self.view.follow)

    def action_wrap(self) -> None:
        """Wrap long lines, or not."""
        self.view.wrap = not self.view.wrap
        self.view.scroll_to(x=0, animate=False)
        self.view.lay_out()

    def action_times(self) -> None:
        """Show when each line came, or not."""
        self.view.times = not self.view.times
        self.view.lay_out()

    def action_clear(self) -> None:
        """Hide all lines that came so far. They stay in the file."""
        if self.view.transcript is not None:
            self.view.cleared = self.view.transcript.total
            self.view.follow, self.view.selecting_from = True, None
            self.view.lay_out()
            self._tell_title()

    def action_back(self) -> bool:
        """Leave bar, selection, filter, search: one at a time. False where there was nothing to leave."""
        view = self.view
        if self._bar.display:
            self._bar.leave()
            view.focus()
        elif view.selecting_from is not None:
            view.selecting_from = None
            view.refresh()
        elif view.only.text:
            self._filter(LogPattern(""))
        elif view.search.text:
            self._search(LogPattern(""))
        else:
            return False
        return True

    # -- search and filter --------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Type a search: `/` in the log."""
        self._bar.ask("search", self.view.search.text)

    def action_only_matching(self) -> None:
        """Type a filter: only matching lines stay."""
        self._bar.ask("only", self.view.only.text)

    def action_save(self) -> None:
        """Type the file to save to."""
        if self.view.transcript is not None:
            name = "".join(c if c.isalnum() or c in "-_" else "_" for c in self._key) or "build"
            self._bar.ask("save", f"{name}.log")

    def on_log_bar_typed(self, event: LogBar.Typed) -> None:
        """Search or filter as one types; a bad pattern is said in the bar."""
        event.stop()
        if event.purpose == "save":
            return
        pattern = compile_pattern(event.text)
        self._bar.say(pattern.error or "", is_error=True)
        if pattern.error is None:
            (self._search if event.purpose == "search" else self._filter)(pattern)

    def on_log_bar_done(self, event: LogBar.Done) -> None:
        """Enter in the bar: go to the match, or save."""
        event.stop()
        if event.purpose == "save":
            self.run_worker(self._save(Path(event.text).expanduser()), group="log-save", exclusive=True)
            return
        if compile_pattern(event.text).error is not None:
            return
        self._bar.leave()
        self.view.focus()
        if event.purpose == "search":
            self._look(1, here=True)

    def on_log_bar_left(self, event: LogBar.Left) -> None:
        """Escape in the bar."""
        event.stop()
        self._bar.leave()
        self.view.focus()

    def _search(self, pattern: LogPattern) -> None:
        self.view.search = pattern
        self._place = None
        self.view.draw_anew()
        self._tell_title()

    def _filter(self, pattern: LogPattern) -> None:
        self.view.only = pattern
        self.view.lay_out()
        self._tell_title()

    def action_next_error(self) -> None:
        """To the next match."""
        self._look(1)

    def action_previous_error(self) -> None:
        """To the match before."""
        self._look(-1)

    @property
    def has_search(self) -> bool:
        """Whether n and N have something to go to here."""
        return self.view.search.is_usable

    def _look(self, direction: int, here: bool = False) -> None:
        if self.has_search:
            self.run_worker(self._find(direction, here), group="log-search", exclusive=True)

    async def _find(self, direction: int, here: bool) -> None:
        view = self.view
        if view.rows is None:
            return
        found = await find_line(view.rows, view.search, view.cursor, direction, here=here)
        if found is not None:
            view.move_cursor(found)
            self._place = await place_among(view.rows, view.search, found)
            self._tell_title()
        else:
            self.app.notify(f"no line matches {printable(view.search.text, 60)}", markup=False, timeout=3)

    # -- copying and saving -------------------------------------------------------------------------------------------

    def action_select_lines(self) -> None:
        """Begin a selection of lines here, or drop it."""
        view = self.view
        view.selecting_from = view.cursor if view.selecting_from is None else None
        if view.selecting_from is not None and view.follow:
            view.set_follow(False)
        view.refresh()

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the lines selected, else the line under the cursor."""
        view = self.view
        if view.rows is None or view.transcript is None or not view.rows.lines:
            return None
        start = view.cursor if view.selecting_from is None else view.selecting_from
        lines = view.rows.showing(min(start, view.cursor), max(start, view.cursor))
        text = "\n".join(view.transcript.plain(index) for index in lines if index >= view.transcript.first)
        return CopyRequested(text, "the line" if len(lines) == 1 else plural(len(lines), "line"))

    def action_copy(self) -> None:
        """Copy the lines selected, else the line under the cursor; the selection is left."""
        target = self.copy_target()
        self.view.selecting_from = None
        self.view.refresh()
        if target is not None:
            self.post_message(target)
        else:
            self.app.notify("nothing to copy here", timeout=3)

    def action_copy_all(self) -> None:
        """Copy all lines that show."""
        self.run_worker(self._copy_all(), group="log-copy", exclusive=True)

    async def _copy_all(self) -> None:
        rows = self.view.rows
        if rows is not None and rows.lines:
            text = "".join([part async for part in text_portions(rows)])
            self.post_message(CopyRequested(text, plural(rows.lines, "line") + " of the log"))

    def action_copy_path(self) -> None:
        """Copy the path of the file with the whole log."""
        transcript = self.view.transcript
        if transcript is not None and transcript.path is not None:
            self.post_message(CopyRequested(str(transcript.path), "the path of the log file"))

    async def _save(self, path: Path) -> None:
        if self.view.rows is None:
            return
        problem = await save_text(self.view.rows, path)
        if problem is not None:
            self._bar.say(printable(problem), is_error=True)
            return
        self._bar.leave()
        self.view.focus()
        self.app.notify(f"saved to {printable(str(path.absolute()))}", markup=False)

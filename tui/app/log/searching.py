"""Searching and filtering one log: typed in the bar, drawn by the view, stepped through from match to match."""

from __future__ import annotations

from textual.widget import Widget

from tui.app.beside import run_beside
from tui.app.keys.handlers import Handlers
from tui.app.log.bar import LogBar, Purpose
from tui.app.log.search import LogPattern, compile_pattern
from tui.app.log.text import find_line, place_among
from tui.app.log.view import LogView
from tui.text import printable


class LogSearch:
    """The search and the filter of the log that shows. `place`: the match that was gone to, of how many."""

    def __init__(self, pane: Widget, view: LogView, bar: LogBar) -> None:
        self.pane = pane
        self.view = view
        self.bar = bar
        self.place: tuple[int, int] | None = None

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {
            "filter": self.ask_search,
            "log-only": self.ask_only,
            "next-error": self.next_match,
            "previous-error": self.previous_match,
        }

    # -- typed

    def ask_search(self) -> None:
        """Type a search."""
        self.bar.ask("search", self.view.search.text)

    def ask_only(self) -> None:
        """Type a filter: only matching lines stay."""
        self.bar.ask("only", self.view.only.text)

    def typed(self, purpose: Purpose, text: str) -> None:
        """Search or filter as one types; a bad pattern is said in the bar."""
        pattern = compile_pattern(text)
        self.bar.say(pattern.error or "", is_error=True)
        if pattern.error is None:
            (self._search if purpose == "search" else self._filter)(pattern)

    def done(self, purpose: Purpose, text: str) -> None:
        """Enter: back to the log, to the first match from here on. A bad pattern stays in the bar."""
        if compile_pattern(text).error is not None:
            return
        self.bar.leave()
        self.view.focus()
        if purpose == "search":
            self._step(1, here=True)

    def leave(self) -> bool:
        """Leave the filter, else the search. False where there is neither."""
        if self.view.only.text:
            self._filter(LogPattern(""))
        elif self.view.search.text:
            self._search(LogPattern(""))
        else:
            return False
        return True

    def _search(self, pattern: LogPattern) -> None:
        self.view.search = pattern
        self.place = None
        self.view.draw_anew()
        self.view.title_changed()

    def _filter(self, pattern: LogPattern) -> None:
        self.view.only = pattern
        self.view.lay_out()
        self.view.title_changed()

    # -- stepped through

    def next_match(self) -> bool:
        """To the next match; False where nothing is searched."""
        return self._step(1)

    def previous_match(self) -> bool:
        """To the match before; False where nothing is searched."""
        return self._step(-1)

    def _step(self, direction: int, here: bool = False) -> bool:
        if self.view.search.is_usable:
            run_beside(self.pane, "log-search", self._find, direction, here)
        return self.view.search.is_usable

    async def _find(self, direction: int, here: bool) -> None:
        view = self.view
        if view.rows is None:
            return
        found = await find_line(view.rows, view.search, view.cursor.place, direction, here=here)
        if found is not None:
            view.go(found)
            self.place = await place_among(view.rows, view.search, found)
            view.title_changed()
        else:
            self.pane.notify(f"no line matches {printable(view.search.text, 60)}", markup=False, timeout=3)

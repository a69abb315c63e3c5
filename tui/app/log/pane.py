"""The log pane: a transcript with its title, search, filter, copying and saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tui.app.colours.roles import Line
from tui.app.desk.record import FunctionRecord
from tui.app.keys.handlers import Handlers
from tui.app.log.bar import LogBar
from tui.app.log.copying import LogCopies
from tui.app.log.kinds import place_named
from tui.app.log.searching import LogSearch
from tui.app.log.switches import LogSwitches
from tui.app.log.text import short_path
from tui.app.log.view import LogSetting, LogView
from tui.app.log.words import log_words, no_log_lines
from tui.app.messages import CopyRequested, EditRequested, TabTurned
from tui.app.rows.cursor import Direction, leap_page, walk
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.building.log.transcript import Transcript
from tui.text import plural, printable

Instead = Callable[[], Sequence[Line]]  # what stands there where there is no transcript


FRAMED_FROM: Final = 8  # rows of the pane


class LogPane(Vertical):
    """Shows the transcript of a function's last build; it reads new lines from it by itself."""

    DEFAULT_CSS = """
    LogPane { height: 1fr; }
    """
    # The other keys (j k g G ctrl+d, f & W ...) are the action table's.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("shift+left", "scroll_sideways(-8)", "Left", show=False),
        Binding("shift+right", "scroll_sideways(8)", "Right", show=False),
    ]

    class TitleChanged(Message):
        """`title_text` says something else now."""

    def __init__(self, *, glyphs: Glyphs | None = None, wrap: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.glyphs = glyphs or Glyphs()
        self.view = LogView(glyphs=self.glyphs)
        self.view.wrap = wrap
        self._bar = LogBar(ascii_only=self.glyphs.ascii)
        self._switches = LogSwitches(self.view)
        self._search = LogSearch(self, self.view, self._bar)
        self._copies = LogCopies(self, self.view, self._bar)
        self._title = ""
        self._directory: Path | None = None  # where the build ran: what paths in its log are relative to
        self._key = ""
        self._left: dict[str, LogSetting] = {}  # how each log was left

    def compose(self) -> ComposeResult:
        """The lines, and below them the bar where a search is typed."""
        yield self.view
        yield self._bar

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, record: FunctionRecord | None) -> None:
        """Show the log of a function's last build, or what there is to say where there is none."""
        transcript = record.transcript if record is not None else None
        self._directory = record.function.directory if record is not None else None
        title = plain(log_words(record, self.glyphs)) if record is not None else ""
        key = record.path if record is not None else ""
        self.read(transcript, title, key, lambda: no_log_lines(record, self.glyphs))

    def say_absent(self, words: str) -> None:
        """The log is empty where no function shows, whatever the reason."""

    def read(self, transcript: Transcript | None, title: str, key: str | None = None, instead: Instead = tuple) -> None:
        """Show a transcript, or the lines of `instead`. Search and filter are kept for each `key` (default: title)."""
        key = title if key is None else key
        self._title = title
        if transcript is None:
            self.view.say_instead(instead())  # each time: more may be known of the function than before
        if key != self._key or transcript is not self.view.transcript:
            self._left[self._key] = self.view.setting()
            self._key, self._search.place, self._copies.name = key, None, key
            self._bar.leave()
            self.view.resume(transcript, self._left.get(key))
        self._tell_title()

    @property
    def rows_wanted(self) -> int | None:
        """The rows of the log; as many as it gets while more may come, or something is typed."""
        transcript, rows = self.view.transcript, self.view.rows
        if transcript is None or rows is None:
            return 0
        return rows.rows if transcript.closed and not rows.behind and not self._bar.display else None

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
        if self.view.scroll_offset.x and not self.view.wrap:
            parts.append(f"from column {self.view.scroll_offset.x + 1:,}")
        if self._search.place is not None:
            parts.append("match {:,} of {:,}".format(*self._search.place))
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

    def handlers(self) -> Handlers:
        """What the action table reaches in the log."""
        own: Handlers = {
            "back": self.leave,
            "open": self.open_place,
            "edit": self.open_place,
            "fold": partial(self.turn, -1),
            "unfold": partial(self.turn, 1),
        }
        bar = {**self._search.handlers(), **self._copies.handlers()}
        return {**walk(self.view), **self._switches.handlers(), **bar, **own}

    def copy_target(self) -> CopyRequested | None:
        """What `y` copies: the lines selected, else the line under the cursor."""
        return self._copies.target()

    def action_page(self, step: Direction) -> None:
        """A page down or up."""
        leap_page(self.view, step)

    def action_scroll_sideways(self, columns: int) -> None:
        """Scroll long lines."""
        self.view.scroll_to(x=max(self.view.scroll_offset.x + columns, 0), animate=False, force=True)
        self._tell_title()

    def turn(self, step: Direction) -> None:
        """The tab beside this one."""
        self.post_message(TabTurned(step))

    def open_place(self) -> bool:
        """Open the editor at the place that the line under the cursor names; False where it names none."""
        view, directory = self.view, self._directory
        if view.rows is None or view.transcript is None or directory is None or not view.rows.lines:
            return False
        line = view.cursor.place
        place = place_named(view.transcript.plain(line), directory) if line >= view.transcript.first else None
        if place is not None:
            self.post_message(EditRequested(place))
        return place is not None

    def on_log_view_opened(self, event: LogView.Opened) -> None:
        """A second click opens, as enter does."""
        event.stop()
        self.open_place()

    def leave(self) -> bool:
        """Leave bar, selection, filter, search: one at a time. False where there was nothing to leave."""
        view = self.view
        if self._bar.display:
            self._bar.leave()
            view.focus()
        elif view.selecting_from is not None:
            view.selecting_from = None
            view.refresh()
        else:
            return self._search.leave()
        return True

    def on_resize(self) -> None:
        """A frame around what is typed costs rows that there may not be."""
        self._bar.set_class(self.size.height < FRAMED_FROM, "-line")

    # -- the bar ------------------------------------------------------------------------------------------------------

    def on_log_bar_typed(self, event: LogBar.Typed) -> None:
        """Search or filter as one types."""
        event.stop()
        if event.purpose != "save":
            self._search.typed(event.purpose, event.text)

    def on_log_bar_done(self, event: LogBar.Done) -> None:
        """Enter in the bar: go to the match, or save."""
        event.stop()
        if event.purpose == "save":
            self._copies.save(event.text)
        else:
            self._search.done(event.purpose, event.text)

    def on_log_bar_left(self, event: LogBar.Left) -> None:
        """Escape in the bar."""
        event.stop()
        self._bar.leave()
        self.view.focus()

"""The filter of a pane: typed into its first line, which stays in sight, with how many rows it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.geometry import Region
from textual.strip import Strip

from tui.app.rows.filter import narrow
from tui.app.rows.lines import fit, outside, width_of
from tui.app.rows.row_list import RowList
from tui.app.rows.table import Row
from tui.app.shell.roles import Line, Part

LONGEST: Final = 200  # characters of a filter


class FilteredRows(RowList):
    """Rows that `/` narrows. The pane types by itself: no other widget takes the focus, nothing below jumps."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.needle = ""
        self.typing = False
        self.matches = (0, 0)  # rows that show, rows there are; while a filter is on

    # -- what others drive

    def filter(self, needle: str) -> None:
        """Keep the rows that say every word of `needle`; an empty one shows all."""
        needle = needle[:LONGEST]
        if needle != self.needle:
            self.needle = needle
            self.filtered()

    def clear_filter(self) -> None:
        """Show all rows again; the cursor stays on its row."""
        self.typing = False
        if self.needle:
            self.filter("")
        else:
            self.filtered()

    def filtered(self) -> None:
        """Make the rows again."""
        raise NotImplementedError

    def action_filter(self) -> None:
        """Begin to type."""
        if not self.typing:
            self.typing = True
            self.filtered()
            self.scroll_to(y=0, animate=False)

    def action_back(self) -> bool:
        """Leave the filter; False where there is none, for whoever is further out to go back."""
        if not self.is_filtered:
            return False
        self.clear_filter()
        return True

    @property
    def is_filtered(self) -> bool:
        """Whether the first line is the filter's."""
        return self.typing or bool(self.needle)

    # -- rows

    def narrowed(self, rows: Sequence[Row], opened: frozenset[str] | set[str] = frozenset()) -> list[Row]:
        """The rows that the filter leaves, below a line for the filter itself."""
        if not self.is_filtered:
            return list(rows)
        found = narrow(rows, self.needle, opened)
        self.matches = (found.shown, found.total)
        if self.needle.split():
            self.stack.folded = set(found.folded)
        left = found.rows if self.needle.split() else list(rows)
        if not left:
            left = [Row("nothing", lines=((Part("nothing here says that", "muted"),),), selectable=False)]
        return [Row("filter", lines=((),), selectable=False), *left]

    def _filter_line(self) -> Line:
        shown, total = self.matches
        count = f"{shown:,} of {total:,}" if self.needle.split() else f"{total:,}"
        cursor = Part(" ", "reverse") if self.typing else Part("")
        typed = Part(self.glyphs.text(outside(self.needle).text), "strong")
        hint = "enter keeps, esc shows all" if self.typing else "/ changes, esc shows all"
        none = "warn" if self.needle.split() and not shown else "accent"
        return Part("/ ", "key"), typed, cursor, Part(f"   {count}", none), Part(f"   {hint}", "faint")

    def render_line(self, y: int) -> Strip:
        """One line; the first one is the filter's, wherever one has scrolled to."""
        if y or not self.is_filtered:
            return super().render_line(y)
        width = self.scrollable_content_region.width
        line = self._filter_line()
        room = width - 2
        line = line if width_of(line) <= room else line[:4]  # without the hint
        return self._strip(fit(line, room, self.glyphs["ellipsis"]), width, marked=False)

    def scroll_to_cursor(self) -> None:
        """Bring the cursor's row into sight, below the filter's line."""
        super().scroll_to_cursor()
        if self.is_filtered and self.row is not None:
            top = self.stack.tops[self.cursor]
            if top <= self.scroll_offset.y:
                self.scroll_to_region(Region(0, max(top - 1, 0), 1, 2), animate=False, force=True)

    # -- typing

    def on_key(self, event: events.Key) -> None:
        """What is typed goes into the filter; what moves still moves."""
        if not self.typing:
            return
        if event.key in ("enter", "tab", "shift+tab", "down"):
            self.typing = False
            self.clear_filter() if not self.needle.strip() else self.filtered()
            if event.key in ("tab", "shift+tab"):
                return
        elif event.key == "escape":
            self.clear_filter()
        elif event.key in ("backspace", "ctrl+h"):
            self.filter(self.needle[:-1]) if self.needle else self.clear_filter()
        elif event.key in ("ctrl+u", "ctrl+w"):
            self.filter("" if event.key == "ctrl+u" else self.needle.rstrip().rpartition(" ")[0])
        elif event.is_printable and event.character:
            self.filter(self.needle + event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """A paste goes into the filter, on one line."""
        if self.typing:
            event.stop()
            self.filter(self.needle + " ".join(event.text.split()))

    def on_blur(self) -> None:
        """Who leaves has typed enough."""
        if self.typing:
            self.typing = False
            self.clear_filter() if not self.needle.strip() else self.filtered()

"""What is said of the list in the edges of the boxes, and in the panes where its cursor is on no function. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.app.colours.roles import Line, Part
from tui.app.functions.list_rows import sums_of
from tui.app.functions.listing import Listing
from tui.app.functions.order import SORT_WORDS, URGENCY
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import width_of
from tui.lines.states import in_sentence
from tui.text import plural, printable

if TYPE_CHECKING:
    from tui.app.functions.function_list import FunctionList

BESIDE: Final = 15  # cells of the list's edge that are not for words: corners, its name, blanks


def list_words(functions: FunctionList, glyphs: Glyphs) -> Line:
    """The list's edge: `7 of 60 · 3 marked · by path`; less in few cells."""
    marks = functions.marks
    return list_status(functions.listing, functions.size.width, glyphs, len(functions.store.marks), marks.in_range)


def list_status(listing: Listing, width: int, glyphs: Glyphs, marked: int = 0, in_range: bool = False) -> Line:
    """What the filter lets through, what is marked, the order; in the edge of a list of so many cells."""
    room = width - BESIDE
    found = [Part(f"{listing.count:,} of {len(listing.store):,}", "accent")] if listing.sieve.is_on else []
    more = glyphs["ellipsis"] * in_range  # moving the cursor marks
    marks: list[Part] = []
    short: list[Part] = []
    if marked or in_range:
        marks = [Part(f"{marked:,} marked{more}", "accent strong")]
        short = [Part(f"{glyphs['marked']} {marked:,}{more}", "accent strong")]
    order = [Part(SORT_WORDS[listing.taste.sort] + ", flat" * listing.taste.flat, "muted")]
    if listing.taste.sort == "path" and found:
        order = []  # what a filter finds stands by how well it fits
    tries = ([*found, *marks, *order], [*found, *short, *order], [*found, *marks], [*found, *short])
    dot = Part(glyphs.text(" · "), "muted")
    lines = [tuple(piece for part in parts for piece in (dot, part))[1:] for parts in tries]
    return next((line for line in lines if width_of(line) <= room), lines[-1])


def row_name(listing: Listing, glyphs: Glyphs) -> str:
    """What the cursor is on, by its path."""
    return "no function" if listing.row is None else glyphs.text(printable(listing.row.key, 80))


def folder_words(listing: Listing, glyphs: Glyphs) -> Line:
    """How what is in the folder under the cursor stands."""
    row = listing.row
    return sums_of(row, glyphs) if row is not None and row.is_folder else ()


def states_words(listing: Listing) -> str:
    """`4 ready, 1 failed`: in which states the functions of the folder under the cursor are; "" where it is on none."""
    row = listing.row
    if row is None or not row.is_folder:
        return ""
    return ", ".join(f"{row.tally[state]:,} {in_sentence(state)}" for state in URGENCY if row.tally.get(state))


def absence_words(listing: Listing, glyphs: Glyphs) -> str:
    """What is said where there is no function to tell of; "" where there is one."""
    row = listing.row
    if row is None:
        needle = glyphs.text(printable(listing.sieve.needle, 60))
        return f'nothing matches "{needle}": {glyphs.key("back")} clears it' if listing.sieve.is_on else ""
    if not row.is_folder:
        return ""
    way = "unfolds it" if row.key in listing.folded else "folds it"
    return (
        f"a folder with {plural(row.count, 'function')}: {glyphs.key('build')} builds them, {glyphs.key('open')} {way}"
    )

"""What is said of the list in the edges of the boxes, and in the panes where its cursor is on no function. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.app.colours.roles import Line, Part
from tui.app.functions.list_rows import sums_of
from tui.app.functions.listing import Listing
from tui.app.functions.order import SORT_WORDS
from tui.app.rows.glyphs import Glyphs
from tui.text import plural, printable

if TYPE_CHECKING:
    from tui.app.functions.function_list import FunctionList


def list_words(functions: FunctionList, glyphs: Glyphs) -> Line:
    """`7 of 60 · 3 marked · by path`: how many the filter lets through, what is marked, the order."""
    listing, marked = functions.listing, len(functions.store.marks)
    parts: list[Part] = []
    if listing.sieve.is_on:
        parts.append(Part(f"{listing.count:,} of {len(listing.store):,}", "accent"))
    if marked or functions.marks.in_range:
        parts.append(Part(f"{marked:,} marked" + glyphs["ellipsis"] * functions.marks.in_range, "accent strong"))
    parts.append(Part(SORT_WORDS[listing.taste.sort] + ", flat" * listing.taste.flat, "muted"))
    dot = Part(glyphs.text(" · "), "muted")
    return tuple(piece for part in parts for piece in (dot, part))[1:]


def row_name(listing: Listing, glyphs: Glyphs) -> str:
    """What the cursor is on, by its path."""
    return "no function" if listing.row is None else glyphs.text(printable(listing.row.key, 80))


def folder_words(listing: Listing, glyphs: Glyphs) -> Line:
    """How what is in the folder under the cursor stands."""
    row = listing.row
    return sums_of(row, glyphs) if row is not None and row.is_folder else ()


def absence_words(listing: Listing, glyphs: Glyphs) -> str:
    """What the panes say where there is no function to tell of; "" where there is one."""
    row = listing.row
    if row is None:
        needle = glyphs.text(printable(listing.sieve.needle, 60))
        return f'nothing matches "{needle}": esc clears it' if listing.sieve.is_on else ""
    if not row.is_folder:
        return ""
    way = "unfolds it" if row.key in listing.folded else "folds it"
    return f"a folder with {plural(row.count, 'function')}: b builds them, enter {way}"

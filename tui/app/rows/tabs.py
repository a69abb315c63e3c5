"""The tabs of a box on one line: labels shrink, one after the other, before anything is cut. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from tui.app.colours.roles import Line, Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, width_of
from tui.facts import Fact

TabLabel = Literal["label", "short", "digit"]


class Tab(Fact):
    """One tab: its digit, its label, a shorter one for when room is short, and a count or glyph behind it."""

    key: str
    label: str
    short: str
    digit: str = ""
    badge: Line = ()


def tab_line(tabs: Sequence[Tab], active: str, width: int, glyphs: Glyphs) -> tuple[Line, list[tuple[int, int, str]]]:
    """The tabs in at most `width` cells, and which cells belong to which. They shrink before anything is cut.

    First all labels, then closer together, then the longest labels become short ones, one after the other; then only
    the active one has a label, at last none has.
    """
    line: Line = ()
    places: list[tuple[int, int, str]] = []
    for labels, tight in _drawings(tabs, active):
        drawn = [_tab(tab, tab.key == active, label) for tab, label in zip(tabs, labels, strict=True)]
        line, places = _row(tabs, drawn, glyphs, tight)
        if width_of(line) <= width:
            break
    return fit(line, max(width, 0), glyphs["ellipsis"]), places


def _drawings(tabs: Sequence[Tab], active: str) -> Iterator[tuple[list[TabLabel], bool]]:
    """How the tabs may be drawn, roomiest first: the label of each, and whether they stand close."""
    labels: list[TabLabel] = ["label" for _ in tabs]
    yield list(labels), False
    yield list(labels), True
    others = [place for place, tab in enumerate(tabs) if tab.key != active]
    for place in sorted(others, key=lambda place: -len(tabs[place].label)):
        labels[place] = "short"
        yield list(labels), True
    for own, other in _LEAST:
        yield [own if tab.key == active else other for tab in tabs], True


# What is left where the short labels of all do not fit: the active one's, and the others'.
_LEAST: Final[tuple[tuple[TabLabel, TabLabel], ...]] = (
    ("short", "short"),
    ("label", "digit"),
    ("short", "digit"),
    ("digit", "digit"),
)


def words_width(tabs: Sequence[Tab]) -> int:
    """The least width at which every tab has a word."""
    return sum(width_of(_tab(tab, active=False, label="short")) + 1 for tab in tabs) + 1


def _row(
    tabs: Sequence[Tab], drawn: Sequence[Line], glyphs: Glyphs, tight: bool
) -> tuple[Line, list[tuple[int, int, str]]]:
    """Tabs side by side: ` 1 Overview ─ 2 Config `, or ` 1 Overview 2 Config ` where they stand close."""
    line: list[Part] = [Part(" ")]
    places: list[tuple[int, int, str]] = []
    between = (Part(" "),) if tight else (Part(" "), Part(glyphs["h"], "edge"), Part(" "))
    for tab, parts in zip(tabs, drawn, strict=True):
        if places:
            line.extend(between)
        start = width_of(line)
        line.extend(parts)
        # The blanks beside a label are the label's, for the mouse.
        places.append((start - (not tight or not places), width_of(line) + (not tight), tab.key))
    return (*line, Part(" ")) if places else (), places


def _tab(tab: Tab, active: bool, label: TabLabel) -> Line:
    """`3 Verdict ✗1`, the active one strong."""
    word = {"label": tab.label, "short": tab.short, "digit": ""}[label]
    words = " ".join(word for word in (tab.digit, word) if word)
    badge = (Part(" "), *tab.badge) if tab.badge else ()
    return (Part(words, "title" if active else "muted"), *badge)

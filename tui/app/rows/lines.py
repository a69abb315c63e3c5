"""Lines of styled parts: measured, cut, padded and wrapped in terminal cells. Pure: no widget is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len, chop_cells, set_cell_size

from tui.app.colours.roles import Line, Part
from tui.text import printable

ELLIPSIS: Final = "…"
# What is shown of one text from outside; the whole of it is one key away. Also bounds what wrapping costs.
LONGEST: Final = 2_000

# Terminals disagree on how wide a character is with one of these behind it: what stands right of it would jump.
_SELECTORS: Final = {code: f"\\u{code:04x}" for code in range(0xFE00, 0xFE10)}


def outside(text: str, role: str = "", limit: int = LONGEST) -> Part:
    """A part that shows text from outside: escaped, on one line, never longer than `limit` characters."""
    shown = printable(text, limit)
    return Part(shown if shown.isascii() else shown.translate(_SELECTORS), role)


def in_lines(text: str, most: int = 12) -> list[str]:
    """A text of several lines from outside, line by line; of more than `most` the last says how many there are."""
    found = [line.rstrip() for line in text.split("\n") if line.strip()] or [text]
    rest = len(found) - most
    return found if rest <= 0 else [*found[:most], f"(+{rest:,} more)"]


def first_of(text: str) -> str:
    """The first line of a text from outside, and how many follow: `yaml: unmarshal errors: (+2 more)`."""
    first, *rest = in_lines(text, 10_000)
    return f"{first} (+{len(rest):,} more)" if rest else first


def line_of(*parts: Part | str) -> Line:
    """A line of parts; plain strings are parts without a role."""
    return tuple(part if isinstance(part, Part) else Part(part) for part in parts)


def width_of(line: Iterable[Part]) -> int:
    """How many cells a line takes."""
    return sum(cell_len(part.text) for part in line)


def plain(line: Iterable[Part]) -> str:
    """A line's text without its roles."""
    return "".join(part.text for part in line)


def cut(text: str, width: int, ellipsis: str = ELLIPSIS, middle: bool = False) -> str:
    """`text` in at most `width` cells; what was left out, at the end or in the middle, shows as an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    keep = width - 1
    if not middle or keep < 4:
        return set_cell_size(text[: width + 1], keep).rstrip() + ellipsis if keep else ellipsis
    tail = _last_cells(text, keep // 2)
    return set_cell_size(text, keep - cell_len(tail)).rstrip() + ellipsis + tail


def _last_cells(text: str, width: int) -> str:
    """The end of `text` that fits in `width` cells."""
    tail = text[-width:] if width else ""
    while cell_len(tail) > width:
        tail = tail[1:]
    return tail


def fit(line: Line, width: int, ellipsis: str = ELLIPSIS) -> Line:
    """The line in at most `width` cells, cut at its end with an ellipsis."""
    if width_of(line) <= width:
        return line
    kept: list[Part] = []
    left = width
    for index, part in enumerate(line):
        used = cell_len(part.text)
        more = any(later.text for later in line[index + 1 :])
        if used < left or (used == left and not more):
            kept.append(part)
            left -= used
            continue
        # One cell longer than it may be, so that the cut shows even where this part alone would have fitted.
        kept.append(Part(cut(part.text + " ." * (used <= left), left, ellipsis), part.role))
        break
    return tuple(kept)


def shed(line: Line, width: int, dot: str) -> Line:
    """The line without its last words, those behind a dot, until it fits; the words before the first dot stay."""
    while width_of(line) > width and (place := plain(line).rfind(dot)) > 0:
        line = _first(line, place)
    return line


def _first(line: Line, length: int) -> Line:
    """The first characters of a line."""
    kept: list[Part] = []
    for part in line:
        kept.append(Part(part.text[:length], part.role))
        length -= len(part.text)
        if length <= 0:
            break
    return tuple(kept)


def pad(line: Line, width: int, align: str = "left") -> Line:
    """The line filled with blanks to `width` cells."""
    missing = width - width_of(line)
    if missing <= 0:
        return line
    blank = Part(" " * missing)
    return (blank, *line) if align == "right" else (*line, blank)


class _Wrapper:
    """Collects words into lines no wider than `width`."""

    def __init__(self, width: int, lead: Line) -> None:
        self.width = width
        self.indent = min(width_of(lead), max(width - 8, 0))
        self.lines: list[Line] = []
        self.current = list(fit(lead, width, ""))
        self.start = self.used = width_of(self.current)

    def add(self, word: str, role: str, gap: int) -> None:
        """Put a word behind the last one, so many blanks away, or on a line of its own."""
        blanks = "" if self.used == self.start else " " * gap
        if self.used + len(blanks) + cell_len(word) > self.width and self.used > self.start:
            self.break_line()
            blanks = ""
        if self.used + cell_len(word) > self.width:
            self._add_long(word, role)
        else:
            self._put(blanks + word, role)

    def _add_long(self, word: str, role: str) -> None:
        while word:
            room = self.width - self.used
            if room < min(cell_len(word[:2]), 2):
                self.break_line()
                continue
            piece = chop_cells(word[: room + 64], room)[0]
            self._put(piece, role)
            word = word[len(piece) :]

    def _put(self, text: str, role: str) -> None:
        self.current.append(Part(text, role))
        self.used += cell_len(text)

    def break_line(self) -> None:
        """Begin the next line under the first word."""
        self.lines.append(tuple(self.current))
        self.current = [Part(" " * self.indent)] if self.indent else []
        self.start = self.used = self.indent


def wrap(line: Iterable[Part], width: int, lead: Line = ()) -> list[Line]:
    """The line, behind `lead`, broken at blanks into lines of at most `width` cells; further lines begin under it.

    A word longer than a line is broken anywhere. At least one line comes back.
    """
    wrapper = _Wrapper(max(width, 2), lead)
    for word, role, gap in _words(line):
        wrapper.add(word, role, gap)
    wrapper.break_line()
    return wrapper.lines


def _words(line: Iterable[Part]) -> Iterator[tuple[str, str, int]]:
    """Words with their role, and the blanks between each and the word before."""
    gap = 0
    for part in line:
        for index, word in enumerate(part.text.split(" ")):
            gap += bool(index)
            if word:
                yield word, part.role, gap
                gap = 0


def paragraph(text: str, width: int, role: str = "", lead: Line = ()) -> list[Line]:
    """Text (printable already) wrapped behind a lead, further lines set under its first word."""
    return wrap((Part(text, role),), width, lead)

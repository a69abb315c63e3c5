"""What a terminal shows after the bytes that a program wrote: as much of an xterm as fn-tui and Textual make use of."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

from rich.cells import cell_len

_CSI = re.compile(r"\x1b\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])")
_OSC = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_OTHER = re.compile(r"\x1b(?:[()*+][0-9A-Za-z]|[ -/]*[0-~])")
_BEGUN = re.compile(r"\x1b(?:\[[<=>?]?[0-9;:]*[ -/]*|\][^\x07]*|[ -/]*|[()*+])\Z")  # what more bytes may complete

Cell = tuple[str, str]  # what stands there, and in which style


@dataclass
class Emulator:
    """A terminal of so many rows and columns. `cleared` counts how often something erased rows that showed a text."""

    rows: int
    columns: int
    row: int = 0
    column: int = 0
    style: str = ""
    modes: set[str] = field(default_factory=set)
    cleared: int = 0
    entered: int = 0  # how often the alternate screen was entered

    def __post_init__(self) -> None:
        self.cells: list[list[Cell]] = self._blank()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""

    def _blank(self) -> list[list[Cell]]:
        return [[(" ", self.style)] * self.columns for _ in range(self.rows)]

    @property
    def text(self) -> list[str]:
        """The rows as text."""
        return ["".join(letter for letter, _ in row) for row in self.cells]

    def feed(self, written: bytes) -> None:
        """Take bytes; what is not whole yet waits for more."""
        text, self._rest = self._rest + self._decode(written), ""
        place = 0
        while place < len(text):
            if text[place] != "\x1b":
                self._put(text[place])
                place += 1
                continue
            found = _CSI.match(text, place) or _OSC.match(text, place)
            if found is None and _BEGUN.match(text, place):
                self._rest = text[place:]
                return
            found = found or _OTHER.match(text, place)
            assert found is not None, text[place : place + 20]
            if found.re is _CSI:
                self._obey(*found.groups())
            place = found.end()

    def _put(self, letter: str) -> None:
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self.row = min(self.row + 1, self.rows - 1)
        elif letter >= " " and letter != "\x7f" and self.column < self.columns:
            width = cell_len(letter)
            if not width:
                return
            self.cells[self.row][self.column] = (letter, self.style)
            for further in range(self.column + 1, min(self.column + width, self.columns)):
                self.cells[self.row][further] = ("", self.style)
            self.column += width

    def _obey(self, kind: str, given: str, _between: str, what: str) -> None:
        numbers = [int(word) if word else 0 for word in re.split("[;:]", given)]
        if kind == "?" and what in "hl":
            self._switch(numbers, on=what == "h")
        elif kind or what not in "HfJKmABCDG":
            return
        elif what == "m":
            self.style = _styled(self.style, given)
        elif what in "Hf":
            row, column = (*numbers, 0)[:2]
            self.row, self.column = min(max(row, 1), self.rows) - 1, min(max(column, 1), self.columns) - 1
        elif what == "G":
            self.column = min(max(numbers[0], 1), self.columns) - 1
        elif what in "ABCD":
            self._move(what, max(numbers[0], 1))
        else:
            self._erase(what, numbers[0])

    def _move(self, way: str, cells: int) -> None:
        self.row = min(max(self.row + {"A": -cells, "B": cells}.get(way, 0), 0), self.rows - 1)
        self.column = min(max(self.column + {"C": cells, "D": -cells}.get(way, 0), 0), self.columns - 1)

    def _erase(self, what: str, part: int) -> None:
        here = (self.row, self.column)
        for row in range(self.rows) if what == "J" else [self.row]:
            for column in range(self.columns):
                if part == 2 or ((row, column) >= here if part == 0 else (row, column) <= here):
                    self.cleared += self.cells[row][column][0] not in ("", " ")
                    self.cells[row][column] = (" ", self.style)

    def _switch(self, numbers: list[int], *, on: bool) -> None:
        for number in map(str, numbers):
            (self.modes.add if on else self.modes.discard)(number)
            if number == "1049":
                self.entered += on
                self.cleared += sum(letter not in ("", " ") for row in self.cells for letter, _ in row)
                self.style = ""
                self.cells = self._blank()


def _styled(before: str, given: str) -> str:
    """The style after a sequence of graphic rendition: what was said since the last reset."""
    words = given.split(";") if given else ["0"]
    while words and "0" in words[:1]:
        before, words = "", words[1:]
    return ";".join(filter(None, (before, *words)))

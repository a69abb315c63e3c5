"""From an instruction's place to the line of source that it was made of, where the module has line tables (DWARF)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tui.running.plan.line_program import LINE, Row, Tables
from tui.wasm.decode.leb import Malformed
from tui.wasm.module import Module

MOST_ROWS: Final = 500_000  # some two seconds
CODE: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A place in a source file. Lines and columns are 1-based; column 0 is not known."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")


class Lines:
    """All line tables of a module. Addresses in them count from the start of the code section's content."""

    def __init__(self, source: bytes, module: Module) -> None:
        code = next((one for one in module.sections if one.id == CODE), None)
        self._start = code.start if code is not None else 0
        customs = [one for one in module.sections if one.id == 0 and one.name.startswith(".debug_")]
        # A custom section's content begins with its own name.
        sections = {one.name: source[one.start : one.end].partition(one.name.encode())[2] for one in customs}
        self._rows = _rows(sections) if LINE in sections else []
        self._addresses = [row.address for row in self._rows]

    def at(self, offset: int) -> Line | None:
        """The line that the instruction at an offset in the file comes from; None where no table tells."""
        index = bisect_right(self._addresses, offset - self._start) - 1
        row = self._rows[index] if index >= 0 else None
        return Line(row.file, row.line, row.column) if row is not None and row.line else None


def _rows(sections: dict[str, bytes]) -> list[Row]:
    """Every row that can be read, by address. Behind a fault in the tables nothing is read."""
    rows: list[Row] = []
    tables = Tables(sections).rows()
    try:
        rows.extend(islice(tables, MOST_ROWS))
    except (Malformed, IndexError):
        return _sorted(rows)
    return _sorted(rows)


def _sorted(rows: list[Row]) -> list[Row]:
    """By address; what a linker left out (address 0) tells nothing. At one address the last row counts."""
    dead = _dead(rows)
    return sorted((row for index, row in enumerate(rows) if index not in dead), key=lambda row: row.address)


def _dead(rows: list[Row]) -> set[int]:
    """Rows of sequences that start at an address that a linker gives to code that is not there."""
    found: set[int] = set()
    start = 0
    for index, row in enumerate(rows):
        if row.line == 0 and row.file == "":
            if rows[start].address in (0, 0xFFFF_FFFF, 0xFFFF_FFFE):
                found.update(range(start, index + 1))
            start = index + 1
    return found

"""Diagnostics as rows: where, what, the source line with a caret, what to do. Pure but for reading the source line:
of many functions that is for a thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.cells import cell_len

from tui.app.colours.roles import Line, Part
from tui.app.desk.error_book import ErrorEntry, ErrorPlace
from tui.app.messages import EditPlace
from tui.app.rows.glyphs import SEVERITIES, Glyphs
from tui.app.rows.lines import line_of, outside, wrap
from tui.app.rows.pane_rows import text_row
from tui.app.rows.table import Row
from tui.building.errors.diagnostics import absolute_path, place_text
from tui.building.events import Diagnostic
from tui.building.log.sgr import TAB_WIDTH
from tui.gateway.checks.remedy import for_screen
from tui.reading import read_start
from tui.text import plural, printable

NO_ERRORS: Final = "   what is wrong with any function is gathered here"
_SOURCE_BYTES: Final = 4 << 20  # of one file
_SOURCE_CELLS: Final = 400  # of one line that is shown
_SEVERITY: Final = {"error": SEVERITIES["error"], "warning": SEVERITIES["warning"], "note": SEVERITIES["info"]}


def error_rows(
    entries: Sequence[ErrorEntry], glyphs: Glyphs, width: int, sources: SourceLines | None = None
) -> list[Row]:
    """A heading for each function, a row for each diagnostic below it. `sources` are what was read before."""
    if not entries:
        return [text_row("none", line_of(Part("no errors", "strong"), Part(NO_ERRORS, "muted")), width)]
    sources = sources or SourceLines()
    return [row for entry in entries for row in _entry_rows(entry, sources, glyphs, width)]


def _entry_rows(entry: ErrorEntry, sources: SourceLines, glyphs: Glyphs, width: int) -> Iterator[Row]:
    nouns = ("error", "warning", "note") if entry.diagnostics else ()
    words = ", ".join(plural(count, noun) for noun in nouns if (count := entry.count(noun))) or (entry.error or "")
    name = glyphs.text(outside(entry.path).text)
    title = line_of(Part(name, "title"), Part(f"  {glyphs.text(outside(words).text)}", "muted"))
    # A failure that names no place is a row to stand on itself.
    alone = not entry.diagnostics and entry.error is not None
    key = ErrorPlace(entry.path, 0).key if alone else f"function:{entry.path}"
    said = entry.error or ""
    yield Row(key, lines=tuple(wrap(title, width)), selectable=alone, copy=said, what="the error", full=said)
    for number, diagnostic in enumerate(entry.diagnostics):
        lines = _lines(entry, diagnostic, sources, glyphs, width)
        yield _row(entry, diagnostic, number, lines)


def _row(entry: ErrorEntry, diagnostic: Diagnostic, number: int, lines: list[Line]) -> Row:
    path = absolute_path(diagnostic, entry.directory)
    return Row(
        key=ErrorPlace(entry.path, number).key,
        lines=tuple(lines),
        copy=diagnostic.fix or diagnostic_text(diagnostic),
        what="the command that mends it" if diagnostic.fix else "the error",
        full=diagnostic_text(diagnostic),
        edit=EditPlace(path, diagnostic.line, diagnostic.column) if path is not None else None,
    )


def _lines(entry: ErrorEntry, diagnostic: Diagnostic, sources: SourceLines, glyphs: Glyphs, width: int) -> list[Line]:
    sign = _SEVERITY[diagnostic.severity]
    place = place_text(diagnostic)
    tree = "  (the compiler's own tree)" if diagnostic.in_toolchain else ""
    lead = (Part(f"{glyphs.sign(sign)} ", f"{sign.role} strong"),)
    parts = (
        Part(_safe(place, glyphs), "accent"),
        Part("  " if place else ""),
        Part(_safe(diagnostic.message, glyphs), "strong"),
    )
    lines = wrap((*parts, Part(tree, "faint")), width, lead)
    path = absolute_path(diagnostic, entry.directory)
    if path is not None and diagnostic.line is not None:
        lines += source_lines(sources.get(path, diagnostic.line), diagnostic, glyphs, width)
    return lines + _details(diagnostic, glyphs, width)


def _details(diagnostic: Diagnostic, glyphs: Glyphs, width: int) -> list[Line]:
    """Continuation lines, the plain sentence, the command that mends it."""
    lines: list[Line] = []
    for detail in diagnostic.details:
        if detail != diagnostic.fix:
            lines += wrap((Part(_safe(detail, glyphs), "muted"),), width, (Part("    "),))
    if diagnostic.explanation:
        arrow = line_of("  ", Part(f"{glyphs['right']} ", "accent"))
        words = for_screen(diagnostic.explanation, glyphs.key("build"))
        lines += wrap((Part(_safe(words, glyphs)),), width, arrow)
    if diagnostic.fix:
        lead = line_of("  ", Part(f"{glyphs.key('copy')} copies  ", "muted"))
        lines += wrap((Part(_safe(diagnostic.fix, glyphs), "code strong"),), width, lead)
    return lines


def source_lines(source: str | None, diagnostic: Diagnostic, glyphs: Glyphs, width: int) -> list[Line]:
    """The source line with its number, and below it a caret at the column; nothing where there is no such line."""
    if source is None:
        return []
    gutter = f"  {diagnostic.line} {glyphs['v']} "
    room = max(width - cell_len(gutter), 8)
    before = _caret_cells(source, diagnostic.column) if diagnostic.column is not None else None
    shown = _safe(source.expandtabs(TAB_WIDTH), glyphs)[:_SOURCE_CELLS]
    start = 0
    if before is not None and before >= room - 4:
        start = before - room // 2  # a long line: the place that matters is brought into sight
    text = line_of(Part(gutter, "muted"), Part(_cells(shown, start, room)))
    if before is None:
        return [text]
    blank = " " * (cell_len(gutter) - 2)
    return [text, line_of(Part(f"{blank}{glyphs['v']} ", "muted"), Part(" " * (before - start) + "^", "error strong"))]


def _caret_cells(source: str, column: int) -> int:
    """How many cells stand before a column that counts bytes from 1, as Go's compilers do."""
    head = source.encode("utf-8", "replace")[: max(column - 1, 0)].decode("utf-8", "ignore")
    return cell_len(printable(head.expandtabs(TAB_WIDTH)))


def _cells(text: str, start: int, width: int) -> str:
    """At most `width` cells of a text, from cell `start` on; a blank where that is the second half of a wide letter."""
    used, kept = 0, []
    for character in text:
        cells = cell_len(character)
        if used + cells > start + width:
            break
        if used >= start:
            kept.append(character)
        elif used + cells > start:
            kept.append(" ")
        used += cells
    return "".join(kept)


def _safe(text: str, glyphs: Glyphs) -> str:
    return glyphs.text(outside(text).text)


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """A diagnostic as lines of plain text, for copying: as the compiler said it, then what to do."""
    place = place_text(diagnostic)
    first = f"{place}: {diagnostic.message}" if place else diagnostic.message
    return "\n".join(line for line in (first, *diagnostic.details, diagnostic.explanation) if line)


class ErrorRows:
    """Rows of errors that were made before: an entry's are made once for a width."""

    def __init__(self, glyphs: Glyphs) -> None:
        self.glyphs = glyphs
        self._made: dict[str, tuple[ErrorEntry, int, list[Row]]] = {}

    def known(self, entries: Sequence[ErrorEntry], width: int) -> list[Row] | None:
        """The rows of these; None where some have yet to be made."""
        if not entries:
            return error_rows(entries, self.glyphs, width)
        rows: list[Row] = []
        for entry in entries:
            made = self._made.get(entry.path)
            if made is None or made[0] is not entry or made[1] != width:
                return None
            rows += made[2]
        return rows

    def make(self, entries: Sequence[ErrorEntry], width: int) -> None:
        """Make those that are missing, and forget those of other entries: for a thread, since it reads sources."""
        sources, made = SourceLines(), self._made
        self._made = {
            entry.path: known
            if (known := made.get(entry.path)) is not None and known[0] is entry and known[1] == width
            else (entry, width, error_rows([entry], self.glyphs, width, sources))
            for entry in entries
        }


class SourceLines:
    """Lines of source files, each file read once."""

    def __init__(self) -> None:
        self._files: dict[Path, list[str]] = {}

    def read(self, directory: Path, diagnostics: Iterable[Diagnostic]) -> None:
        """Read the files of which these name a line: for a thread. What is asked of them later is there."""
        for diagnostic in diagnostics:
            path = absolute_path(diagnostic, directory)
            if path is not None and diagnostic.line is not None:
                self.get(path, diagnostic.line)

    def get(self, path: Path, line: int) -> str | None:
        """Line `line` (1-based) of a file; None where there is no such line, or the file cannot be read."""
        if path not in self._files:
            self._files[path] = _read_lines(path)
        lines = self._files[path]
        return lines[line - 1] if 1 <= line <= len(lines) else None


def _read_lines(path: Path) -> list[str]:
    try:
        text = read_start(path, _SOURCE_BYTES).decode("utf-8", "replace")
    except OSError:
        return []
    return [line.rstrip("\r") for line in text.split("\n")]

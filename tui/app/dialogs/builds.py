"""The builds before of one function: when, how long, what for, how it ended, the module's size; enter shows one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from textual.widget import Widget

from tui.app.beside import run_beside
from tui.app.colours.roles import Line, Part
from tui.app.desk.builds.recalling import Said, recalled
from tui.app.desk.error_book import ErrorEntry
from tui.app.desk.module_words import clock
from tui.app.dialogs.dialog import Dialog, hint, open_dialog
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.keys.handlers import Handlers
from tui.app.log.kinds import place_named, stretches
from tui.app.messages import EditRequested
from tui.app.panes.errors.rows import SourceLines, error_rows
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import outside, wrap
from tui.app.rows.pane_rows import blank, text_row, title
from tui.app.rows.row_list import RowSelected
from tui.app.rows.table import Column, Row, heading
from tui.building.log.transcript import Transcript
from tui.building.record.history import BuildRecord
from tui.lines.states import STATES
from tui.text import human_bytes, human_seconds, plural, signed_bytes

LINES_SHOWN: Final = 5_000  # of one log: its end
COLUMNS: Final = (
    Column("ended"),
    Column("", minimum=6),
    Column("took", "right"),
    Column("size", "right", drop=1),
    Column("", "right", drop=3),
    Column("compiler", drop=2),
    Column("because", minimum=10),
)
_ENDS: Final = {"built": STATES["ready"], "failed": STATES["failed"], "cancelled": STATES["cancelled"]}


def build_rows(builds: Sequence[BuildRecord], glyphs: Glyphs, width: int) -> list[Row]:
    """A row for each build, newest first; `builds` are oldest first."""
    if not builds:
        return [text_row("none", (Part("no build of this function is on record", "muted"),), width)]
    sizes = [build.size if build.status == "built" else None for build in builds]
    rows = [_build(number, builds[number], sizes, glyphs) for number in range(len(builds))]
    return [heading(COLUMNS), *reversed(rows)]


def _build(number: int, build: BuildRecord, sizes: Sequence[int | None], glyphs: Glyphs) -> Row:
    sign, size = _ENDS[build.status], sizes[number]
    before = next((one for one in reversed(sizes[:number]) if one is not None), None)
    change = signed_bytes(size - before) if size is not None and before is not None and size != before else ""
    why = build.error if build.status == "failed" and build.error else build.trigger or "asked for"
    cells = (
        (Part(clock(build.finished)),),
        (Part(f"{glyphs.sign(sign)} {build.status}", sign.role),),
        (Part(human_seconds(build.seconds)),),
        (Part(human_bytes(size) if size is not None else ""),),
        (Part(glyphs.text(change), "warn" if change.startswith("+") else "ok"),),
        (Part(build.compiler, "muted"),),
        (Part(glyphs.text(outside(why, limit=300).text), "muted"),),
    )
    return Row(f"build:{number}", cells, copy=" ".join(build.argv), what="the command of that build")


def said_rows(
    build: BuildRecord, said: Said, directory: Path, glyphs: Glyphs, width: int, *, sources: SourceLines | None = None
) -> list[Row]:
    """What one build said: its errors, then its log. `sources` are what was read before."""
    result, transcript = said
    rows: list[Row] = []
    if result is not None and result.diagnostics:
        entry = ErrorEntry("build", directory, result.diagnostics, result.error)
        rows += [title("errors", "Errors"), *error_rows([entry], glyphs, width, sources)[1:], blank("log")]
    elif build.error:
        rows += [text_row("error", (outside(build.error, "error"),), width), blank("log")]
    if transcript is None:
        words = "no log of this build was kept"
        return [*rows, text_row("none", (Part(words, "muted"),), width)]
    left_out = max(transcript.total - LINES_SHOWN, 0)
    aside = f"the last {LINES_SHOWN:,} of {plural(transcript.total, 'line')}" if left_out else ""
    return [*rows, title("log", "Log", aside), *_log_rows(transcript, left_out, directory, glyphs, width)]


def _log_rows(transcript: Transcript, start: int, directory: Path, glyphs: Glyphs, width: int) -> Iterator[Row]:
    for line in transcript.lines(start):
        text = glyphs.text(outside(transcript.plain(line.index).expandtabs(8)).text)
        parts: list[Part] = []
        done = 0
        for begin, end, role in stretches(text, line.stream):
            parts += [Part(text[done:begin]), Part(text[begin:end], role)]
            done = end
        lines: list[Line] = wrap((*parts, Part(text[done:])), width)
        place = place_named(text, directory)
        yield Row(f"line:{line.index}", lines=tuple(lines), copy=text, what="the line", edit=place)


class SaidScreen(Dialog[None]):
    """Errors and log of one build; enter opens the editor at what names a place."""

    DEFAULT_CSS = """
    SaidScreen > #dialog { width: 120; height: 92%; }
    SaidScreen #dialog-body { height: 1fr; }
    SaidScreen DialogRows { height: 1fr; }
    """

    def __init__(
        self,
        name: str,
        build: BuildRecord,
        said: Said,
        directory: Path,
        glyphs: Glyphs,
        *,
        sources: SourceLines | None = None,
    ) -> None:
        hints = hint(("open", "opens the editor there"), ("copy", "copies"), ("back", "closes"))
        super().__init__(f"{name}: {build.status} {clock(build.finished)}", glyphs, hints)
        self.build, self.said, self.directory, self.sources = build, said, directory, sources
        self.rows = DialogRows(glyphs=glyphs, id="said")

    def handlers(self) -> Handlers:
        """The list's, and copying."""
        return {**super().handlers(), "copy": self.rows.copy}

    def body(self) -> list[Widget]:
        """The rows."""
        return [self.rows]

    def on_mount(self) -> None:
        """Fill them."""
        self.rows.fill(self._rows)
        self.rows.focus()

    def _rows(self, width: int) -> list[Row]:
        return said_rows(self.build, self.said, self.directory, self.glyphs, width, sources=self.sources)

    def on_row_selected(self, message: RowSelected) -> None:
        """The editor, where the row names a place."""
        message.stop()
        if message.row.edit is not None:
            self.post_message(EditRequested(message.row.edit))


class BuildsScreen(Dialog[None]):
    """The list of builds; enter shows what one said."""

    DEFAULT_CSS = """
    BuildsScreen > #dialog { width: 110; }
    BuildsScreen #dialog-body { max-height: 1fr; }
    """

    def __init__(self, name: str, directory: Path, builds: Sequence[BuildRecord], glyphs: Glyphs) -> None:
        hints = hint(("open", "shows errors and log"), ("copy", "copies the command"), ("back", "closes"))
        super().__init__(f"{name}: builds before", glyphs, hints)
        self.name_shown, self.directory, self.builds = name, directory, tuple(builds)
        self.rows = DialogRows(glyphs=glyphs, columns=COLUMNS, id="builds")

    def handlers(self) -> Handlers:
        """The list's, copying, and the key that opened it."""
        return {**super().handlers(), "copy": self.rows.copy, "builds": self.action_leave}

    def body(self) -> list[Widget]:
        """The rows."""
        return [self.rows]

    def on_mount(self) -> None:
        """Fill them."""
        self.rows.fill(lambda width: build_rows(self.builds, self.glyphs, width))
        self.rows.focus()

    def on_row_selected(self, message: RowSelected) -> None:
        """Read what that build said, off the loop, and show it."""
        message.stop()
        number = message.row.key.removeprefix("build:")
        if number.isdigit():
            run_beside(self, "said", self._show, self.builds[int(number)])

    async def _show(self, build: BuildRecord) -> None:
        said, sources = await asyncio.to_thread(self._read, build)
        screen = SaidScreen(self.name_shown, build, said, self.directory, self.glyphs, sources=sources)
        open_dialog(screen, self, table=self.table)

    def _read(self, build: BuildRecord) -> tuple[Said, SourceLines]:
        """What it said, and the lines that it named, as they are now: in a thread."""
        said, sources = recalled(self.directory, build, LINES_SHOWN), SourceLines()
        if said.result is not None:
            sources.read(self.directory, said.result.diagnostics)
        return said, sources

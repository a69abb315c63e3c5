"""function.yaml as the deploy tool reads it: each key with its value, where it is given, and what to know about it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from tui.app.colours.roles import Part
from tui.app.desk.record import FunctionRecord
from tui.app.keys.handlers import Handlers
from tui.app.messages import EditPlace
from tui.app.panes.content import PaneContent, PaneFace, Room
from tui.app.panes.errors.excerpt import drawn_excerpt
from tui.app.rows.lines import line_of, outside, paragraph
from tui.app.rows.pane_rows import blank, text_row
from tui.app.rows.table import Column, Row
from tui.text import plural
from tui.workspace.function import ConfigError, ConfigReading, ConfigWarning
from tui.workspace.rows import ConfigRow, loose_warnings
from tui.workspace.rows import rows as config_rows

_STAGES: Final = {
    "read": "could not be read",
    "parse": "is refused: the deploy tool cannot parse it",
    "validate": "is refused: a value breaks a rule",
    "panic": "crashes the deploy tool itself",
}


class ConfigContent(PaneContent):
    """Keys, values and warnings; or why the file is refused, with the lines of it. Secrets are masked."""

    COLUMNS = (Column("key", minimum=12), Column("value", minimum=10), Column(drop=2), Column("given", drop=1))
    revealed = False

    def drawn(self, record: FunctionRecord) -> tuple[object, ...]:
        """The file, as read."""
        return record.reading, record.source

    def rows(self, record: FunctionRecord, room: Room) -> list[Row]:
        """Keys with warnings beside them, or the refusal."""
        reading, width = record.reading, room.width
        if reading is None:
            return [text_row("reading", (Part("reading function.yaml", "muted"),), width)]
        if reading.config is None:
            return list(self._refusal(record, reading.error, width))
        return list(self._accepted(record, reading, width))

    def handlers(self, pane: PaneFace) -> Handlers:
        """Secrets can be shown."""
        return {"reveal": partial(self.reveal, pane)}

    def reveal(self, pane: PaneFace) -> None:
        """Show what is masked, or mask it again."""
        self.revealed = not self.revealed
        pane.renew()

    def another(self) -> None:
        """Another one's secrets are masked again."""
        self.revealed = False

    # -- accepted

    def _accepted(self, record: FunctionRecord, reading: ConfigReading, width: int) -> Iterator[Row]:
        count = len(reading.warnings)
        sign = Part(f"{self.glyphs['warn']} ", "warn") if count else Part(f"{self.glyphs['ok']} ", "ok")
        words = f"accepted, {plural(count, 'warning')}" if count else "accepted"
        keys = [Part(f"   {self.glyphs.key('deploy-form')}", "key"), Part(" what deploying sends", "muted")]
        if reading.secrets:
            verb = "hides" if self.revealed else "shows"
            keys += [Part(f"   {self.glyphs.key('reveal')}", "key"), Part(f" {verb} secrets", "muted")]
        yield text_row("verdict", (sign, Part(words, "strong"), *keys), width)
        yield blank("top")
        for row in config_rows(reading):
            yield self._key_row(record, reading, row)
            for number, warning in enumerate(row.warnings):
                yield self._warning_row(record, warning, f"{row.key}:warning:{number}", width, indent=2)
        loose = loose_warnings(reading)
        if loose:
            yield blank("loose")
        for number, warning in enumerate(loose):
            yield self._warning_row(record, warning, f"warning:loose:{number}", width, indent=0)

    def _key_row(self, record: FunctionRecord, reading: ConfigReading, row: ConfigRow) -> Row:
        origin = reading.origins.get(row.key)
        name = f"  {row.key[4:]}" if row.key.startswith("env.") else row.key
        value = row.text(reveal=self.revealed) or '""'
        written = ""
        if origin is not None and not row.secret and origin.raw not in ("", row.value):
            written = f"written {self._safe(origin.raw, 24)}"
        given = f"line {row.line}" if row.line is not None else "" if row.given or row.key == "env" else "default"
        cells = (
            (Part(self._safe(name), "warn" if row.ignored else "" if row.given else "muted"),),
            (Part(self._safe(value), "warn" if row.ignored else "strong" if row.given else "muted"),),
            (Part(written, "muted"),),
            (Part(given, "muted"),),
        )
        column = origin.column if origin is not None else None
        place = EditPlace(record.function.directory / "function.yaml", row.line, column)
        return Row(key=row.key, cells=cells, copy=row.value, what=self._safe(row.key, 60), edit=place)

    def _safe(self, text: str, limit: int = 2_000) -> str:
        return self.glyphs.text(outside(text, limit=limit).text)

    def _warning_row(self, record: FunctionRecord, warning: ConfigWarning, key: str, width: int, indent: int) -> Row:
        lead = line_of(" " * indent, Part(f"{self.glyphs['warn']} ", "warn"))
        where = f"line {warning.line}: " if warning.line and not indent else ""
        lines = paragraph(self.glyphs.text(where + outside(warning.message).text), width, "warn", lead)
        if warning.hint:
            arrow = line_of(" " * indent, Part(f"{self.glyphs['right']} ", "accent"))
            lines += paragraph(self.glyphs.text(outside(warning.hint).text), width, "muted", arrow)
        place = EditPlace(record.function.directory / "function.yaml", warning.line, warning.column)
        text = f"{warning.message}; {warning.hint}" if warning.hint else warning.message
        return Row(key=key, lines=tuple(lines), copy=text, what="the warning", edit=place)

    # -- refused

    def _refusal(self, record: FunctionRecord, error: ConfigError | None, width: int) -> Iterator[Row]:
        if error is None:
            return
        lead = (Part(f"{self.glyphs['error']} ", "error"),)
        yield text_row("stage", (Part(f"function.yaml {_STAGES[error.stage]}", "error strong"),), width, lead)
        place = EditPlace(record.function.directory / "function.yaml", error.line, error.column)
        lines = [line for text in error.text.split("\n") for line in self._said(text, width)]
        yield Row(key="error", lines=tuple(lines), copy=error.text, what="the error", edit=place)
        if record.source is None or not any(problem.line for problem in error.problems):
            return
        yield blank("source")
        drawn = drawn_excerpt(record.source, error.problems, width, self.glyphs, reveal=self.revealed)
        yield Row(key="source", lines=tuple(drawn), copy=error.text, what="the error", edit=place)
        yield blank("edit")
        edit, enter = (Part(self.glyphs.key(action), "key") for action in ("edit", "open"))
        keys = line_of(edit, Part(" or ", "muted"), enter, Part(" edits there", "muted"))
        yield text_row("keys", keys, width)

    def _said(self, text: str, width: int) -> list[tuple[Part, ...]]:
        """A line of the deploy tool's message, its indentation kept."""
        indent = "  " + " " * min(len(text) - len(text.lstrip(" ")), 8)
        return paragraph(self.glyphs.text(outside(text).text), width, "error", (Part(indent),))

"""function.yaml as the deploy tool reads it: each key with its value, where it is given, and what to know about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from tui.app.excerpt import excerpt
from tui.app.lines import line_of, outside, paragraph
from tui.app.messages import ActionRequested
from tui.app.pane import RecordPane
from tui.app.pane_rows import blank, text_row
from tui.app.record import FunctionRecord
from tui.app.roles import Part
from tui.app.table import Column, EditPlace, Row
from tui.text import plural
from tui.workspace.model import ConfigError, ConfigReading, ConfigWarning, FunctionConfig

UNITS: Final = {
    "memory": "MB",
    "timeout": "s",
    "retry.delay": "s",
    "ws_idle_timeout_sec": "s",
    "ws_max_frame_bytes": "B",
}
_STAGES: Final = {
    "read": "could not be read",
    "parse": "is refused: the deploy tool cannot parse it",
    "validate": "is refused: a value breaks a rule",
    "panic": "crashes the deploy tool itself",
}
MASK: Final = 8  # signs shown for a secret, however long it is


class ConfigPane(RecordPane):
    """Keys, values and warnings; or why the file is refused, with the lines of it. Secrets are masked."""

    FIELDS = ("reading", "source")
    COLUMNS = (Column("key", minimum=12), Column("value", minimum=10), Column(drop=2), Column("given", drop=1))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "reveal", "Reveal", tooltip="show or hide secrets", id="reveal", show=False),
        Binding("p", "deploy_form", "Deploy form", tooltip="what deploying would send", id="config.form", show=False),
    ]
    revealed = False

    def make_rows(self, record: FunctionRecord, width: int) -> list[Row]:
        """Keys with warnings beside them, or the refusal."""
        reading = record.reading
        if reading is None:
            return [text_row("reading", (Part("reading function.yaml", "muted"),), width)]
        if reading.config is None:
            rows = list(self._refusal(record, reading.error, width))
        else:
            rows = list(self._accepted(record, reading, reading.config, width))
        return rows

    def action_reveal(self) -> None:
        """Show what is masked, or mask it again."""
        self.revealed = not self.revealed
        self.renew()

    def action_deploy_form(self) -> None:
        """Open what would be sent at deploy."""
        self.post_message(ActionRequested("deploy-form"))

    def show(self, record: FunctionRecord | None) -> None:
        """Show a function; another one's secrets are masked again."""
        if record is None or record.path != self.shown.path:
            self.revealed = False
        super().show(record)

    # -- accepted

    def _accepted(
        self, record: FunctionRecord, reading: ConfigReading, config: FunctionConfig, width: int
    ) -> Iterator[Row]:
        count = len(reading.warnings)
        sign = Part(f"{self.glyphs['warn']} ", "warn") if count else Part(f"{self.glyphs['ok']} ", "ok")
        words = f"accepted, {plural(count, 'warning')}" if count else "accepted"
        keys = [Part("   D", "key"), Part(" what deploying sends", "muted")]
        if reading.secrets:
            keys += [Part("   v", "key"), Part(" hides secrets" if self.revealed else " shows secrets", "muted")]
        yield text_row("verdict", (sign, Part(words, "strong"), *keys), width)
        yield blank("top")
        told: set[int] = set()
        for key, value in values_of(config):
            yield self._key_row(record, reading, key, value)
            for number, warning in enumerate(reading.warnings):
                if warning.key == key and number not in told:
                    told.add(number)
                    yield self._warning_row(record, warning, number, width, indent=2)
        rest = [(n, warning) for n, warning in enumerate(reading.warnings) if n not in told]
        if rest:
            yield blank("rest")
        for number, warning in rest:
            yield self._warning_row(record, warning, number, width, indent=0)

    def _key_row(self, record: FunctionRecord, reading: ConfigReading, key: str, value: str) -> Row:
        origin = reading.origins.get(key)
        secret = key.startswith("env.") and key[4:] in reading.secrets
        name = f"  {key[4:]}" if key.startswith("env.") else key
        shown = self.glyphs["mask"] * MASK if secret and not self.revealed else value
        unit = f" {UNITS[key]}" if key in UNITS and value != "0" else ""
        cell = Part(self.glyphs.text(outside(shown).text) + unit, "strong" if origin is not None else "muted")
        written = ""
        if origin is not None and not secret and origin.raw not in ("", value):
            written = f"written {self.glyphs.text(outside(origin.raw, limit=24).text)}"
        given = Part(f"line {origin.line}" if origin is not None else "default" if key != "env" else "", "muted")
        place = EditPlace(
            record.function.directory / "function.yaml",
            origin.line if origin is not None else None,
            origin.column if origin is not None else None,
        )
        named = outside(name, "" if origin is not None else "muted")
        cells = ((Part(self.glyphs.text(named.text), named.role),), (cell,), (Part(written, "muted"),), (given,))
        return Row(key=key, cells=cells, copy=value, what=key, edit=place)

    def _warning_row(self, record: FunctionRecord, warning: ConfigWarning, number: int, width: int, indent: int) -> Row:
        lead = line_of(" " * indent, Part(f"{self.glyphs['warn']} ", "warn"))
        where = f"line {warning.line}: " if warning.line and not indent else ""
        lines = paragraph(self.glyphs.text(where + outside(warning.message).text), width, "warn", lead)
        if warning.hint:
            arrow = line_of(" " * indent, Part(f"{self.glyphs['right']} ", "accent"))
            lines += paragraph(self.glyphs.text(outside(warning.hint).text), width, "muted", arrow)
        place = EditPlace(record.function.directory / "function.yaml", warning.line, warning.column)
        text = f"{warning.message}; {warning.hint}" if warning.hint else warning.message
        return Row(key=f"warning:{number}", lines=tuple(lines), copy=text, what="the warning", edit=place)

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
        drawn = excerpt(record.source, error.problems, width, self.glyphs, reveal=self.revealed)
        yield Row(key="source", lines=tuple(drawn), copy=error.text, what="the error", edit=place)
        yield blank("edit")
        keys = line_of(Part("e", "key"), Part(" or ", "muted"), Part("enter", "key"), Part(" edits there", "muted"))
        yield text_row("keys", keys, width)

    def _said(self, text: str, width: int) -> list[tuple[Part, ...]]:
        """A line of the deploy tool's message, its indentation kept."""
        indent = "  " + " " * min(len(text) - len(text.lstrip(" ")), 8)
        return paragraph(self.glyphs.text(outside(text).text), width, "error", (Part(indent),))


def values_of(config: FunctionConfig) -> Iterator[tuple[str, str]]:
    """Every key that the deploy tool knows with its value as text, in the order of the documentation."""
    retry = (("retry.count", config.retry.count), ("retry.delay", config.retry.delay))
    plain: tuple[tuple[str, object], ...] = (
        *((key, getattr(config, key)) for key in ("name", "public", "internal", "memory", "timeout")),
        *retry,
        *((key, getattr(config, key)) for key in ("ws_persistent", "reactor", "raw_http_response", "ws_auth")),
        *((key, getattr(config, key)) for key in ("ws_idle_timeout_sec", "ws_max_frame_bytes")),
        ("ws_max_inflight_per_conn", config.ws_max_inflight_per_conn),
    )
    for key, value in plain:
        yield key, str(value).lower() if isinstance(value, bool) else str(value) or '""'
    yield "env", plural(len(config.env), "value") if config.env else "none"
    for key, text in (config.env or {}).items():
        yield f"env.{key}", text

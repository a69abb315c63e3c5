"""What stands where a module is not there or cannot be read."""

from __future__ import annotations

from tui.app.colours.roles import Part
from tui.app.desk.record import FunctionRecord
from tui.app.desk.standing import way_to_build
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import first_of, line_of, outside, paragraph
from tui.app.rows.pane_rows import text_row
from tui.app.rows.table import Row


def module_parts(record: FunctionRecord) -> tuple[object, ...]:
    """What of a record a pane about its module draws."""
    phase = record.progress.phase if record.module is None else None  # a module stays as it is while it is rebuilt
    return record.module, record.module_error, record.modified, record.reading, phase


def absent_rows(record: FunctionRecord, glyphs: Glyphs, width: int) -> list[Row] | None:
    """What stands in the place of a module that is not there or cannot be read; None where there is one."""
    if record.module is not None:
        return None
    if record.module_error is not None:
        lead = (Part(f"{glyphs['error']} ", "error"),)
        lines = paragraph(glyphs.text(outside(first_of(record.module_error)).text), width, "error", lead)
        return [Row(key="error", lines=tuple(lines), copy=record.module_error, what="the error")]
    if record.modified is not None or record.reading is None:
        return [text_row("reading", (Part("reading function.wasm", "muted"),), width)]
    way = way_to_build(record, glyphs)
    return [text_row("absent", line_of(Part("no function.wasm yet", "strong"), Part("   "), *way), width)]

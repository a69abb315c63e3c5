"""What a function did while it ran, as rows: where it trapped, its calls of the host in order, logs between. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.running.model import Report
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, line_of, outside, paragraph, wrap
from tui.app.rows.pane_rows import blank, more_row
from tui.app.rows.table import Row
from tui.running.answer import Answer, HostCall
from tui.running.trap import Trap
from tui.text import plural

HEAD: Final = "trace"  # key of the row that folds all calls
LOGS: Final = {"log_info": ("info", "muted"), "log_error": ("error", "error")}
LONGEST: Final = 300  # characters of one value that its row shows, before it is cut to the width


def trap_rows(report: Report, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """The stack of a trap, innermost first; enter on a frame whose place is known opens the editor there."""
    trap = report.answer.trap if report.answer is not None else None
    if trap is None:
        return
    yield blank("trap")
    aside = f"   the last call of the host was {trap.last_call}" if trap.last_call else ""
    title = line_of(Part(f"Trap: {trap.cause}", "title"), Part(glyphs.text(outside(aside).text), "muted"))
    yield Row("trap", lines=tuple(wrap(title, width)), copy=_trap_text(trap), what="the trace of the trap")
    for number, frame in enumerate(trap.frames):
        name = glyphs.text(outside(frame.symbol or f"function {frame.index}").text)
        known = report.places.get(number)
        place = Part(glyphs.text(outside(frame.place).text), "accent under" if known is not None else "muted")
        line = line_of(Part("  in ", "muted"), Part(name, "strong"), "   ", place)
        copy = f"{frame.symbol} {frame.place}".strip()
        yield Row(f"frame:{number}", lines=tuple(wrap(line, width)), copy=copy, what="the frame", edit=known)


def _trap_text(trap: Trap) -> str:
    lines = [f"{frame.symbol or f'function {frame.index}'} {frame.place}".rstrip() for frame in trap.frames]
    return "\n".join([trap.cause, *lines])


def trace_rows(answer: Answer, glyphs: Glyphs, width: int, most: int) -> Iterator[Row]:
    """The calls of the host below a row that folds them, `most` of them."""
    calls, dropped = answer.host_calls, answer.host_calls_dropped
    total = len(calls) + dropped
    yield blank("trace")
    if not total:
        yield Row("no-trace", lines=((Part("it called nothing of its host", "muted"),),), selectable=False)
        return
    spent = sum(call.ms for call in calls)
    aside = f"  {plural(total, 'call')}, {spent:.2f} ms in them"
    line = line_of(Part("Host calls", "title"), Part(aside, "muted"))
    text = "\n".join(call_text(call) for call in calls[:most])
    yield Row(HEAD, lines=(line,), branch=True, copy=text, what="the calls")
    yield from call_rows(calls[:most], glyphs, width, HEAD)
    rest = calls[most:]
    if rest or dropped:
        yield more_row("calls", [call_text(call) for call in rest], glyphs, dropped)._replace(level=1)


def call_rows(calls: Sequence[HostCall], glyphs: Glyphs, width: int, key: str, level: int = 1) -> Iterator[Row]:
    """A row each, and below it, folded at first, its values whole."""
    for number, call in enumerate(calls):
        name = f"{key}:{number}"
        if call.name in LOGS:
            yield _log_row(call, glyphs, width - 2 - 2 * level, name, level)
            continue
        line = _call_line(call, glyphs, width - 2 - 2 * level)
        text = call_text(call)
        is_branch = bool(call.args)
        yield Row(name, lines=(line,), level=level, branch=is_branch, copy=text, what="the call", full=text)
        if is_branch:
            yield from _value_rows(call, glyphs, width - 4 - 2 * level, name, level + 1)


def _log_row(call: HostCall, glyphs: Glyphs, width: int, key: str, level: int) -> Row:
    word, role = LOGS[call.name]
    said = str(call.args[0]) if call.args and call.args[0] is not None else "bad pointer"
    lead = (Part(f"log {word} ", "accent"),)
    lines = paragraph(glyphs.text(outside(said).text), width, "" if word == "info" else role, lead)
    return Row(key, lines=tuple(lines), level=level, copy=said, what="the logged line", full=said)


def _call_line(call: HostCall, glyphs: Glyphs, width: int) -> Line:
    given = ", ".join("bad pointer" if arg is None else shown_value(arg) for arg in call.args)
    time = f"  {call.ms:.2f} ms"
    head = line_of(
        Part(call.name, "strong"),
        Part(glyphs.text(f"({given})")),
        Part(" = ", "muted"),
        Part(glyphs.text(shown_value(_result(call))), "accent"),
    )
    return (*fit(head, max(width - len(time), 1), glyphs["ellipsis"]), Part(time, "faint"))


def _value_rows(call: HostCall, glyphs: Glyphs, width: int, key: str, level: int) -> Iterator[Row]:
    values = [(f"{number + 1}", arg) for number, arg in enumerate(call.args)]
    for name, value in (*values, ("=", _result(call))):
        text = "bad pointer" if value is None else str(value)
        lines = paragraph(glyphs.text(outside(text).text), width, "", (Part(f"{name:>2} ", "muted"),))
        yield Row(f"{key}:{name}", lines=tuple(lines), level=level, copy=text, what="the value", full=text)


def _result(call: HostCall) -> str | int:
    """What the function got: nothing is a 0 to it."""
    return call.result if call.result is not None else 0


def call_text(call: HostCall) -> str:
    """A call as `fn-tui run` tells it."""
    given = ", ".join("bad pointer" if arg is None else json.dumps(arg, ensure_ascii=False) for arg in call.args)
    return f"{call.name}({given}) = {json.dumps(_result(call), ensure_ascii=False)}  {call.ms:.2f} ms"


def shown_value(value: str | int) -> str:
    """A value on one line, harmless and not endless."""
    if isinstance(value, int):
        return str(value)
    return outside(json.dumps(value[:LONGEST], ensure_ascii=False)).text

"""The local gateway as rows: its address, and its last requests, newest first. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from time import localtime, strftime
from typing import TYPE_CHECKING

from tui.app.colours.roles import Line, Part
from tui.app.desk.running.gateway import GatewayView
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, line_of, outside
from tui.app.rows.pane_rows import blank
from tui.app.rows.table import Row
from tui.running.local.events import RequestServed
from tui.text import human_bytes, plural

if TYPE_CHECKING:
    from tui.running.local.events import Event

HEAD = "gateway"


def gateway_rows(view: GatewayView, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """It and its requests; nothing where it is off."""
    if view.phase == "off":
        return
    yield blank(HEAD)
    where = Part(f"  {view.address}" if view.address else "  starting", "accent")
    count = Part(f"   {plural(view.requests, 'request')}" if view.address else "", "muted")
    line = fit(line_of(Part("Local gateway", "title"), where, count), width - 2, glyphs["ellipsis"])
    yield Row(HEAD, lines=(line,), branch=bool(view.events), copy=view.address, what="the local gateway's address")
    for number, event in enumerate(view.events):
        key = f"{HEAD}:{view.requests}:{number}"
        text = _text(event)
        yield Row(key, lines=(_line(event, glyphs, width - 4),), level=1, copy=text, what="the request", full=text)


def _line(event: Event, glyphs: Glyphs, width: int) -> Line:
    clock = Part(strftime("%H:%M:%S ", localtime(event.at)), "faint")
    if not isinstance(event, RequestServed):
        role = "error" if event.is_fault else "muted"
        return fit((clock, Part(glyphs.text(outside(event.words).text), role)), width, glyphs["ellipsis"])
    role = "ok" if event.status < 400 else "error"
    line = (
        clock,
        Part(f"{event.status} ", f"{role} strong"),
        Part(f"{glyphs.text(outside(event.function).text)} ", "strong"),
        Part(f"{event.kind}  {event.ms:.1f} ms  {human_bytes(event.bytes_out)}", "muted"),
        Part(f"  {glyphs.text(outside(event.error).text)}" if event.error else "", "error"),
    )
    return fit(line, width, glyphs["ellipsis"])


def _text(event: Event) -> str:
    """All of it, for a look and for copying."""
    if not isinstance(event, RequestServed):
        return event.words
    figures = (
        f"{event.ms:.1f} ms, {event.bytes_in} bytes in, {event.bytes_out} out, {plural(event.host_calls, 'host call')}"
    )
    head = f"{event.function} {event.kind} {event.status}: {figures}, memory {human_bytes(event.memory)}"
    logs = [f"  {level} {line}" for level, line in event.logs]
    return "\n".join([head, *filter(None, [event.error]), *event.why, *logs])

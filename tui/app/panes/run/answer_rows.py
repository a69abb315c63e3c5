"""What came of one call, as rows: how it ended, what the caller gets, and where it failed, why. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.app.colours.roles import Line, Part
from tui.app.desk.running.model import Report
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, outside, paragraph, width_of, wrap
from tui.app.rows.pane_rows import blank, text_row
from tui.app.rows.table import Row
from tui.running.answer import Answer
from tui.text import human_bytes, plural

STREAM_LINES: Final = 200  # of stdout or stderr
_KEY: Final = re.compile(r'(\s*)("(?:[^"\\]|\\.)*")(: )')


def answer_rows(report: Report, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """A report as rows."""
    answer = report.answer
    if answer is None:
        yield _words_row(report, glyphs, width)
        return
    yield _status_row(report, answer, glyphs, width)
    yield from _why_rows(report, glyphs, width)
    yield from _body_rows(report, glyphs, width)
    yield from _stream_rows(answer, glyphs, width)


def _words_row(report: Report, glyphs: Glyphs, width: int) -> Row:
    lead = (Part(f"{glyphs['error']} ", "error"),)
    lines = paragraph(glyphs.text(outside(report.words).text), width, "error", lead)
    return Row("words", lines=tuple(lines), copy=report.words, what="why it did not run", full=report.words)


def status_words(report: Report) -> tuple[str, bool]:
    """How it ended, in a word or two, and whether well: `200`, `500`, `done`."""
    answer = report.answer
    if answer is None:
        return "not run", False
    if answer.client is not None:
        return str(answer.client.status), answer.client.status < 400
    return (answer.stage, answer.ok)


def figures_words(answer: Answer) -> str:
    """What it took: `1.2 ms · 128 KiB`."""
    return f"{answer.figures.duration_ms:.1f} ms · {human_bytes(answer.figures.memory_peak)}"


def _status_row(report: Report, answer: Answer, glyphs: Glyphs, width: int) -> Row:
    word, well = status_words(report)
    figures = answer.figures
    compiled = "from the cache" if figures.cached else "compiled"
    sign, role = ("ok", "ok") if well else ("error", "error")
    parts: Line = (
        Part(f"{glyphs[sign]} {word}", f"{role} strong"),
        Part("   the build before" if report.before else "", "accent"),
        Part(f"   {figures.duration_ms:.1f} ms", "strong"),
        Part(f"   memory {human_bytes(figures.memory_peak)}   {answer.driven_as or 'not run'}", "muted"),
    )
    aside = Part(f"   {compiled} in {figures.compile_ms:.0f} ms", "faint")
    if width_of((*parts, aside)) <= width:
        parts = (*parts, aside)
    text = report.body.text or report.body.lines[0] if report.body.lines else ""
    return Row("status", lines=tuple(wrap(parts, width)), copy=text, what="the answer", full=text)


def _why_rows(report: Report, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """The failure in the words of `fn-tui run`."""
    text = "\n".join(report.why)
    for number, line in enumerate(report.why):
        shown = glyphs.text(outside(line.strip()).text)
        lead = (Part("  " if number else ""),)
        lines = paragraph(shown, width, "" if number else "error", lead)
        yield Row(f"why:{number}", lines=tuple(lines), copy=text, what="the failure", full=text)


def _body_rows(report: Report, glyphs: Glyphs, width: int) -> Iterator[Row]:
    body = report.body
    if report.answer is not None and report.answer.driven_as == "persistent":
        return
    yield blank("body")
    if not body.lines:
        yield text_row("empty", (Part("the caller gets an empty body", "muted"),), width)
        return
    for number, line in enumerate(body.lines):
        shown = outside(line)
        parts = _json_line(glyphs.text(shown.text)) if body.is_json else (Part(glyphs.text(shown.text)),)
        lines = wrap_indented(parts, width)
        yield Row(f"body:{number}", lines=tuple(lines), copy=line.strip(), what="the line", full=body.text)
    if body.left:
        words = f"and {plural(body.left, 'line')} more; enter on a line shows all of it"
        yield text_row("body:more", (Part(words, "muted"),), width)


def wrap_indented(parts: Line, width: int) -> list[Line]:
    """A line wrapped under its own first word: blanks at its start are kept."""
    first, *rest = parts or (Part(""),)
    text = first.text.lstrip(" ")
    indent = min(len(first.text) - len(text), max(width // 2, 0))
    return wrap((Part(text, first.role), *rest), width, (Part(" " * indent),) if indent else ())


def _json_line(text: str) -> Line:
    """`  "name": value`, the name lit."""
    found = _KEY.match(text)
    if found is None:
        return (Part(text),)
    return line_of(Part(found[1] + found[2], "accent"), Part(found[3] + text[found.end() :]))


def _stream_rows(answer: Answer, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """What it printed and nobody gets: foldable, folded at first."""
    dropped = answer.driven_as != "command" or not answer.ok
    streams = [("stdout", answer.stdout)] if dropped else []
    for name, data in (*streams, ("stderr", answer.stderr)):
        if data:
            yield from _stream(name, data, glyphs, width)


def _stream(name: str, data: bytes, glyphs: Glyphs, width: int) -> Iterator[Row]:
    text = data[-(STREAM_LINES << 10) :].decode("utf-8", "replace").rstrip("\n")
    lines = text.split("\n")
    aside = "the gateway's log has it, the caller does not"
    line = line_of(Part(name, "title"), Part(f"  {plural(len(lines), 'line')}, {aside}", "muted"))
    yield Row(f"stream:{name}", lines=(line,), branch=True, copy=text, what=name)
    for number, each in enumerate(lines[-STREAM_LINES:]):
        shown = wrap((Part(glyphs.text(outside(each).text)),), max(width - 4, 1))
        yield Row(f"stream:{name}:{number}", lines=tuple(shown), level=1, copy=each, what="the line")

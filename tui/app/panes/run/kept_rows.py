"""What became of the kept calls, as rows: each a line, what differs below it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tui.app.colours.roles import Part
from tui.app.desk.running.difference import Difference
from tui.app.desk.running.kept import Tested
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import line_of, outside, paragraph, wrap
from tui.app.rows.pane_rows import blank
from tui.app.rows.table import Row
from tui.running.calls.run import Outcome
from tui.text import plural

HEAD = "kept"


def tested_rows(tested: Tested, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """All kept calls below a row that counts them."""
    yield blank("kept")
    if tested.problem:
        lead = (Part(f"{glyphs['error']} ", "error"),)
        lines = paragraph(glyphs.text(outside(tested.problem).text), width, "", lead)
        yield Row("kept-problem", lines=tuple(lines), copy=tested.problem, what="the problem", full=tested.problem)
        return
    good = len(tested.outcomes) - tested.failed
    counts = f"  {good} as expected" + (f", {tested.failed} not" if tested.failed else "")
    title = line_of(Part("Kept calls", "title"), Part(counts, "error" if tested.failed else "muted"))
    yield Row(
        HEAD, lines=(title,), branch=True, copy="\n".join(_text(one) for one in tested.outcomes), what="all calls"
    )
    for number, outcome in enumerate(tested.outcomes):
        yield from _outcome_rows(outcome, f"{HEAD}:{number}", glyphs, width)


def _text(outcome: Outcome) -> str:
    return "\n  ".join([f"{'ok' if outcome.passed else 'not as expected'}  {outcome.call.name}", *outcome.differs])


def _outcome_rows(outcome: Outcome, key: str, glyphs: Glyphs, width: int) -> Iterator[Row]:
    sign, role = ("ok", "ok") if outcome.passed else ("error", "error")
    name = glyphs.text(outside(outcome.call.name).text)
    time = f"   {outcome.seconds * 1000:.0f} ms"
    lines = wrap((Part(f"{glyphs[sign]} ", role), Part(name, "strong"), Part(time, "faint")), width - 4)
    text = _text(outcome)
    yield Row(key, lines=tuple(lines), level=1, copy=text, what="the call", full=text)
    for number, line in enumerate(outcome.differs):
        yield Row(f"{key}:{number}", lines=(_difference_line(line, glyphs),), level=2, copy=line, what="what differs")


def _difference_line(line: str, glyphs: Glyphs) -> tuple[Part, ...]:
    mark = line.lstrip()[:1]
    role = {"+": "ok", "-": "error"}.get(mark, "")
    return (Part(glyphs.text(outside(line, limit=400).text), role),)


def difference_rows(found: Difference, glyphs: Glyphs, width: int) -> Iterator[Row]:
    """Two answers held against each other."""
    now = "the build before" if found.after.before else "this answer"
    counted = sum(line[:1] in "+-" for line in found.lines)
    aside = plural(counted, "line") + " of it" if found.lines else "nothing differs"
    title = line_of(Part("Difference", "title"), Part(f"  the answer before (-) and {now} (+): {aside}", "muted"))
    text = "\n".join(found.lines)
    yield Row("difference", lines=tuple(wrap(title, width)), copy=text, what="the difference", full=text)
    for number, line in enumerate(found.lines):
        if not line.startswith("@@"):
            yield Row(f"difference:{number}", lines=(_difference_line(line, glyphs),), copy=line[1:], what="the line")

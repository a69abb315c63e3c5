"""The lines of function.yaml around problems, each with a caret and the message under it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from tui.app.colours.roles import Line, Part
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, line_of, outside, wrap
from tui.workspace.excerpt import ExcerptLine, excerpt
from tui.workspace.function import ConfigProblem

CONTEXT: Final = 2  # lines shown above and below
MOST: Final = 20  # problems shown with their lines


def drawn_excerpt(
    source: bytes, problems: Sequence[ConfigProblem], width: int, glyphs: Glyphs, *, reveal: bool = False
) -> list[Line]:
    """Each offending line with its neighbours. Secrets are masked unless `reveal`."""
    lines: dict[int, ExcerptLine] = {}
    told: dict[int, ConfigProblem] = {}
    for problem in problems[:MOST]:
        for near in excerpt(source, problem.line, problem.column, context=CONTEXT, reveal=reveal):
            if near.number not in lines or near.caret is not None:
                lines[near.number] = near
            if near.number == problem.line:
                told.setdefault(near.number, problem)
    gutter = len(str(max(lines, default=1)))
    drawn: list[Line] = []
    for number in sorted(lines):
        if drawn and number - 1 not in lines:
            drawn.append((Part(" " * (gutter + 2) + glyphs["ellipsis"], "faint"),))
        drawn.append(_numbered(lines[number], gutter, number in told, width, glyphs))
        if number in told:
            drawn += _caret(lines[number], told[number], gutter, width, glyphs)
    return drawn


def _numbered(line: ExcerptLine, gutter: int, bad: bool, width: int, glyphs: Glyphs) -> Line:
    mark = Part(f"{glyphs['head'] if bad else ' '} ", "error")
    number = Part(f"{line.number:>{gutter}} ", "strong" if bad else "faint")
    shown = line_of(mark, number, Part(glyphs["v"], "faint"), " ", Part(glyphs.text(line.text)))
    return fit(shown, width, glyphs["ellipsis"])


def _caret(line: ExcerptLine, problem: ConfigProblem, gutter: int, width: int, glyphs: Glyphs) -> list[Line]:
    """The message under the column, or under the line's first word where no column is known."""
    first_word = len(line.text) - len(line.text.lstrip())
    at = cell_len(glyphs.text(line.text[: line.caret if line.caret is not None else first_word]))
    room = max(width - gutter - 5, 8)
    # Far to the right the message would be squeezed: the caret then stands as far right as lets it be read.
    at = min(at, max(room - 24, 0)) if at > room // 2 else at
    lead = line_of(" " * (gutter + 3), Part(glyphs["v"], "faint"), Part(" " * (at + 1) + "^ ", "error strong"))
    message = outside(problem.message.removeprefix(f"line {problem.line}: "))
    return wrap((Part(glyphs.text(message.text), "error"),), width, lead)

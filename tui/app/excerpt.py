"""The lines of function.yaml around a problem, with a caret under it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from tui.app.glyphs import Glyphs
from tui.app.lines import fit, line_of, outside, wrap
from tui.app.roles import Line, Part
from tui.text import printable
from tui.workspace.model import ConfigProblem

CONTEXT: Final = 2  # lines shown above and below
_BREAKS: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML counts as the end of a line
_LONGEST: Final = 400  # characters of a line that are shown
# A value that should not be on a screenshot, by the name before it; in a refused file nothing better is known of it.
_SECRET: Final = re.compile(r"(?i)^(\s*[\w.-]*(?:secret|token|passw|api_?key|private|credential)[\w.-]*\s*:\s*)(\S.*)$")


def source_lines(source: bytes) -> list[str]:
    """The lines of a file as YAML counts them; what is not UTF-8 shows as replacement characters."""
    lines = _BREAKS.split(source.decode("utf-8", "replace"))
    return lines[:-1] if len(lines) > 1 and not lines[-1] else lines


def excerpt(
    source: bytes, problems: Sequence[ConfigProblem], width: int, glyphs: Glyphs, *, reveal: bool = False
) -> list[Line]:
    """Each offending line with its neighbours, a caret, and the message under it."""
    lines = source_lines(source)
    placed = {problem.line: problem for problem in reversed(problems) if problem.line and problem.line <= len(lines)}
    shown = sorted({near for line in placed for near in range(line - CONTEXT, line + CONTEXT + 1)})
    gutter = len(str(shown[-1])) if shown else 1
    drawn: list[Line] = []
    before: int | None = None
    for number in shown:
        if not 1 <= number <= len(lines):
            continue
        if before is not None and number > before + 1:
            drawn.append((Part(" " * (gutter + 2) + glyphs["ellipsis"], "faint"),))
        before = number
        text = lines[number - 1] if reveal else _masked(lines[number - 1], glyphs)
        problem = placed.get(number)
        drawn.append(_numbered(text, f"{number:>{gutter}}", problem is not None, width, glyphs))
        if problem is not None:
            drawn += _caret(text, problem, gutter, width, glyphs)
    return drawn


def _masked(text: str, glyphs: Glyphs) -> str:
    return _SECRET.sub(lambda found: found[1] + glyphs["mask"] * 8, text)


def _numbered(text: str, number: str, bad: bool, width: int, glyphs: Glyphs) -> Line:
    mark = glyphs["head"] if bad else " "
    lead = line_of(
        Part(f"{mark} ", "error"),
        Part(f"{number} ", "strong" if bad else "faint"),
        Part(glyphs["v"], "faint"),
    )
    return fit((*lead, Part(" " + glyphs.text(printable(text, _LONGEST)))), width, glyphs["ellipsis"])


def _caret(text: str, problem: ConfigProblem, gutter: int, width: int, glyphs: Glyphs) -> list[Line]:
    """The message under the column, or under the line's first word where no column is known."""
    column = problem.column or len(text) - len(text.lstrip()) + 1
    at = cell_len(glyphs.text(printable(text[: min(column, _LONGEST) - 1])))
    lead = line_of(" " * (gutter + 3), Part(glyphs["v"], "faint"), " ")
    room = max(width - gutter - 5, 8)
    at = min(at, max(room - 24, 0)) if at > room // 2 else at
    caret = (*lead, Part(" " * at + "^ ", "error strong"))
    message = outside(problem.message.removeprefix(f"line {problem.line}: "))
    return wrap((Part(glyphs.text(message.text), "error"),), width, caret)

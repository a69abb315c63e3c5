"""The lines of function.yaml that an error or a warning is about, harmless to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui.text import ELLIPSIS, printable
from tui.workspace.function import ConfigProblem, ConfigWarning
from tui.workspace.secrets import MASK, is_secret

_LINE_BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_ENTRY: Final = re.compile(r"""(\s*(?:-\s+)?["']?([^\s"':]+)["']?\s*:\s+)(\S.*)""")
_BYTE_ORDER_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_WIDEST: Final = 160  # characters of one line
_BEFORE_CARET: Final = 100  # characters kept before the caret where a line is cut


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """One source line. `text` is printable; `caret` is the index in it that the problem points at, if it does."""

    number: int  # 1-based
    text: str
    caret: int | None = None


def source_lines(source: bytes) -> list[str]:
    """The lines of the file as yaml.v3 counts them; broken text is shown with replacement characters."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if source.startswith(mark):
            return _LINE_BREAK.split(source[len(mark) :].decode(encoding, "replace"))
    return _LINE_BREAK.split(source.decode("utf-8", "replace"))


def _masked(line: str) -> str:
    """The line with what looks like a secret hidden."""
    match = _ENTRY.match(line)
    if match is None:
        return line
    return match[1] + MASK if is_secret(match[2], match[3].strip("\"' ")) else line


def _excerpt_line(number: int, line: str, column: int | None) -> ExcerptLine:
    if column is None:
        return ExcerptLine(number, printable(line, _WIDEST))
    at = min(column - 1, len(line))
    start = max(at - _BEFORE_CARET, 0) if len(line) > _WIDEST else 0
    before = (ELLIPSIS if start else "") + printable(line[start:at])
    return ExcerptLine(number, before + printable(line[at:], max(_WIDEST - (at - start), 1)), len(before))


def excerpt(
    source: bytes, line: int | None, column: int | None = None, *, context: int = 1, reveal: bool = False
) -> tuple[ExcerptLine, ...]:
    """The 1-based line with `context` lines on either side, caret at the 1-based column; empty for no line.

    What looks like a secret is masked unless `reveal`. Lines past the end of the file are left out.
    """
    if line is None:
        return ()
    lines = source_lines(source)
    first, last = max(line - context, 1), min(line + context, len(lines))
    while last > line and not lines[last - 1]:
        last -= 1
    return tuple(
        _excerpt_line(number, text if reveal else _masked(text), column if number == line else None)
        for number, text in enumerate(lines[first - 1 : last], first)
    )


def excerpt_for(
    source: bytes, about: ConfigProblem | ConfigWarning, *, context: int = 1, reveal: bool = False
) -> tuple[ExcerptLine, ...]:
    """The lines that a problem or a warning is about."""
    return excerpt(source, about.line, about.column, context=context, reveal=reveal)


def caret_line(line: ExcerptLine) -> str:
    """Blanks and a caret to print below a line, as wide as a terminal shows the text before it."""
    from unicodedata import combining, east_asian_width

    before = line.text[: line.caret or 0]
    width = sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in before)
    return " " * width + "^"

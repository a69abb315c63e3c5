"""A place in a document's text that moves as yaml.v3's does: buffer refills, line counts and comments included."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from tui.facts import Fact
from tui.workspace.goyaml.nodes import GoYamlError
from tui.workspace.goyaml.scan.reader import Pieces

BREAKS: Final = "\r\n\x85\u2028\u2029"
BLANKS: Final = " \t"
BREAKZ: Final = BREAKS + "\0"
BLANKZ: Final = BLANKS + BREAKZ
_PADDING: Final = "\0" * 16
_BYTE_ORDER_MARK: Final = "\ufeff"
_PEEK_LIMIT: Final = 512  # bytes that a comment scan looks ahead
_LINE_BREAK: Final = re.compile(f"\r\n|[{BREAKS}]")
_TO_BREAK: Final = re.compile(f"[^{BREAKZ}]*")


class Mark(Fact):
    """A place in the text: 0-based line and column, and how many characters come before."""

    line: int
    column: int
    offset: int


def place_after(text: str) -> tuple[int, int]:
    """The 1-based line and column just behind a text."""
    lines = _LINE_BREAK.split(text)
    return len(lines), len(lines[-1]) + 1


def scanner_error(context: Mark, problem: Mark, text: str, plus: int = 1) -> GoYamlError:
    """yaml.v3's message: the line is that of the context, or else of the problem; in the first line it has none."""
    line = context.line or problem.line
    where = f"line {line + plus}: " if line else ""
    return GoYamlError(where + text, problem.line + 1, problem.column + 1)


class Cursor:
    """Reads a document's text character by character.

    `flow_level`, `indent` (-1: none) and `simple_key_allowed` say where in the grammar it is: what a character means
    depends on them.
    """

    def __init__(self, source: bytes) -> None:
        pieces = Pieces(source)
        self._ends = iter(pieces.ends)
        self._fault = pieces.fault
        self._before_fault = pieces.before_fault
        self.text = pieces.text + _PADDING
        self.pos = 0
        self.line = 0
        self.column = 0
        self.newlines = 0  # line breaks since the last character that is no blank
        self.flow_level = 0
        self.indent = -1
        self.simple_key_allowed = False
        self._filled = 0  # characters known so far
        self._buffer_start = 0  # where yaml.v3's buffer begins

    def mark(self) -> Mark:
        """The place where the cursor is."""
        return Mark(self.line, self.column, self.pos)

    def fail(self, context: Mark, text: str) -> NoReturn:
        """Refuse the document for something that began at `context` and shows here."""
        raise scanner_error(context, self.mark(), text)

    def ensure(self, count: int) -> None:
        """See to it that the next `count` characters are known; past the end they are NUL."""
        if self._filled - self.pos < count:
            self._fill(count)

    def _fill(self, count: int) -> None:
        self._buffer_start = self.pos
        while self._filled - self.pos < count:
            end = next(self._ends, None)
            if end is not None:
                self._filled = end
            elif self._fault is not None:
                raise GoYamlError(self._fault, *place_after(self._before_fault))
            else:
                self._filled += 1
                break

    def char(self, offset: int = 0) -> str:
        """The character here, or some characters on."""
        return self.text[self.pos + offset]

    def skip(self) -> None:
        """Pass one character that is no line break."""
        if self.text[self.pos] not in BLANKS:
            self.newlines = 0
        self.pos += 1
        self.column += 1

    def skip_line(self) -> None:
        """Pass a line break."""
        self.read_line()

    def end_line(self, start: Mark) -> None:
        """Pass the line's break; anything else that is left of it is a fault of what began at `start`."""
        if self.char() not in BREAKZ:
            self.fail(start, "did not find expected comment or line break")
        if self.char() in BREAKS:
            self.ensure(2)
            self.skip_line()

    def read_line(self) -> str:
        """Pass a line break, if there is one; what it stands for in a scalar (all but LS and PS are newlines)."""
        here = self.text[self.pos]
        if here not in BREAKS:
            return ""
        self.pos += 2 if here == "\r" and self.text[self.pos + 1] == "\n" else 1
        self.column = 0
        self.line += 1
        self.newlines += 1
        return here if here in "\u2028\u2029" else "\n"

    def skip_blanks(self) -> None:
        """Pass spaces and tabs."""
        self.ensure(1)
        while self.text[self.pos] in BLANKS:
            self.skip()
            self.ensure(1)

    def read(self, end: int, ahead: int) -> str:
        """Pass the characters up to index `end` (no line breaks), `ahead` of them known after each."""
        start = self.pos
        if self.text[start:end].strip(BLANKS):
            self.newlines = 0
        while self.pos < end:
            step = max(min(end, self._filled - ahead + 1), self.pos + 1)
            self.column += step - self.pos
            self.pos = step
            if self._filled - self.pos < ahead:
                self._fill(ahead)
        return self.text[start:end]

    def skip_to_break(self) -> None:
        """Pass the rest of the line."""
        self.ensure(1)
        while self.text[self.pos] not in BREAKZ:
            match = _TO_BREAK.match(self.text, self.pos)
            self.read(match.end() if match else self.pos + 1, 1)

    def at_byte_order_mark(self) -> bool:
        """Whether yaml.v3 sees a byte order mark: it looks at the start of its buffer, not at its place in it."""
        return self.text[self._buffer_start] == _BYTE_ORDER_MARK

    def at_document_indicator(self) -> bool:
        """Whether `---` or `...` stands alone at the start of this line."""
        text, pos = self.text, self.pos
        return self.column == 0 and text[pos : pos + 3] in ("---", "...") and text[pos + 3] in BLANKZ

    def _comment_ahead(self, offset: int) -> int | None:
        """How far away the next comment is if only blanks and line breaks come before it."""
        for peek in range(offset, _PEEK_LIMIT):
            self.ensure(peek + 1)
            here = self.text[self.pos + peek]
            if here == "#":
                return peek
            # A break of several bytes ends the look-ahead: it goes on byte by byte.
            if here not in " \t\r\n":
                return None
        return None

    def skip_comments(self) -> None:
        """Pass a comment and those that follow on lines of their own, whatever blanks they are indented with."""
        distance: int | None = 0
        while distance is not None:
            target = self.pos + distance
            while self.pos < target:
                self.ensure(2)
                if self.text[self.pos] in BREAKS:
                    self.read_line()
                else:
                    self.skip()
            self.skip_to_break()
            distance = self._comment_ahead(1)

    def skip_line_comment(self) -> None:
        """Pass a comment that follows on the same line."""
        if self.newlines > 0:
            return
        for peek in range(_PEEK_LIMIT):
            self.ensure(peek + 1)
            here = self.text[self.pos + peek]
            if here in BLANKS:
                continue
            if here == "#":
                self.skip_to_break()
            return

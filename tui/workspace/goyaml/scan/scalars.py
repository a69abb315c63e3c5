"""Scalars in the text: plain, quoted and block, as yaml.v3's scanner reads them."""

from __future__ import annotations

import re
from typing import Final

from tui.workspace.goyaml.scan.cursor import BLANKS, BLANKZ, BREAKS, BREAKZ, Cursor, Mark

_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "'": "'", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_HEX_ESCAPES: Final = {"x": 2, "u": 4, "U": 8}
_HEX_DIGITS: Final = frozenset("0123456789abcdefABCDEF")
_DIGITS: Final = frozenset("0123456789")
# Runs without anything that could end them or have a meaning.
_PLAIN_RUN: Final = {
    False: re.compile(f"[^{BLANKZ}:]+"),
    True: re.compile(f"[^{BLANKZ}:,?\\[\\]{{}}]+"),
}
_SINGLE_RUN: Final = re.compile(f"[^{BLANKZ}']+")
_DOUBLE_RUN: Final = re.compile(f'[^{BLANKZ}"\\\\]+')
_LINE_RUN: Final = re.compile(f"[^{BREAKZ}]+")
_FLOW_ENDS: Final = frozenset(",?[]{}")


class _Folding:
    """White space between two words of a scalar: blanks as they are, or line breaks that fold."""

    __slots__ = ("blanks", "broken", "first", "more")

    def __init__(self) -> None:
        self.blanks = ""
        self.first = ""
        self.more = ""
        self.broken = False

    def take(self) -> str:
        """What the white space is worth; starts anew."""
        if not self.broken:
            worth = self.blanks
        elif self.first.startswith("\n"):
            worth = self.more or " "
        else:
            worth = self.first + self.more
        self.blanks = self.first = self.more = ""
        self.broken = False
        return worth

    def line_break(self, text: str) -> None:
        """Note one more line break."""
        if self.broken:
            self.more += text
        else:
            self.blanks, self.first, self.broken = "", text, True


class ScalarReader:
    """Reads scalars; each method returns the text and leaves the cursor behind it."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    # --- plain

    def plain(self) -> str:
        """A plain scalar, maybe over several lines."""
        start = self._cursor.mark()
        parts: list[str] = []
        folding = _Folding()
        while True:
            self._cursor.ensure(4)
            if self._cursor.at_document_indicator() or self._cursor.char() == "#":
                break
            self._plain_words(parts, folding)
            if self._cursor.char() not in BLANKS and self._cursor.char() not in BREAKS:
                break
            self._plain_gap(folding, start)
            if self._cursor.flow_level == 0 and self._cursor.column <= self._cursor.indent:
                break
        if folding.broken:
            self._cursor.simple_key_allowed = True
        return "".join(parts)

    def _plain_words(self, parts: list[str], folding: _Folding) -> None:
        """Characters up to a blank, a break or an indicator that ends the scalar."""
        flow = self._cursor.flow_level > 0
        run = _PLAIN_RUN[flow]
        while (here := self._cursor.char()) not in BLANKZ:
            if (here == ":" and self._cursor.char(1) in BLANKZ) or (flow and here in _FLOW_ENDS):
                break
            if folding.broken or folding.blanks:
                parts.append(folding.take())
            match = run.match(self._cursor.text, self._cursor.pos)
            parts.append(self._cursor.read(match.end() if match else self._cursor.pos + 1, 2))

    def _plain_gap(self, folding: _Folding, start: Mark) -> None:
        self._cursor.ensure(1)
        while (here := self._cursor.char()) in BLANKS or here in BREAKS:
            if here in BREAKS:
                self._cursor.ensure(2)
                folding.line_break(self._cursor.read_line())
            else:
                if here == "\t" and folding.broken and self._cursor.column <= self._cursor.indent:
                    self._cursor.fail(start, "found a tab character that violates indentation")
                if not folding.broken:
                    folding.blanks += here
                self._cursor.skip()
            self._cursor.ensure(1)

    # --- quoted

    def quoted(self) -> str:
        """A single- or double-quoted scalar."""
        start = self._cursor.mark()
        quote = self._cursor.char()
        self._cursor.skip()
        parts: list[str] = []
        while True:
            self._cursor.ensure(4)
            if self._cursor.at_document_indicator():
                self._cursor.fail(start, "found unexpected document indicator")
            if self._cursor.char() == "\0":
                self._cursor.fail(start, "found unexpected end of stream")
            folding = _Folding()
            self._quoted_words(quote, parts, folding, start)
            self._cursor.ensure(1)
            if self._cursor.char() == quote:
                break
            self._quoted_gap(folding)
            parts.append(folding.take())
        self._cursor.skip()
        return "".join(parts)

    def _quoted_words(self, quote: str, parts: list[str], folding: _Folding, start: Mark) -> None:
        run = _SINGLE_RUN if quote == "'" else _DOUBLE_RUN
        while (here := self._cursor.char()) not in BLANKZ:
            match = run.match(self._cursor.text, self._cursor.pos)
            if match is not None:
                parts.append(self._cursor.read(match.end(), 2))
                continue
            if here == "'" and self._cursor.char(1) == "'":
                parts.append("'")
                self._cursor.skip()
                self._cursor.skip()
            elif here == quote:
                break
            elif self._cursor.char(1) in BREAKS:
                self._cursor.ensure(3)
                self._cursor.skip()
                self._cursor.skip_line()
                # An escaped line break joins the lines without a space.
                folding.broken, folding.first = True, ""
                break
            else:
                parts.append(self._escape(start))
            self._cursor.ensure(2)

    def _escape(self, start: Mark) -> str:
        letter = self._cursor.char(1)
        length = _HEX_ESCAPES.get(letter, 0)
        if not length and letter not in _ESCAPES:
            self._cursor.fail(start, "found unknown escape character")
        self._cursor.skip()
        self._cursor.skip()
        if not length:
            return _ESCAPES[letter]
        self._cursor.ensure(length)
        digits = self._cursor.text[self._cursor.pos : self._cursor.pos + length]
        if not _HEX_DIGITS.issuperset(digits):
            self._cursor.fail(start, "did not find expected hexdecimal number")
        code = int(digits, 16)
        if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            self._cursor.fail(start, "found invalid Unicode character escape code")
        for _ in range(length):
            self._cursor.skip()
        return chr(code)

    def _quoted_gap(self, folding: _Folding) -> None:
        while (here := self._cursor.char()) in BLANKS or here in BREAKS:
            if here in BREAKS:
                self._cursor.ensure(2)
                folding.line_break(self._cursor.read_line())
            else:
                if not folding.broken:
                    folding.blanks += here
                self._cursor.skip()
            self._cursor.ensure(1)

    # --- block

    def block(self) -> str:
        """A literal or folded block scalar."""
        start = self._cursor.mark()
        literal = self._cursor.char() == "|"
        self._cursor.skip()
        self._cursor.ensure(1)
        chomping, increment = self._block_header(start)
        self._block_header_end(start)
        indent = max(self._cursor.indent, 0) + increment if increment else 0
        indent, breaks = self._block_breaks(indent, start)
        self._cursor.ensure(1)
        parts: list[str] = []
        leading, leading_blank = "", False
        while self._cursor.column == indent and self._cursor.char() != "\0":
            trailing_blank = self._cursor.char() in BLANKS
            if not literal and not leading_blank and not trailing_blank and leading == "\n":
                parts.append("" if breaks else " ")
            else:
                parts.append(leading)
            parts.append(breaks)
            leading_blank = trailing_blank
            match = _LINE_RUN.match(self._cursor.text, self._cursor.pos)
            while match is not None:
                parts.append(self._cursor.read(match.end(), 1))
                match = _LINE_RUN.match(self._cursor.text, self._cursor.pos)
            self._cursor.ensure(2)
            leading = self._cursor.read_line()
            indent, breaks = self._block_breaks(indent, start)
        if chomping != "-":
            parts.append(leading)
        if chomping == "+":
            parts.append(breaks)
        return "".join(parts)

    def _block_header(self, start: Mark) -> tuple[str, int]:
        """Chomping indicator ("" for none) and indentation indicator (0 for none), in either order."""
        chomping, increment = "", 0
        for _ in range(2):
            here = self._cursor.char()
            if here in "+-" and not chomping:
                chomping = here
            elif here in _DIGITS and not increment:
                if here == "0":
                    self._cursor.fail(start, "found an indentation indicator equal to 0")
                increment = int(here)
            else:
                break
            self._cursor.skip()
            self._cursor.ensure(1)
        return chomping, increment

    def _block_header_end(self, start: Mark) -> None:
        self._cursor.skip_blanks()
        if self._cursor.char() == "#":
            self._cursor.skip_line_comment()
            self._cursor.skip_to_break()
        self._cursor.end_line(start)

    def _block_breaks(self, indent: int, start: Mark) -> tuple[int, str]:
        """Pass indentation and empty lines; the indentation (found here if it was 0) and the line breaks."""
        breaks: list[str] = []
        deepest = 0
        while True:
            self._cursor.ensure(1)
            while (indent == 0 or self._cursor.column < indent) and self._cursor.char() == " ":
                self._cursor.skip()
                self._cursor.ensure(1)
            deepest = max(deepest, self._cursor.column)
            if self._cursor.char() == "\t" and (indent == 0 or self._cursor.column < indent):
                self._cursor.fail(start, "found a tab character where an indentation space is expected")
            if self._cursor.char() not in BREAKS:
                break
            self._cursor.ensure(2)
            breaks.append(self._cursor.read_line())
        return indent or max(deepest, self._cursor.indent + 1, 1), "".join(breaks)

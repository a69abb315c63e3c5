"""Anchors, aliases, tags and directives in the text, as yaml.v3's scanner reads them."""

from __future__ import annotations

import re
from typing import Final

from tui.workspace.goyaml.scan.cursor import BLANKS, BLANKZ, Cursor, Mark

_WORD: Final = re.compile(r"[0-9A-Za-z_-]*")
_URI_RUN: Final = re.compile(r"[0-9A-Za-z_\-;/?:@&=+$,.!~*'()\[\]]+")
_ESCAPED_OCTET: Final = re.compile(r"%([0-9a-fA-F]{2})")
_AFTER_ANCHOR: Final = frozenset(BLANKZ + "?:,]}%@`")
_DIGITS: Final = frozenset("0123456789")

Version = tuple[int, int]
TagDirective = tuple[str, str]  # handle, prefix


def _octet_width(octet: int) -> int:
    """How long a UTF-8 sequence is by its first octet; 0 for an octet that starts none."""
    widths = ((0x80, 0x00, 1), (0xE0, 0xC0, 2), (0xF0, 0xE0, 3), (0xF8, 0xF0, 4))
    return next((width for mask, value, width in widths if octet & mask == value), 0)


class NameReader:
    """Reads names; each method leaves the cursor behind what it returns."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    def _word(self) -> str:
        self._cursor.ensure(1)
        match = _WORD.match(self._cursor.text, self._cursor.pos)
        return self._cursor.read(match.end() if match else self._cursor.pos, 1)

    def anchor(self) -> str:
        """The name after "&" or "*"."""
        start = self._cursor.mark()
        self._cursor.skip()
        name = self._word()
        if not name or self._cursor.char() not in _AFTER_ANCHOR:
            self._cursor.fail(start, "did not find expected alphabetic or numeric character")
        return name

    # --- tags

    def tag(self) -> tuple[str, str]:
        """Handle and suffix of a tag: ("", "tag:x") for `!<tag:x>`, ("", "!") for a lone "!"."""
        start = self._cursor.mark()
        self._cursor.ensure(2)
        if self._cursor.char(1) == "<":
            handle, suffix = "", self._verbatim_tag(start)
        else:
            handle = self._tag_handle(start, in_directive=False)
            if len(handle) > 1 and handle.endswith("!"):
                suffix = self._tag_uri("", start)
            else:
                handle, suffix = "!", self._tag_uri(handle, start)
                if not suffix:
                    handle, suffix = "", "!"
        self._cursor.ensure(1)
        if self._cursor.char() not in BLANKZ:
            self._cursor.fail(start, "did not find expected whitespace or line break")
        return handle, suffix

    def _verbatim_tag(self, start: Mark) -> str:
        self._cursor.skip()
        self._cursor.skip()
        suffix = self._tag_uri("", start)
        if self._cursor.char() != ">":
            self._cursor.fail(start, "did not find the expected '>'")
        self._cursor.skip()
        return suffix

    def _tag_handle(self, start: Mark, *, in_directive: bool) -> str:
        self._cursor.ensure(1)
        if self._cursor.char() != "!":
            self._cursor.fail(start, "did not find expected '!'")
        self._cursor.skip()
        handle = "!" + self._word()
        if self._cursor.char() == "!":
            self._cursor.skip()
            return handle + "!"
        if in_directive and handle != "!":
            self._cursor.fail(start, "did not find expected '!'")
        return handle

    def _tag_uri(self, head: str, start: Mark) -> str:
        """The rest of a tag; `head` is what was taken for a handle (its "!" is dropped)."""
        parts = [head[1:]]
        found = bool(head)
        self._cursor.ensure(1)
        while True:
            match = _URI_RUN.match(self._cursor.text, self._cursor.pos)
            if match is not None:
                parts.append(self._cursor.read(match.end(), 1))
            elif self._cursor.char() == "%":
                parts.append(self._uri_escape(start))
                self._cursor.ensure(1)
            else:
                break
            found = True
        if not found:
            self._cursor.fail(start, "did not find expected tag URI")
        return "".join(parts)

    def _uri_escape(self, start: Mark) -> str:
        """The character behind %XX escapes."""
        octets = bytearray()
        left = 1
        while left:
            self._cursor.ensure(3)
            match = _ESCAPED_OCTET.match(self._cursor.text, self._cursor.pos)
            if match is None:
                self._cursor.fail(start, "did not find URI escaped octet")
            octet = int(match[1], 16)
            if not octets:
                left = _octet_width(octet)
                if not left:
                    self._cursor.fail(start, "found an incorrect leading UTF-8 octet")
            elif octet & 0xC0 != 0x80:
                self._cursor.fail(start, "found an incorrect trailing UTF-8 octet")
            octets.append(octet)
            for _ in range(3):
                self._cursor.skip()
            left -= 1
        return octets.decode("utf-8", "surrogateescape")

    # --- directives

    def directive(self) -> Version | TagDirective:
        """A %YAML directive's version, or a %TAG directive's handle and prefix."""
        start = self._cursor.mark()
        self._cursor.skip()
        name = self._word()
        if not name:
            self._cursor.fail(start, "could not find expected directive name")
        if self._cursor.char() not in BLANKZ:
            self._cursor.fail(start, "found unexpected non-alphabetical character")
        value: Version | TagDirective
        if name == "YAML":
            value = self._version(start)
        elif name == "TAG":
            value = self._tag_directive(start)
        else:
            self._cursor.fail(start, "found unknown directive name")
        self._directive_end(start)
        return value

    def _directive_end(self, start: Mark) -> None:
        self._cursor.skip_blanks()
        if self._cursor.char() == "#":
            self._cursor.skip_to_break()
        self._cursor.end_line(start)

    def _version(self, start: Mark) -> Version:
        self._cursor.skip_blanks()
        major = self._version_number(start)
        if self._cursor.char() != ".":
            self._cursor.fail(start, "did not find expected digit or '.' character")
        self._cursor.skip()
        return major, self._version_number(start)

    def _version_number(self, start: Mark) -> int:
        self._cursor.ensure(1)
        digits = ""
        while self._cursor.char() in _DIGITS:
            if len(digits) == 2:
                self._cursor.fail(start, "found extremely long version number")
            digits += self._cursor.char()
            self._cursor.skip()
            self._cursor.ensure(1)
        if not digits:
            self._cursor.fail(start, "did not find expected version number")
        return int(digits)

    def _tag_directive(self, start: Mark) -> TagDirective:
        self._cursor.skip_blanks()
        handle = self._tag_handle(start, in_directive=True)
        self._cursor.ensure(1)
        if self._cursor.char() not in BLANKS:
            self._cursor.fail(start, "did not find expected whitespace")
        self._cursor.skip_blanks()
        prefix = self._tag_uri("", start)
        self._cursor.ensure(1)
        if self._cursor.char() not in BLANKZ:
            self._cursor.fail(start, "did not find expected whitespace or line break")
        return handle, prefix

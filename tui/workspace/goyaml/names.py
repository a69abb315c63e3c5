"""Anchors, aliases, tags and directives in the text, as yaml.v3's scanner reads them."""

from __future__ import annotations

import re
from typing import Final

from tui.workspace.goyaml.cursor import BLANKS, BLANKZ, BREAKS, BREAKZ, Cursor, Mark

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


class NameScanner(Cursor):
    """Reads names; each method leaves the cursor behind what it returns."""

    def _word(self) -> str:
        self.ensure(1)
        match = _WORD.match(self.text, self.pos)
        return self.take(match.end() if match else self.pos, 1)

    def scan_anchor(self) -> str:
        """The name after "&" or "*"."""
        start = self.mark()
        self.skip()
        name = self._word()
        if not name or self.char() not in _AFTER_ANCHOR:
            self.fail(start, "did not find expected alphabetic or numeric character")
        return name

    # --- tags

    def scan_tag(self) -> tuple[str, str]:
        """Handle and suffix of a tag: ("", "tag:x") for `!<tag:x>`, ("", "!") for a lone "!"."""
        start = self.mark()
        self.ensure(2)
        if self.char(1) == "<":
            handle, suffix = "", self._verbatim_tag(start)
        else:
            handle = self._tag_handle(start, directive=False)
            if len(handle) > 1 and handle.endswith("!"):
                suffix = self._tag_uri("", start)
            else:
                handle, suffix = "!", self._tag_uri(handle, start)
                if not suffix:
                    handle, suffix = "", "!"
        self.ensure(1)
        if self.char() not in BLANKZ:
            self.fail(start, "did not find expected whitespace or line break")
        return handle, suffix

    def _verbatim_tag(self, start: Mark) -> str:
        self.skip()
        self.skip()
        suffix = self._tag_uri("", start)
        if self.char() != ">":
            self.fail(start, "did not find the expected '>'")
        self.skip()
        return suffix

    def _tag_handle(self, start: Mark, *, directive: bool) -> str:
        self.ensure(1)
        if self.char() != "!":
            self.fail(start, "did not find expected '!'")
        self.skip()
        handle = "!" + self._word()
        if self.char() == "!":
            self.skip()
            return handle + "!"
        if directive and handle != "!":
            self.fail(start, "did not find expected '!'")
        return handle

    def _tag_uri(self, head: str, start: Mark) -> str:
        """The rest of a tag; `head` is what was taken for a handle (its "!" is dropped)."""
        parts = [head[1:]]
        found = bool(head)
        self.ensure(1)
        while True:
            match = _URI_RUN.match(self.text, self.pos)
            if match is not None:
                parts.append(self.take(match.end(), 1))
            elif self.char() == "%":
                parts.append(self._uri_escape(start))
                self.ensure(1)
            else:
                break
            found = True
        if not found:
            self.fail(start, "did not find expected tag URI")
        return "".join(parts)

    def _uri_escape(self, start: Mark) -> str:
        """The character behind %XX escapes."""
        octets = bytearray()
        left = 1
        while left:
            self.ensure(3)
            match = _ESCAPED_OCTET.match(self.text, self.pos)
            if match is None:
                self.fail(start, "did not find URI escaped octet")
            octet = int(match[1], 16)
            if not octets:
                left = _octet_width(octet)
                if not left:
                    self.fail(start, "found an incorrect leading UTF-8 octet")
            elif octet & 0xC0 != 0x80:
                self.fail(start, "found an incorrect trailing UTF-8 octet")
            octets.append(octet)
            for _ in range(3):
                self.skip()
            left -= 1
        return octets.decode("utf-8", "surrogateescape")

    # --- directives

    def scan_directive(self) -> Version | TagDirective:
        """A %YAML directive's version, or a %TAG directive's handle and prefix."""
        start = self.mark()
        self.skip()
        name = self._word()
        if not name:
            self.fail(start, "could not find expected directive name")
        if self.char() not in BLANKZ:
            self.fail(start, "found unexpected non-alphabetical character")
        value: Version | TagDirective
        if name == "YAML":
            value = self._version(start)
        elif name == "TAG":
            value = self._tag_directive(start)
        else:
            self.fail(start, "found unknown directive name")
        self._directive_end(start)
        return value

    def _directive_end(self, start: Mark) -> None:
        self.skip_blanks()
        if self.char() == "#":
            self.skip_to_break()
        if self.char() not in BREAKZ:
            self.fail(start, "did not find expected comment or line break")
        if self.char() in BREAKS:
            self.ensure(2)
            self.skip_line()

    def _version(self, start: Mark) -> Version:
        self.skip_blanks()
        major = self._version_number(start)
        if self.char() != ".":
            self.fail(start, "did not find expected digit or '.' character")
        self.skip()
        return major, self._version_number(start)

    def _version_number(self, start: Mark) -> int:
        self.ensure(1)
        digits = ""
        while self.char() in _DIGITS:
            if len(digits) == 2:
                self.fail(start, "found extremely long version number")
            digits += self.char()
            self.skip()
            self.ensure(1)
        if not digits:
            self.fail(start, "did not find expected version number")
        return int(digits)

    def _tag_directive(self, start: Mark) -> TagDirective:
        self.skip_blanks()
        handle = self._tag_handle(start, directive=True)
        self.ensure(1)
        if self.char() not in BLANKS:
            self.fail(start, "did not find expected whitespace")
        self.skip_blanks()
        prefix = self._tag_uri("", start)
        self.ensure(1)
        if self.char() not in BLANKZ:
            self.fail(start, "did not find expected whitespace or line break")
        return handle, prefix

"""Bytes -> text, as yaml.v3's reader decodes it: piece by piece, so that a fault shows only when its piece is read."""

from __future__ import annotations

import codecs
import re
from itertools import accumulate
from typing import Final

PIECE: Final = 512  # bytes of yaml.v3's raw buffer
_BYTE_ORDER_MARKS: Final = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"))
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTROL_CHARACTERS: Final = "control characters are not allowed"


def _utf8_fault(octets: bytes) -> str:
    """yaml.v3's words for the broken UTF-8 sequence at the start of `octets`."""
    first = octets[0]
    if 0x80 <= first < 0xC0 or first >= 0xF8:
        return "invalid leading UTF-8 octet"
    width = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
    if len(octets) < width:
        return "incomplete UTF-8 octet sequence"
    if any(octet & 0xC0 != 0x80 for octet in octets[1:width]):
        return "invalid trailing UTF-8 octet"
    value = first & (0x7F >> width)
    for octet in octets[1:width]:
        value = value << 6 | octet & 0x3F
    too_short = value < (0, 0, 0x80, 0x800, 0x10000)[width]
    return "invalid length of a UTF-8 sequence" if too_short else "invalid Unicode character"


def _utf16_fault(octets: bytes, encoding: str) -> str:
    """yaml.v3's words for the broken UTF-16 unit at the start of `octets`."""
    if len(octets) < 2:
        return "incomplete UTF-16 character"
    unit = int.from_bytes(octets[:2], "little" if encoding == "utf-16-le" else "big")
    if unit & 0xFC00 == 0xDC00:
        return "unexpected low surrogate area"
    return "incomplete UTF-16 surrogate pair" if len(octets) < 4 else "expected low surrogate area"


def _fault(octets: bytes, encoding: str) -> str:
    return _utf8_fault(octets) if encoding == "utf-8" else _utf16_fault(octets, encoding)


class Pieces:
    """A document's text and where its pieces end.

    `ends[n]` is how many characters are known after n+1 pieces. `fault` is what is wrong with the piece after the last
    of them, None for a sound document. `text` reaches to the fault's piece, `before_fault` to the fault itself.
    """

    __slots__ = ("_is_late", "before_fault", "ends", "fault", "text")

    def __init__(self, source: bytes) -> None:
        source = source or b"\n"
        encoding, skip = "utf-8", 0
        for mark, name in _BYTE_ORDER_MARKS:
            if source.startswith(mark):
                encoding, skip = name, len(mark)
                break
        self.ends: list[int] = []
        self.fault: str | None = None
        self._is_late = False  # the fault shows with the next piece only
        self.text = self.before_fault = ""
        self._decode(source, skip, encoding)

    def _decode(self, source: bytes, start: int, encoding: str) -> None:
        decoder = codecs.getincrementaldecoder(encoding)()
        parts: list[str] = []
        read, take = start, PIECE - start
        while read < len(source) and self.fault is None:
            octets = source[read : read + take]
            read += len(octets)
            parts.append(self._checked(self._decoded(decoder, octets, source[read : read + 3], encoding)))
            take = PIECE - len(decoder.getstate()[0])
        left = decoder.getstate()[0]
        if self.fault is None and left:
            self.fault = _fault(left, encoding)
        if self._is_late or (self.fault or "").startswith("incomplete"):
            # It shows only when more is read, or nothing more can be: what stands before it in its piece is sound.
            parts.append("")
        self.text = self.before_fault = "".join(parts)
        if self.fault is not None:
            self.text = "".join(parts[:-1])
            parts.pop()
        self.ends = list(accumulate(map(len, parts)))

    def _checked(self, part: str) -> str:
        """The part up to the first control character: that stands before a broken sequence, if there is one too."""
        match = _FORBIDDEN.search(part)
        if match is None:
            return part
        self._is_late = False
        self.fault = CONTROL_CHARACTERS
        return part[: match.start()]

    def _decoded(self, decoder: codecs.IncrementalDecoder, octets: bytes, following: bytes, encoding: str) -> str:
        """The text of one piece, up to where it is broken. A sequence cut by its end is judged with what follows."""
        try:
            return decoder.decode(octets)
        except UnicodeDecodeError as error:
            broken = error.object[error.start :]
            self.fault = _fault(broken + following, encoding)
            self._is_late = _fault(broken, encoding).startswith("incomplete")
            return error.object[: error.start].decode(encoding)

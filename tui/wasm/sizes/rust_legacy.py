"""Rust's legacy mangling: `_ZN4core3fmt9Formatter3pad17h<16 hexadecimal digits>E`."""

from __future__ import annotations

import re
from typing import Final

_SHAPE: Final = re.compile(r"_?_ZN(.+?)17h[0-9a-f]{16}E(?:\..*)?$", re.DOTALL)
_LENGTH: Final = re.compile(r"(\d{1,6})")
_ESCAPE: Final = re.compile(r"\$(SP|BP|RF|LT|GT|LP|RP|C|u[0-9a-f]{1,6})\$")
_PLAIN: Final = {"SP": "@", "BP": "*", "RF": "&", "LT": "<", "GT": ">", "LP": "(", "RP": ")", "C": ","}


def demangle_legacy(symbol: str) -> str | None:
    """`core::fmt::Formatter::pad` for a symbol of that form, None for any other (C++ has no such hash)."""
    shape = _SHAPE.match(symbol)
    if shape is None:
        return None
    text, at, parts = shape[1], 0, []
    while at < len(text):
        length = _LENGTH.match(text, at)
        if length is None or len(text) < length.end() + int(length[1]):
            return None
        at = length.end() + int(length[1])
        parts.append(_part(text[length.end() : at]))
    return "::".join(parts)


def _part(text: str) -> str:
    if text.startswith("_$"):
        text = text[1:]
    return _ESCAPE.sub(_escaped, text.replace("..", "::"))


def _escaped(match: re.Match[str]) -> str:
    if match[1] in _PLAIN:
        return _PLAIN[match[1]]
    code = int(match[1][1:], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else match[0]

"""Compiler output with its colours kept and every other escape sequence dropped. Source of the rules: ECMA-48.

A line is kept as it came; this is applied to what is shown, searched or copied. What comes out holds no character that
moves a cursor, sets a title, hides or reorders text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tui.facts import Fact
from tui.text import readable

TAB_WIDTH: Final = 8
# Colour: None (the terminal's own), 0-255 (its palette), or (red, green, blue).
Colour = int | tuple[int, int, int] | None

# One pattern finds every sequence; group 1 is the parameters of an SGR sequence. A string sequence (OSC, DCS, SOS, PM,
# APC) that is never ended loses only its introducer: losing the rest of the line would hide what the compiler said.
_ESCAPE: Final = re.compile(
    r"(?:\x1b\[|\x9b)([0-9;:]*)m"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
    r"|\x1b|[\x80-\x9f]"
)
_PIECE: Final = re.compile(rf"(?:{_ESCAPE.pattern.replace('([0-9;:]*)m', '[0-9;:]*m')})|.", re.DOTALL)
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class SgrStyle(Fact):
    """What SGR parameters ask for. Blink and conceal are left out: no line of a log may hide."""

    foreground: Colour = None
    background: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False
    strike: bool = False


PLAIN: Final = SgrStyle()
_FLAGS: Final[dict[int, dict[str, bool]]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    9: {"strike": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
}


def settled(line: str) -> str:
    """What a terminal shows of a line in the end: the last of what carriage returns overwrote, backspaces honoured."""
    if "\r" in line:
        line = line.rstrip("\r")
        line = line[line.rfind("\r") + 1 :]
    return _backspaced(line) if "\b" in line else line


def _backspaced(line: str) -> str:
    """The line after its backspaces: each steps back over one character, and what follows overwrites."""
    shown: list[str] = []
    at = 0
    for piece in _PIECE.findall(line):
        if piece == "\b":
            at = max(at - 1, 0)
            while at and len(shown[at]) > 1:  # an escape sequence takes no room
                at -= 1
        elif len(piece) > 1:
            shown.insert(at, piece)
            at += 1
        else:
            shown[at : at + 1] = [piece]
            at += 1
    return "".join(shown)


def strip(line: str) -> str:
    """The text of a line without any escape sequence, tabs expanded, other controls dropped: for search and copying."""
    if line.isascii() and line.isprintable():
        return line
    text = _ESCAPE.sub("", settled(line))
    if not text.isprintable():
        text = _UNSEEN.sub("", text).expandtabs(TAB_WIDTH)
    return text


def display(line: str) -> str:
    """The text that `segments` gives, in one piece: what a person sees of the line."""
    text = strip(line)
    return text if text.isprintable() else readable(text)


def segments(line: str) -> list[tuple[str, SgrStyle]]:
    """The line as runs of harmless text with their style; no run is empty. Tabs are expanded across runs."""
    line = settled(line)
    runs: list[tuple[str, SgrStyle]] = []
    style = PLAIN
    column = start = 0
    for match in _ESCAPE.finditer(line):
        column = _add(runs, line[start : match.start()], style, column)
        start = match.end()
        if match[1] is not None:
            style = apply(style, match[1])
    _add(runs, line[start:], style, column)
    return runs


def _add(runs: list[tuple[str, SgrStyle]], text: str, style: SgrStyle, column: int) -> int:
    """Append a run, made harmless; return the column after it."""
    if not text:
        return column
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
        if "\t" in text:
            text = (" " * column + text).expandtabs(TAB_WIDTH)[column:]
    if text:
        runs.append((readable(text), style))
    return column + len(text)


@lru_cache(maxsize=512)
def apply(style: SgrStyle, parameters: str) -> SgrStyle:
    """`style` after one SGR sequence with these parameters (`""` and `"0"` reset)."""
    codes = _codes(parameters)
    position = 0
    while position < len(codes):
        code = codes[position]
        position += 1
        if code == 0:
            style = PLAIN
        elif code in _FLAGS:
            style = style._replace(**_FLAGS[code])
        elif code in {38, 48, 58}:
            colour, position = _extended(codes, position)
            style = _coloured(style, code == 38, colour) if code != 58 else style  # 58 colours the underline
        else:
            style = _basic_colour(style, code)
    return style


def _codes(parameters: str) -> list[int]:
    """The numbers of an SGR sequence; colons of ITU T.416 colours read as semicolons, empty as 0."""
    # 38:2::R:G:B names a colour space between the 2 and R; the common form without it has one colon less.
    parameters = re.sub(r"(?<![0-9:])4:([0-9])", lambda kind: "24" if kind[1] == "0" else "4", parameters)
    parameters = re.sub(r"([345]8):2:[0-9]*:([0-9]+:[0-9]+:[0-9]+)", r"\1;2;\2", parameters)
    return [int(code[:6]) if code else 0 for code in re.split("[;:]", parameters)]


def _extended(codes: list[int], position: int) -> tuple[Colour, int]:
    """The colour after 38 or 48, and where the next code stands. A malformed one takes the rest."""
    kind = codes[position] if position < len(codes) else 0
    if kind == 5 and position + 1 < len(codes) and codes[position + 1] < 256:
        return codes[position + 1], position + 2
    red_green_blue = codes[position + 1 : position + 4]
    if kind == 2 and len(red_green_blue) == 3 and max(red_green_blue) < 256:
        return (red_green_blue[0], red_green_blue[1], red_green_blue[2]), position + 4
    return None, len(codes)


def _basic_colour(style: SgrStyle, code: int) -> SgrStyle:
    for first, is_foreground, offset in ((30, True, 0), (40, False, 0), (90, True, 8), (100, False, 8)):
        if first <= code < first + 8:
            return _coloured(style, is_foreground, code - first + offset)
    if code in {39, 49}:
        return _coloured(style, code == 39, None)
    return style


def _coloured(style: SgrStyle, is_foreground: bool, colour: Colour) -> SgrStyle:
    return style._replace(foreground=colour) if is_foreground else style._replace(background=colour)

"""Lines of text with a role on each piece: what the command line prints plain and the screen paints by role."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

from tui.facts import Fact
from tui.text import ELLIPSIS

Role = Literal[
    "present",  # there, of the right type
    "wrong",  # there, of another type
    "missing",  # not there
    "unknown",  # no module to look at
    "warning",  # fits, with something to know
    "arrow",  # from station to station
    "box",  # borders of a station that is reached
    "lit",  # the station that runs just now
    "broken",  # borders of the station where the trip ends
    "muted",  # what is never reached; signatures; asides
    "label",  # names of stations
    "mode",  # REACTOR, COMMAND
    "note",  # what breaks, under the station
    "error",  # the sentence where the trip ends badly
    "good",  # the sentence where it arrives
    "remedy",  # what to do
    "space",
]
Segment = tuple[str, Role]
Line = tuple[Segment, ...]


class Glyphs(Fact):
    """The marks of one character set. Every mark differs from the others without colour."""

    present: str
    wrong: str
    missing: str
    unknown: str
    warning: str
    loop: str
    arrow: tuple[str, str]  # shaft, head
    faint: tuple[str, str]  # the same where nobody passes
    to: str  # in signatures
    ellipsis: str
    elbow: str
    left_elbow: str
    box: str  # corners and sides: top left, top right, bottom left, bottom right, horizontal, vertical, tee
    host: str  # the same for what the host does itself
    heavy: str  # the same where the trip ends
    tree: str  # first, between, last, faint between, faint last


UNICODE: Final = Glyphs(
    "✓",
    "≠",
    "✗",
    "·",
    "▲",
    "⟲",
    ("─", "▶"),
    ("╌", "▷"),
    "→",
    ELLIPSIS,
    "╰─",
    "─╯",
    "╭╮╰╯─│┬",
    "╭╮╰╯╌┊┬",
    "┏┓┗┛━┃┯",
    "┌├└┊┊",
)
ASCII: Final = Glyphs(
    "+",
    "!",
    "x",
    ".",
    "!",
    "(n)",
    ("-", ">"),
    (".", ">"),
    "->",
    "...",
    "`-",
    "-'",
    "++++-|+",
    "....-:.",
    "####=#+",
    "|||::",
)


def cells(text: str) -> int:
    """How many terminal columns a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)


def clip(text: str, width: int, ellipsis: str = ELLIPSIS) -> str:
    """The text in at most `width` columns, its end replaced by an ellipsis where it is longer."""
    if cells(text) <= width:
        return text
    room = width - cells(ellipsis)
    if room < 0:
        return ellipsis[: max(width, 0)]
    taken = used = 0
    for character in text:
        used += cells(character)
        if used > room:
            break
        taken += 1
    return text[:taken] + ellipsis


def center(text: str, width: int) -> str:
    """The text in the middle of `width` columns, a little to the left where it is odd."""
    gap = max(width - cells(text), 0)
    return " " * (gap // 2) + text + " " * (gap - gap // 2)


def ljust(text: str, width: int) -> str:
    """The text at the left of `width` columns."""
    return text + " " * max(width - cells(text), 0)


def line_width(line: Iterable[Segment]) -> int:
    """How many columns a line takes."""
    return sum(cells(text) for text, _ in line)


def clip_line(line: Line, width: int, ellipsis: str = ELLIPSIS) -> Line:
    """The line in at most `width` columns."""
    if line_width(line) <= width:
        return line
    kept: list[Segment] = []
    for text, role in line:
        room = width - line_width(kept)
        if cells(text) >= room:
            return (*kept, (clip(text + " " * (room + 1), room, ellipsis), role))
        kept.append((text, role))
    return tuple(kept)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces where there are any."""
    lines, current = [], ""
    for word in text.split(" "):
        joined = f"{current} {word}" if current else word
        if cells(joined) <= width:
            current = joined
            continue
        if current:
            lines.append(current)
        current = word
        while cells(current) > max(width, 1):
            head = clip(current, max(width, 1), "") or current[0]  # a wide character in a column of one
            lines.append(head)
            current = current[len(head) :]
    return [*lines, current] if current or not lines else lines


def text_of(lines: Iterable[Line]) -> tuple[str, ...]:
    """The lines as plain text, without spaces at their ends."""
    return tuple("".join(text for text, _ in line).rstrip() for line in lines)

"""Names of packages in little room: whole, on several lines, or as much of the path's end as still tells. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len

_VERSION: Final = re.compile(r"v\d+")


def label(name: str, room: int, lines: int) -> tuple[str, ...]:
    """The name in at most `lines` lines of `room` cells; empty where nothing of it that tells would fit.

    A version (`v2`) never stands alone: with the element before it, it is a name.
    """
    if cell_len(name) <= room:
        return (name,)
    broken = _broken(name, room)
    if broken is not None and len(broken) < lines:  # a line is left for the size
        return broken
    return next(((end,) for end in _ends(name) if cell_len(end) <= room), ())


def _ends(name: str) -> Iterator[str]:
    """Ends of the path, the longest first; the last one is the shortest that says which package it is."""
    elements = [element for element in name.split("/") if element] or [name]
    shortest = 2 if len(elements) > 1 and _VERSION.fullmatch(elements[-1]) else 1
    for count in range(max(len(elements) - 1, shortest), shortest - 1, -1):
        yield "/".join(elements[-count:])


def _broken(name: str, room: int) -> tuple[str, ...] | None:
    """The name broken behind slashes and at blanks; None where a piece is wider than the room."""
    lines: list[str] = []
    for piece in re.findall(r"[^/ ]*[/ ]|[^/ ]+", name):
        if lines and cell_len(lines[-1] + piece.rstrip()) <= room:
            lines[-1] += piece
        else:
            lines.append(piece)
    lines = [line.rstrip() for line in lines]
    return tuple(lines) if all(cell_len(line) <= room for line in lines) else None

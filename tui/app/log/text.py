"""Work on all lines of a log in portions: looking for a match, copying, saving. Nothing stalls meanwhile."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TextIO

from tui.app.log.layout import LogLayout
from tui.app.log.search import LogPattern
from tui.building.log import sgr
from tui.files import NEW, identity, remove_same

PORTION = 4_000  # lines between two turns of other work


async def find_line(
    rows: LogLayout, pattern: LogPattern, start: int, direction: int, *, here: bool = False
) -> int | None:
    """The nearest line that shows and matches, after `start` (direction 1) or before it (-1), round the end if need be.

    `here` lets the line at `start` count as nearest. None where no line matches.
    """
    transcript = rows.transcript
    for count, index in enumerate(_order(rows, start, direction, here), 1):
        if count % PORTION == 0:
            await asyncio.sleep(0)
        if index >= transcript.first and pattern.matches(sgr.display(transcript.text(index))):
            return index
    return None


def _order(rows: LogLayout, start: int, direction: int, here: bool) -> Iterator[int]:
    """The lines that show, in the order in which they are looked at."""
    first, last = rows.transcript.first, rows.transcript.total
    if direction > 0:
        split = start if here else start + 1
        return chain(rows.showing(split, last), rows.showing(first, split - 1))
    return chain(reversed(rows.showing(first, start - 1)), reversed(rows.showing(start, last)))


async def place_among(rows: LogLayout, pattern: LogPattern, line: int) -> tuple[int, int]:
    """Which match `line` is (1-based), and how many lines match of those that show."""
    transcript, place, total = rows.transcript, 0, 0
    for count, index in enumerate(rows.showing(transcript.first, transcript.total), 1):
        if count % PORTION == 0:
            await asyncio.sleep(0)
        if index >= transcript.first and pattern.matches(sgr.display(transcript.text(index))):
            total += 1
            place += index <= line
    return place, total


async def text_portions(rows: LogLayout) -> AsyncIterator[str]:
    """The text of the lines that show, without escape sequences, each line ended by a newline."""
    transcript = rows.transcript
    shown = rows.showing(transcript.first, transcript.total)
    for start in range(0, len(shown), PORTION):
        portion = shown[start : start + PORTION]
        yield "".join(f"{transcript.plain(index)}\n" for index in portion if index >= transcript.first)
        await asyncio.sleep(0)


async def save_text(rows: LogLayout, path: Path) -> str | None:
    """Write the lines that show to a new file; the sentence of what went wrong, or None. Never over another file."""
    try:
        file = await asyncio.to_thread(_new_file, path)
        made = identity(os.fstat(file.fileno()))
        try:
            async for portion in text_portions(rows):
                await asyncio.to_thread(file.write, portion)
            await asyncio.to_thread(file.close)
        except OSError:
            remove_same(path, made)
            raise
        finally:
            with suppress(OSError):
                file.close()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"{reason}: {path}"  # the reason first: a bar has no room for a long path
    return None


def _new_file(path: Path) -> TextIO:
    return open(os.open(path, NEW, 0o666), "w", encoding="utf-8", errors="replace")


def short_path(path: Path) -> str:
    """A path with the home folder written as ~."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)

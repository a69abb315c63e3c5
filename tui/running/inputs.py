"""The inputs that a function was run with here, so that the next run begins with them: newest first, no input twice."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table

MOST_INPUTS: Final = 20  # of one function
LONGEST: Final = 16 << 10  # characters of one that is kept
Inputs = tuple[str, ...]


def recent_inputs(folder: Path) -> Inputs:
    """What was sent to a function before. What cannot be read was not sent."""
    return default_store().read(INPUTS, str(folder.absolute())).value or ()


def remember_input(folder: Path, text: str) -> str | None:
    """Keep what was sent; the sentence of what went wrong, or None. A long input is not kept: a file is its place."""
    if len(text) > LONGEST:
        return None
    return default_store().update(INPUTS, str(folder.absolute()), lambda before: with_input(before or (), text))


def with_input(before: Inputs, text: str) -> Inputs:
    """These inputs and a newer one."""
    return (text, *(one for one in before if one != text))[:MOST_INPUTS]


def _encoded(inputs: Inputs) -> Document:
    return {"inputs": list(inputs)}


def _decoded(document: Document) -> Inputs | None:
    found = document.get("inputs")
    if not isinstance(found, list) or not all(isinstance(one, str) and len(one) <= LONGEST for one in found):
        return None
    return tuple(found[:MOST_INPUTS])


INPUTS: Final = Table("inputs", 1, _encoded, _decoded, "the inputs of runs", home="state", most_bytes=2 << 20)

"""Retained sizes between runs, by the module's content: a megabyte of code takes a large part of a second."""

from __future__ import annotations

from _blake2 import blake2b
from typing import Final

from tui.assessment.kept.identity import code_mark
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table
from tui.wasm.sizes.retained import MODULE
from tui.wasm.sizes.size_report import Retained

MODULES: Final = 200  # of which they are kept


def known_retained(source: bytes) -> Retained | None:
    """What was found out of these bytes by this very code; None where nothing was. Reads a file."""
    return default_store().read(RETAINED, _key(source)).value


def keep_retained(source: bytes, found: Retained) -> str | None:
    """Keep what was found out; the sentence of what went wrong. Losing it costs time only."""
    return default_store().write(RETAINED, _key(source), found)


def _key(source: bytes) -> str:
    code = blake2b(repr(code_mark()).encode(), digest_size=8).hexdigest()
    return f"{blake2b(source, digest_size=16).hexdigest()}-{code}"


def _encoded(found: Retained) -> Document:
    return {
        "first": min(found.functions, default=0),
        "functions": list(found.functions.values()),
        "dominators": list(found.dominators.values()),
        "rows": dict(found.rows),
        "seconds": found.seconds,
        "note": found.note,
    }


def _decoded(document: Document) -> Retained | None:
    first, rows = document.get("first"), document.get("rows")
    sizes, dominators = _integers(document.get("functions"), 0), _integers(document.get("dominators"), MODULE)
    seconds, note = document.get("seconds"), document.get("note")
    if not isinstance(first, int) or not isinstance(seconds, float) or not isinstance(note, str | None):
        return None
    if sizes is None or dominators is None or len(sizes) != len(dominators) or not isinstance(rows, dict):
        return None
    if first < 0 or _integers(list(rows.values()), 0) is None:
        return None
    return Retained(dict(enumerate(sizes, first)), rows, dict(enumerate(dominators, first)), seconds, note)


def _integers(value: object, least: int) -> list[int] | None:
    if not isinstance(value, list) or not all(isinstance(each, int) and each >= least for each in value):
        return None
    return value


RETAINED: Final[Table[Retained]] = Table(
    name="retained",
    version=1,
    encode=_encoded,
    decode=_decoded,
    what="the retained sizes of a module",
    most_entries=MODULES,
)

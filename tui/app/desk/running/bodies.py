"""An output made ready to be shown: pretty where it is JSON, bounded in any case. It takes time: for a thread."""

from __future__ import annotations

import json
from typing import Final

from tui.app.desk.running.model import Body
from tui.running.answer import Answer

MOST_LINES: Final = 1_000
MOST_COPIED: Final = 1 << 20  # bytes of an output that can be copied, and are looked at
LONGEST_LINE: Final = 2_000  # characters


def body_of(answer: Answer) -> Body:
    """What the invoking client gets; of a persistent function there is no body."""
    data = answer.client.body if answer.client is not None else answer.output
    return pretty(data)


def pretty(data: bytes) -> Body:
    """Bytes as lines: JSON indented, all else as text."""
    text = data[:MOST_COPIED].decode("utf-8", "replace")
    if len(data) <= MOST_COPIED:
        try:
            return _cut(json.dumps(json.loads(text), indent=2, ensure_ascii=False), text, is_json=True)
        except (ValueError, RecursionError):
            pass
    return _cut(text, text, is_json=False)


def _cut(shown: str, text: str, *, is_json: bool) -> Body:
    lines = shown.rstrip("\n").split("\n") if shown else []
    kept = tuple(line[:LONGEST_LINE] for line in lines[:MOST_LINES])
    return Body(kept, len(lines) - len(kept), text, is_json)

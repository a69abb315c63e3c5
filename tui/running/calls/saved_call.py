"""A kept call, and what may be expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tui.running.answer import Caller

FILE: Final = "calls.yaml"
# What stands under `expect`, with the kind of value it takes.
EXPECTED: Final[Mapping[str, str]] = {
    "output": "any value",  # equal: as JSON where the output is JSON, else as text
    "contains": "any value",  # a subset: each key and element that stands here is there
    "status": "a number",  # that the invoking client sees
    "error": "a text",  # that the failure's words contain
    "logs": "a list of texts",
    "calls": "a list of texts",  # the names of the host calls, in order
    "frames": "a list of texts",  # what ws_frame gave
    "received": "a list of texts",  # by the client of a persistent function
}
# The same in each test, so that what a function makes of them is the same, too.
CLIENT_ID: Final = "00000000-0000-4000-8000-000000000001"
REQUEST_ID: Final = "00000000-0000-4000-8000-000000000002"


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands in the file: characters from `start` up to `end`, the first in `column` (from 0)."""

    start: int
    end: int
    column: int


@dataclass(frozen=True, slots=True)
class SavedCall:
    """One call of calls.yaml. Files are named relative to the function's folder."""

    name: str
    line: int = 0
    input: bytes = b"{}"
    frames: tuple[bytes, ...] = ()
    caller: Caller = field(default_factory=Caller)
    seed: str = ""
    http: str = ""
    expect: Mapping[str, object] = field(default_factory=dict)
    expect_span: Span | None = None  # of the value of `expect`
    call_span: Span | None = None  # of the whole call's value


@dataclass(frozen=True, slots=True)
class CallsFault:
    """What is wrong with a calls.yaml: where (from 1; 0 for nowhere in it), and in which words."""

    words: str
    line: int = 0
    column: int = 0

    def text(self, path: str) -> str:
        """One line that an editor can jump from."""
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{path}{place}: {self.words}"

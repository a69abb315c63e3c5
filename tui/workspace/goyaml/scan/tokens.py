"""The tokens of YAML, and the keys that may yet turn out to be one."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml.scan.cursor import Mark
from tui.workspace.goyaml.scan.names import TagDirective, Version

STREAM_START: Final = "stream start"
STREAM_END: Final = "stream end"
VERSION: Final = "%YAML"
TAG_DIRECTIVE: Final = "%TAG"
DOCUMENT_START: Final = "---"
DOCUMENT_END: Final = "..."
BLOCK_SEQUENCE_START: Final = "block sequence start"
BLOCK_MAPPING_START: Final = "block mapping start"
BLOCK_END: Final = "block end"
FLOW_SEQUENCE_START: Final = "["
FLOW_SEQUENCE_END: Final = "]"
FLOW_MAPPING_START: Final = "{"
FLOW_MAPPING_END: Final = "}"
BLOCK_ENTRY: Final = "-"
FLOW_ENTRY: Final = ","
KEY: Final = "?"
VALUE: Final = ":"
ALIAS: Final = "*"
ANCHOR: Final = "&"
TAG: Final = "!"
SCALAR: Final = "scalar"


class Token:
    """One token: its kind, where it begins and ends, and what a scalar, a name or a directive says."""

    __slots__ = ("end", "kind", "payload", "start", "style")

    def __init__(self, kind: str, start: Mark, end: Mark) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.style = ""
        self.payload: str | tuple[str, str] | Version | TagDirective = ""


class SimpleKey:
    """Where a key without "?" may have begun, on one flow level."""

    __slots__ = ("mark", "number", "possible", "required")

    def __init__(self, number: int, mark: Mark) -> None:
        self.possible = False
        self.required = False
        self.number = number  # of its first token
        self.mark = mark

"""What a line of a log is, and which of its characters say so: a place, a package, an error, words of ours. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui.app.messages import EditPlace
from tui.building.errors import grammar
from tui.building.log.transcript import LineOrigin
from tui.facts import Fact

_LOOKED_AT: Final = 2_000  # characters of one line
_SEVERITIES: Final = {"error": "error", "warning": "warn", "note": "muted", "remark": "muted"}
_OWN: Final = (("$ ", "code"), ("Built ", "ok"), ("cancelled", "muted"), ("up to date", "muted"))


class Stretch(Fact):
    """Some characters of a line, and the role in which they are drawn."""

    start: int
    end: int
    role: str


def stretches(text: str, origin: LineOrigin) -> tuple[Stretch, ...]:
    """The stretches of a line that have a role, in order; the rest has none. `text` holds no escape sequences."""
    looked = text[:_LOOKED_AT]
    placed = grammar.PLACED.match(looked) if origin != "fn-tui" else None
    if placed is not None:
        return tuple(_placed(text, placed.start("message")))
    role = _own(looked) if origin == "fn-tui" else _role(looked.rstrip())
    return (Stretch(0, len(text), role),) if role else ()


def _own(line: str) -> str:
    """The command, or how the build ended."""
    return next((role for start, role in _OWN if line.startswith(start)), "error")


def _role(line: str) -> str:
    """The role of a line that names no place; "" where it is like any other."""
    if grammar.PACKAGE.fullmatch(line) is not None:
        return "title"
    severity = grammar.SEVERITY.match(line)
    if severity is not None:
        return _SEVERITIES[severity[2]]
    is_error = grammar.UNPLACED.match(line) or grammar.TRACE.match(line)
    return "muted" if grammar.NOISE.match(line) else "error" if is_error else ""


def _placed(text: str, message: int) -> Iterator[Stretch]:
    """`function.go:3:2: undefined: x`: the place, then what is wrong there."""
    yield Stretch(0, len(text[:message].rstrip(" :")), "accent under")
    severity = grammar.SEVERITY.match(text, message)
    yield Stretch(message, len(text), _SEVERITIES[severity[2]] if severity is not None else "error")


def place_named(text: str, directory: Path) -> EditPlace | None:
    """The place that a line of a build in `directory` begins with; None where it names none that can be edited."""
    looked = text[:_LOOKED_AT].strip()
    found = grammar.PLACED.match(looked)
    if found is None or found["path"].startswith("$"):
        return None
    column = found["column"]
    return EditPlace(directory / found["path"], int(found["line"]), int(column) if column else None)

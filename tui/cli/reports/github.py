"""Build results as workflow commands of GitHub Actions: annotations at the lines that do not compile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tui.building.events import BuildResult, Diagnostic

_KINDS: Final = {"error": "error", "warning": "warning", "note": "notice"}
_IN_MESSAGE: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY: Final = _IN_MESSAGE | {":": "%3A", ",": "%2C"}


def workflow_commands(result: BuildResult, root: Path) -> Iterator[str]:
    """One command a diagnostic; for a failure without any, one for the function. Paths are relative to `root`."""
    if result.status == "failed" and not any(each.severity == "error" for each in result.diagnostics):
        place = _relative(result.directory / "function.yaml", root)
        yield command("error", result.error or "the build failed", file=place)
    for diagnostic in result.diagnostics:
        yield _annotation(diagnostic, result.directory, root)


def command(kind: str, message: str, **properties: str | None) -> str:
    """`::kind name=value,...::message`, escaped as the runner unescapes it."""
    given = [f"{name}={_escaped(value, _IN_PROPERTY)}" for name, value in properties.items() if value is not None]
    return f"::{kind}{' ' if given else ''}{','.join(given)}::{_escaped(message, _IN_MESSAGE)}"


def _annotation(diagnostic: Diagnostic, directory: Path, root: Path) -> str:
    lines = [diagnostic.message, *diagnostic.details]
    if diagnostic.explanation is not None:
        lines.append(diagnostic.explanation)
    if diagnostic.fix is not None:
        lines.append(f"fix: {diagnostic.fix}")
    place = diagnostic.path or "function.go"
    return command(
        _KINDS[diagnostic.severity],
        "\n".join(lines),
        file=_relative(directory / place, root),
        line=str(diagnostic.line) if diagnostic.line is not None else None,
        col=str(diagnostic.column) if diagnostic.column is not None else None,
    )


def _relative(path: Path, root: Path) -> str:
    return os.path.relpath(path, root)


def _escaped(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)

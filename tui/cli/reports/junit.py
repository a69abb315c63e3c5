"""Build results as JUnit XML, the form that continuous integration reads. Valid XML 1.0, whatever compilers print."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tui.building.errors.diagnostics import headline
from tui.building.events import BuildResult, Diagnostic
from tui.cli.exact import b64, is_exact
from tui.text import visible

OUTPUT_KEPT: Final = 2_000  # last lines of a function's output
LINE_KEPT: Final = 10_000  # characters of each: one line may have megabytes
_COUNTED: Final = ("failed", "cancelled", "lost", "skipped")
# What XML 1.0 allows (2.2, Char); all else becomes U+FFFD; a byte of a name that is not UTF-8 is shown as `\xe9`.
_ALLOWED: Final = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))


def junit_xml(results: Sequence[tuple[BuildResult, Sequence[str]]], root: Path) -> bytes:
    """The report on builds, each with its lines of output; cases are named by their path from `root`."""
    ended = [result for result, _ in results]
    counts = {status: sum(result.status == status for result in ended) for status in _COUNTED}
    errors = counts["cancelled"] + counts["lost"]
    totals = (
        f'tests="{len(ended)}" failures="{counts["failed"]}" errors="{errors}" '
        f'skipped="{counts["skipped"]}" time="{sum(result.seconds for result in ended):.3f}"'
    )
    cases = "".join(_case(result, lines, root) for result, lines in results)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="fn-tui build" {totals}>\n'
        f'<testsuite name="build" {totals}>\n{cases}</testsuite>\n</testsuites>\n'
    )
    return text.encode("utf-8")


def _case(result: BuildResult, lines: Sequence[str], root: Path) -> str:
    path = os.path.relpath(result.directory, root)
    name = quoteattr(allowed(path))
    output = allowed("\n".join(lines[-OUTPUT_KEPT:]))
    body = _outcome(result)
    if not is_exact(path):
        body = f'<properties><property name="path_b64" value="{b64(path)}"/></properties>\n{body}'
    if output:
        body += f"<system-out>{escape(output)}</system-out>\n"
    return f'<testcase classname="build" name={name} time="{result.seconds:.3f}">\n{body}</testcase>\n'


def _outcome(result: BuildResult) -> str:
    """The element that says how a case ended; nothing for a good one."""
    message = quoteattr(allowed(result.error or ""))
    if result.status == "failed":
        told = [line for each in result.diagnostics for line in _told(each)]
        if result.tool_error is not None and result.tool_error != result.error:
            told.append(result.tool_error)
        return f'<failure type="build" message={message}>{escape(allowed(chr(10).join(told)))}</failure>\n'
    if result.status in ("cancelled", "lost"):
        return f'<error type="{result.status}" message={message}/>\n'
    return "<skipped/>\n" if result.status == "skipped" else ""


def _told(diagnostic: Diagnostic) -> Iterator[str]:
    """All that is known of one error: where, what, its further lines, what it means, what mends it."""
    yield headline(diagnostic)
    yield from (f"  {line}" for line in diagnostic.details)
    if diagnostic.explanation is not None:
        yield f"  {diagnostic.explanation}"
    if diagnostic.fix is not None:
        yield f"  fix: {diagnostic.fix}"


def allowed(text: str) -> str:
    """`text` as XML 1.0 takes it."""
    return "".join(c if any(low <= ord(c) <= high for low, high in _ALLOWED) else "\ufffd" for c in visible(text))

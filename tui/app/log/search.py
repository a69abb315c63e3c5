"""What a person types to search or filter a log, made a test of lines. Bad patterns are values, not exceptions."""

from __future__ import annotations

import re

from tui.facts import Fact


class LogPattern(Fact):
    """A search: plain text, or a regular expression between slashes. Capitals in it make it mind capitals."""

    text: str
    pattern: re.Pattern[str] | None = None  # None: nothing to search for, or an error
    error: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether there is something to search for."""
        return self.pattern is not None

    def matches(self, line: str) -> bool:
        """Whether the line, without escape sequences, has a match. True for everything where nothing is searched."""
        return self.pattern is None or self.pattern.search(line) is not None

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where the matches of a line begin and end, in characters; empty matches are left out."""
        if self.pattern is None:
            return []
        return [match.span() for match in self.pattern.finditer(line) if match.end() > match.start()]


def compile_pattern(text: str) -> LogPattern:
    """`text` as a search: `/x+/` and `/x+` are regular expressions, anything else is looked for as it stands."""
    if not text or text == "/":
        return LogPattern(text)
    is_regex = text.startswith("/")
    body = text[1:].removesuffix("/") if is_regex else text
    if not body:
        return LogPattern(text)
    flags = re.IGNORECASE if body == body.lower() else 0
    try:
        return LogPattern(text, re.compile(body if is_regex else re.escape(body), flags))
    except (re.error, OverflowError, RecursionError) as error:
        return LogPattern(text, error=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, re.error) and error.pos is not None:
        return f"bad pattern: {error.msg} at {error.pos + 1}"
    return f"bad pattern: {error}"

"""Bytes -> the root node of the first document, by whichever reader is exact and fast enough."""

from __future__ import annotations

import re
from typing import Final

from tui.facts import Fact
from tui.workspace.goyaml.libyaml import compose, has_libyaml
from tui.workspace.goyaml.nodes import GoYamlError, Node, TooLargeError

# What libyaml and yaml.v3 read differently lies behind one of these; without them their trees are equal: tabs, byte
# order marks, Unicode's line breaks, some escapes, directives, and tags and the like at the start of a token.
_UNUSUAL: Final = re.compile(
    rb"\t|\\[/uU]|(?:^|\r)%|[\s\[{,:?\-][!&*]|^[!&*]|\xef\xbb\xbf|\xc2\x85|\xe2\x80[\xa8\xa9]", re.MULTILINE
)
_UNUSUAL_FLOW: Final = re.compile(rb"\?|:[^ \r\n]")  # inside brackets and braces only
# bytes; our own scanner takes half a microsecond a byte of what people write, seven at worst
EXACT_LIMIT: Final = 256 * 1024
EXACT_LIMIT_ALONE: Final = 512 * 1024  # the same where there is no libyaml to fall back on


class Loaded(Fact):
    """A read file: the first document's root (None: there is none), and the 1-based line of what follows it."""

    root: Node | None
    next_document: int | None


def _translated(error: Exception) -> GoYamlError:
    """libyaml's complaint in yaml.v3's words, which differ in how they count the line."""
    context = getattr(error, "context_mark", None)
    problem = getattr(error, "problem_mark", None)
    place = context if context is not None and context.line else problem
    text = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if place is None or not place.line:
        return GoYamlError(text, problem.line + 1 if problem else None, problem.column + 1 if problem else None)
    line = place.line + (type(error).__name__ == "ScannerError")
    at = problem or place
    return GoYamlError(f"line {line}: {text}", at.line + 1, at.column + 1)


def _by_libyaml(source: bytes, *, alone: bool) -> Loaded | None:
    """What libyaml makes of it; None where our own scanner has to say more. If `alone`, libyaml has the word."""
    from yaml import YAMLError

    try:
        root, is_whole = compose(source)
    except (YAMLError, GoYamlError) as error:
        if alone:
            raise (error if isinstance(error, GoYamlError) else _translated(error)) from error
        return None
    return Loaded(root, None) if is_whole or alone else None


def is_unusual(source: bytes) -> bool:
    """Whether libyaml may read the document otherwise than yaml.v3, or it holds more than values."""
    if _UNUSUAL.search(source) is not None:
        return True
    return (b"{" in source or b"[" in source) and _is_unusual_flow(source)


def _is_unusual_flow(source: bytes) -> bool:
    """Whether a line with brackets or braces holds what matters in them; any line, where they span lines."""
    lines = [line for line in source.splitlines() if b"[" in line or b"{" in line or b"]" in line or b"}" in line]
    if any(line.count(b"[") + line.count(b"{") != line.count(b"]") + line.count(b"}") for line in lines):
        return _UNUSUAL_FLOW.search(source) is not None
    return any(_UNUSUAL_FLOW.search(line) is not None for line in lines)


def _exactly(source: bytes) -> Loaded:
    from tui.workspace.goyaml.grammar.parser import Parser

    parser = Parser(source)
    return Loaded(parser.root(), parser.line_after())


def load_root(source: bytes) -> Loaded:
    """The root node of the first document, and where the file goes on after it.

    libyaml reads what it reads as yaml.v3 does, our own scanner the rest, and what is wrong. Raises `GoYamlError` in
    yaml.v3's words, `GoPanicError`, `TooLargeError`.
    """
    quick = has_libyaml()
    limit = EXACT_LIMIT if quick else EXACT_LIMIT_ALONE
    exact = len(source) <= limit
    if quick and not (exact and is_unusual(source)):
        loaded = _by_libyaml(source, alone=not exact)
        if loaded is not None:
            return loaded
    if not exact:
        raise TooLargeError(f"{len(source):,} bytes, the limit without libyaml is {limit:,}")
    return _exactly(source)

"""What the functions of one Go file do that a verdict asks about: packages used, calls whose result is returned.

No parser: bodies are found by gofmt's own layout, where a declaration starts a line and its brace ends one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Final

from tui.facts import Fact
from tui.gateway.verdict import Place

BUILTIN: Final = "builtin"  # the package that Go's documentation has predeclared functions in
MOST: Final = 2_000  # imports, uses and returns that are looked at in one file
NEAR: Final = 20_000  # characters of one import block or body that are looked at for one of them
CALL: Final = 2_000  # characters of one call
_IMPORT_BLOCK: Final = re.compile(r"^import[ \t]*(?:\(([^)]{0,20000})\)|([^\n(]*))", re.MULTILINE)
_IMPORT_LINE: Final = re.compile(r'(?:(?<![\w.])(?P<alias>[\w.]++)[ \t]+)?"(?P<path>[^"\n]+)"')
_FUNCTION: Final = re.compile(r"^func[ \t]+(?:\([^)\n]*\)[ \t]*)?(\w+)[ \t]*[\[(]", re.MULTILINE)
_RETURN: Final = re.compile(r"\breturn[ \t]+")
_NAME: Final = re.compile(r"(\w+)[ \t]*")
_ASSIGNED: Final = r"(?<![\w.,])%s[ \t]*:?=[ \t]*"
_CONVERSIONS: Final = frozenset({"uint32", "int32", "uint", "int", "uint64", "int64", "uintptr"})
_RECOVER: Final = re.compile(r"(?<![\w.])recover[ \t]*+\([ \t]*+\)")
_SELECTOR: Final = re.compile(r"(?<![\w.])(\w++)[ \t]*+\.[ \t]*([A-Z]\w*+)")


class GoUse(Fact):
    """A name of an imported package, where it is used; `name` is "" for the import itself."""

    package: str  # its import path
    name: str
    place: Place


class GoReturn(Fact):
    """A function that returns what a call gives, as it is."""

    function: str
    called: str
    place: Place


def uses(name: str, text: str, code: str) -> tuple[GoUse, ...]:
    """Imports of the file, every exported name of them that it uses, and its first `recover`.

    `code` is `text` with nothing hidden in it.
    """
    packages = {}
    found = []
    lines = _Lines(text)
    for alias, path, offset in islice(_imports(text, code), MOST):
        packages[alias] = path
        found.append(GoUse(path, "", Place(name, lines.at(offset))))
    lines = _Lines(code)
    used = (match for match in _SELECTOR.finditer(code) if match[1] in packages)
    found += [
        GoUse(packages[match[1]], match[2], Place(name, lines.at(match.start())))
        for match in islice(used, max(MOST - len(found), 0))
    ]
    recovers = _RECOVER.search(code)
    if recovers is not None:
        found.append(GoUse(BUILTIN, "recover", Place(name, code.count("\n", 0, recovers.start()) + 1)))
    return tuple(found)


class _Lines:
    """Line numbers of offsets that are asked for in rising order: each stretch of text is counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._counted = 0

    def at(self, offset: int) -> int:
        """The 1-based line of an offset that is not before the last one."""
        self._line += self._text.count("\n", self._counted, offset)
        self._counted = offset
        return self._line


def _imports(text: str, code: str) -> Iterator[tuple[str, str, int]]:
    """(name in the file, import path, offset) of each import."""
    for block in islice(_IMPORT_BLOCK.finditer(text), MOST):
        if not code.startswith("import", block.start()):
            continue  # inside a comment or a literal
        group = 1 if block[1] is not None else 2
        for match in _IMPORT_LINE.finditer(text, block.start(group), block.end(group)):
            path = match["path"]
            last = path.rsplit("/", 1)[-1]
            yield match["alias"] or last, path, match.start()


def returns(name: str, code: str) -> tuple[GoReturn, ...]:
    """Every return of what a call gives and nothing else, also by way of a variable or a conversion."""
    found: list[GoReturn] = []
    lines = _Lines(code)
    everywhere = (
        (function, start, end, match)
        for function, start, end in _functions(code)
        for match in _RETURN.finditer(code, start, end)
    )
    for function, start, end, match in islice(everywhere, MOST):
        called = _whole_call(code, match.end(), end) or _assigned_call(code, start, match.end(), end)
        if called is not None:
            found.append(GoReturn(function, called, Place(name, lines.at(match.start()))))
    return tuple(found)


def _functions(code: str) -> Iterator[tuple[str, int, int]]:
    """(name, where it starts, where it ends) of each function that gofmt has laid out."""
    brace = -1  # the next line that starts with a brace, looked for once for all functions before it
    following = _FUNCTION.finditer(code)
    next(following, None)
    for match, after in zip_longest(_FUNCTION.finditer(code), following):
        line = code.find("\n", match.end())
        line = line if line >= 0 else len(code)
        if code[match.end() : line].rstrip().endswith("}"):
            yield match[1], match.end(), line
            continue
        if brace < match.end():
            brace = code.find("\n}", match.end())
            brace = brace if brace >= 0 else len(code)
        last = after.start() if after is not None else len(code)  # one without a body ends where the next one starts
        yield match[1], match.end(), min(brace + 2, last)


def _whole_call(code: str, position: int, end: int) -> str | None:
    """What is called by the expression at a position, where it is a call and nothing follows it; else None."""
    name = _NAME.match(code, position, end)
    if name is None or code[name.end() : name.end() + 1] != "(":
        return None
    after = _behind_call(code, name.end() + 1, end)
    if after is None or code[after : min(end, after + NEAR)].lstrip(" \t")[:1] not in ("\n", "}", ";", ")", ""):
        return None
    return _whole_call(code, name.end() + 1, after) if name[1] in _CONVERSIONS else name[1]


def _assigned_call(code: str, start: int, position: int, end: int) -> str | None:
    """The call whose result was last given to the variable that stands alone at a position."""
    name = _NAME.match(code, position, end)
    if name is None or code[name.end() : name.end() + 1] not in ("\n", "}", ";"):
        return None
    last = None
    start = max(start, position - NEAR)
    for last in re.finditer(_ASSIGNED % re.escape(name[1]), code[start:position]):  # noqa: B007 -- the last one counts
        pass
    return None if last is None else _whole_call(code, start + last.end(), end)


def _behind_call(code: str, position: int, end: int) -> int | None:
    """Position behind the parenthesis that closes the one before `position`."""
    depth = 1
    for index in range(position, min(end, position + CALL)):
        depth += {"(": 1, ")": -1}.get(code[index], 0)
        if not depth:
            return index + 1
    return None

"""One Go source file -> what it pulls into a build: its imports, its embedded files, whether it is built at all.

A reader of our own, so that inputs are known on a machine without Go, before anything compiles, and in microseconds.
Where the answer depends on the compiler (tags, cgo), it errs towards "built": one input too many costs a rebuild,
one too few costs a stale module.
"""

from __future__ import annotations

import re
from typing import Final

from tui.building.inputs.constraints import may_build
from tui.facts import Fact

# Possessive throughout: nothing is ever tried in another way, so a file of nothing but comments costs no memory.
_SPACE: Final = re.compile(rb"(?:[ \t\r\n;]++|//[^\n]*+|/\*.*?\*/)*+", re.DOTALL)
_WORD: Final = re.compile(rb"[\w\x80-\xff]*+")
_STRING: Final = re.compile(rb'"((?:[^"\\\n]++|\\.)*+)"|`([^`]*+)`')
_EMBED: Final = re.compile(rb"^//go:embed[ \t]+([^\n]+)", re.MULTILINE)
_EMBED_WORD: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)"|`([^`]*+)`|(\S+)')
_BOM: Final = b"\xef\xbb\xbf"
# What is read of one file at most; what people and generators write is a hundredth of it.
IMPORTS: Final = 20_000
EMBEDS: Final = 10_000  # patterns
_LINE: Final = 65_536  # bytes of one //go:embed line


class GoFile(Fact):
    """What one Go file says of its build."""

    package: str  # "" where there is no readable package clause
    imports: tuple[str, ...] = ()  # import paths as written; "C" is left out
    embeds: tuple[str, ...] = ()  # //go:embed patterns, unquoted
    built: bool = True  # False where its build constraint rules a WASI build out
    uses_cgo: bool = False


def read_go_file(source: bytes) -> GoFile:
    """The build facts of a Go file. Never raises: what cannot be read is left to the compiler to refuse."""
    source = source.removeprefix(_BOM)
    position = _skip(source, 0)
    header = source[:position]
    word, position = _word(source, position)
    if word != "package":
        return GoFile(package="", built=may_build(header))
    name, position = _word(source, _skip(source, position))
    paths = _imports(source, position)
    return GoFile(
        package=name,
        imports=tuple(dict.fromkeys(path for path in paths if path != "C")),
        embeds=_embeds(source),
        built=may_build(header),
        uses_cgo="C" in paths,
    )


def _skip(source: bytes, position: int) -> int:
    """The position after white space, semicolons and comments."""
    found = _SPACE.match(source, position)
    return found.end() if found else position


def _word(source: bytes, position: int) -> tuple[str, int]:
    """The identifier at `position`, and where it ends. Letters beyond ASCII are read as part of it."""
    found = _WORD.match(source, position)
    end = found.end() if found else position
    return source[position : min(end, position + _LINE)].decode("utf-8", "replace"), end


def _imports(source: bytes, position: int) -> list[str]:
    """The paths of all import declarations; they come before any other declaration (Go spec, "Source file")."""
    paths: list[str] = []
    while len(paths) < IMPORTS:
        word, after = _word(source, _skip(source, position))
        if word != "import":
            return paths
        position = _skip(source, after)
        if source[position : position + 1] == b"(":
            position = _group(source, position + 1, paths)
        else:
            position = _spec(source, position, paths)
    return paths


def _group(source: bytes, position: int, paths: list[str]) -> int:
    """Read the specs up to the closing parenthesis; return the position after it."""
    while len(paths) < IMPORTS:
        position = _skip(source, position)
        if source[position : position + 1] in {b")", b""}:
            return position + 1
        after = _spec(source, position, paths)
        if after == position:
            return position  # not Go: the compiler will say so
        position = after
    return position


def _spec(source: bytes, position: int, paths: list[str]) -> int:
    """Read `[name] "path"` into `paths`; return the position after it, or `position` where there is none."""
    name, after = _word(source, position)
    if not name and source[position : position + 1] == b".":
        after = position + 1
    string = _STRING.match(source, _skip(source, after))
    if string is None:
        return position
    paths.append((string[1] if string[1] is not None else string[2]).decode("utf-8", "replace"))
    return string.end()


def _embeds(source: bytes) -> tuple[str, ...]:
    """The patterns of all //go:embed lines, quotes taken off (package embed, "Directives")."""
    if b"//go:embed" not in source:
        return ()
    found: dict[str, None] = {}
    for line in _EMBED.finditer(source):
        for word in _EMBED_WORD.finditer(line[1][:_LINE].decode("utf-8", "replace")):
            if len(found) >= EMBEDS:
                return tuple(found)
            found[word[1] if word[1] is not None else word[2] if word[2] is not None else word[3]] = None
    return tuple(found)

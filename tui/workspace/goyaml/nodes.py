"""The tree between text and typed values, and the errors on the way."""

from __future__ import annotations

from typing import Final

SCALAR: Final = 1
MAPPING: Final = 2
SEQUENCE: Final = 3
ALIAS: Final = 4

NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})  # plain scalars that are null
LONG_PREFIX: Final = "tag:yaml.org,2002:"


class Node:
    """One node of the document, with the place where it begins (1-based, as yaml.v3 counts).

    `value` is a scalar's text or an alias's anchor name; `content` holds keys and values in turn, or the entries of a
    sequence. `tag` is the short form of an explicit tag, None where there is none (or "!"). `style` is the quote or
    block indicator of a scalar, "" for a plain one.
    """

    __slots__ = ("alias", "column", "content", "kind", "line", "style", "tag", "value")

    def __init__(
        self,
        kind: int,
        line: int,
        column: int,
        value: str = "",
        *,
        tag: str | None = None,
        style: str = "",
        content: list[Node] | None = None,
    ) -> None:
        self.kind = kind
        self.line = line
        self.column = column
        self.value = value
        self.tag = tag
        self.style = style
        self.content = content
        self.alias: Node | None = None

    @property
    def entries(self) -> list[Node]:
        """The content of a collection; nothing for a scalar."""
        return self.content or []

    def pairs(self) -> list[tuple[Node, Node]]:
        """Keys and values of a mapping, in document order."""
        content = self.entries
        return list(zip(content[::2], content[1::2], strict=True))


class GoYamlError(Exception):
    """A document that yaml.v3 refuses as a whole. `text` is its message after "yaml: ", with the line where it has one.

    `line` and `column` are where the fault is, 1-based; they can be known where the message has none.
    """

    def __init__(self, text: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.line = line
        self.column = column


class GoPanicError(Exception):
    """A document at which yaml.v3 itself crashes. `text` is what Go prints."""

    def __init__(self, text: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.line = line
        self.column = column


class TooLargeError(Exception):
    """A document beyond what fn-tui reads (yaml.v3 might take it)."""


def short_tag(tag: str | None) -> str | None:
    """A tag as yaml.v3 names it: "tag:yaml.org,2002:int" and "!!int" are "!!int"; None for no tag and for "!"."""
    if not tag or tag == "!":
        return None
    return "!!" + tag[len(LONG_PREFIX) :] if tag.startswith(LONG_PREFIX) else tag

"""What all productions of YAML's grammar share: nodes, their properties, and the parser's states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, cast

from tui.workspace.goyaml.nodes import ALIAS, SCALAR, SEQUENCE, GoYamlError, Node, short_tag
from tui.workspace.goyaml.scan import tokens as t
from tui.workspace.goyaml.scan.cursor import Mark, scanner_error
from tui.workspace.goyaml.scan.scanner import Scanner
from tui.workspace.goyaml.scan.tokens import Token

END: Final = None  # a collection ends
_BLOCK_STARTS: Final = frozenset({t.BLOCK_SEQUENCE_START, t.BLOCK_MAPPING_START})

State = Callable[[], Node | None]


class EntryState(Protocol):
    """The state between the entries of a collection."""

    def __call__(self, *, first: bool = False) -> Node | None:
        """The next node of the collection, or `END`."""


def fault(context: Mark, problem: Mark, text: str) -> GoYamlError:
    """The refusal of the document: the parser's messages count lines from 0, the scanner's from 1."""
    return scanner_error(context, problem, text, plus=0)


class Grammar:
    """Steps through the grammar; each state gives the next node, or `END` where a collection ends.

    `states` are those to come back to, `marks` where the open collections began.
    """

    def __init__(self, source: bytes) -> None:
        scanner = Scanner(source)
        self.peek = scanner.peek
        self.advance = scanner.advance
        self.drop = scanner.drop
        self.states: list[State] = []
        self.state: State = self.nothing
        self.indentless: State = self.nothing
        # token that opens a collection -> kind of node, state between its entries
        self.collections: dict[str, tuple[int, EntryState]] = {}
        self.marks: list[Mark] = []
        self.tags: dict[str, str] = {}
        self.anchors: dict[str, Node] = {}

    @staticmethod
    def nothing() -> Node | None:
        """No state follows the end of the document."""
        raise AssertionError("no state follows the end of the document")

    def empty(self, mark: Mark, state: State) -> Node:
        """A value that is not there."""
        self.state = state
        return Node(SCALAR, mark.line + 1, mark.column + 1)

    def _properties(self, token: Token) -> tuple[Token, str, str]:
        """Anchor and tag before a node, in either order: the token after them, and both ("" for none)."""
        start, anchor, tag_token = token.start, "", None
        second = {t.ANCHOR: t.TAG, t.TAG: t.ANCHOR}.get(token.kind, "")
        for kind in (token.kind, second) if second else ():
            if token.kind is not kind:
                break
            if kind is t.ANCHOR:
                anchor = str(token.payload)
            else:
                tag_token = token
            token = self.advance()
        return token, anchor, self._full_tag(tag_token, start) if tag_token else ""

    def _full_tag(self, token: Token, start: Mark) -> str:
        handle, suffix = cast("tuple[str, str]", token.payload)
        tag = suffix if not handle else self.tags[handle] + suffix if handle in self.tags else ""
        if not tag:
            raise fault(start, token.start, "found undefined tag handle")
        return tag

    def node(self, *, block: bool, indentless: bool = False) -> Node | None:
        """The node that begins here."""
        token = self.peek()
        start = token.start
        if token.kind is t.ALIAS:
            self.state = self.states.pop()
            self.drop()
            return Node(ALIAS, start.line + 1, start.column + 1, str(token.payload))
        token, anchor, tag = self._properties(token)
        node = self._content(token, start, block=block, indentless=indentless)
        if node is None:
            if not anchor and not tag:
                raise fault(start, token.start, "did not find expected node content")
            node = self.empty(start, self.states.pop())
        node.tag = short_tag(tag)
        if anchor:
            self.anchors[anchor] = node
        return node

    def _content(self, token: Token, start: Mark, *, block: bool, indentless: bool) -> Node | None:
        """The node that begins with `token`; None where none does."""
        line, column = start.line + 1, start.column + 1
        if token.kind is t.SCALAR:
            self.state = self.states.pop()
            self.drop()
            return Node(SCALAR, line, column, str(token.payload), style=token.style)
        if indentless and token.kind is t.BLOCK_ENTRY:
            self.state = self.indentless
            return Node(SEQUENCE, line, column, content=[])
        begin = self.collections.get(token.kind)
        if begin is None or (token.kind in _BLOCK_STARTS and not block):
            return None
        kind, state = begin
        self.state = lambda: self._first(state)
        return Node(kind, line, column, content=[])

    def _first(self, state: EntryState) -> Node | None:
        """Pass the token that opened a collection."""
        self.marks.append(self.peek().start)
        self.drop()
        return state(first=True)

    def close(self) -> Node | None:
        """A collection ends."""
        self.marks.pop()
        self.drop()
        self.state = self.states.pop()
        return END

    def nested(self, after: State, *, block: bool, indentless: bool = False) -> Node | None:
        """The node here, with `after` as what follows it."""
        self.states.append(after)
        return self.node(block=block, indentless=indentless)

"""Flow sequences and mappings: collections in brackets and braces."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml.grammar.common import END, Grammar, fault
from tui.workspace.goyaml.nodes import MAPPING, Node
from tui.workspace.goyaml.scan import tokens as t
from tui.workspace.goyaml.scan.tokens import Token

_PAIR_ENDS: Final = frozenset({t.VALUE, t.FLOW_ENTRY, t.FLOW_MAPPING_END})
_SINGLE_ENDS: Final = frozenset({t.VALUE, t.FLOW_ENTRY, t.FLOW_SEQUENCE_END})


class FlowStates:
    """The states inside flow collections."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def _next_entry(self, token: Token, message: str, *, first: bool) -> Token:
        """Pass the comma before an entry that is not the first."""
        if first:
            return token
        if token.kind is not t.FLOW_ENTRY:
            raise fault(self._grammar.marks[-1], token.start, message)
        return self._grammar.advance()

    def sequence_entry(self, *, first: bool = False) -> Node | None:
        """Between the entries of a flow sequence."""
        token = self._grammar.peek()
        if token.kind is not t.FLOW_SEQUENCE_END:
            token = self._next_entry(token, "did not find expected ',' or ']'", first=first)
            if token.kind is t.KEY:
                self._grammar.state = self._single_key
                self._grammar.drop()
                return Node(MAPPING, token.start.line + 1, token.start.column + 1, content=[])
            if token.kind is not t.FLOW_SEQUENCE_END:
                return self._grammar.nested(self.sequence_entry, block=False)
        return self._grammar.close()

    def _single_key(self) -> Node | None:
        """The key of a mapping of one pair inside a flow sequence."""
        token = self._grammar.peek()
        if token.kind not in _SINGLE_ENDS:
            return self._grammar.nested(self._single_value, block=False)
        mark = token.end
        # yaml.v3 passes this token, whatever it is.
        self._grammar.drop()
        return self._grammar.empty(mark, self._single_value)

    def _single_value(self) -> Node | None:
        token = self._grammar.peek()
        if token.kind is t.VALUE:
            after = self._grammar.advance()
            if after.kind not in (t.FLOW_ENTRY, t.FLOW_SEQUENCE_END):
                return self._grammar.nested(self._single_end, block=False)
        return self._grammar.empty(token.start, self._single_end)

    def _single_end(self) -> Node | None:
        self._grammar.peek()
        self._grammar.state = self.sequence_entry
        return END

    def mapping_key(self, *, first: bool = False) -> Node | None:
        """Between the pairs of a flow mapping."""
        token = self._grammar.peek()
        if token.kind is not t.FLOW_MAPPING_END:
            token = self._next_entry(token, "did not find expected ',' or '}'", first=first)
            if token.kind is t.KEY:
                token = self._grammar.advance()
                if token.kind in _PAIR_ENDS:
                    return self._grammar.empty(token.start, self._mapping_value)
                return self._grammar.nested(self._mapping_value, block=False)
            if token.kind is not t.FLOW_MAPPING_END:
                return self._grammar.nested(self._missing_value, block=False)
        return self._grammar.close()

    def _missing_value(self) -> Node | None:
        return self._grammar.empty(self._grammar.peek().start, self.mapping_key)

    def _mapping_value(self) -> Node | None:
        token = self._grammar.peek()
        if token.kind is t.VALUE:
            token = self._grammar.advance()
            if token.kind not in (t.FLOW_ENTRY, t.FLOW_MAPPING_END):
                return self._grammar.nested(self.mapping_key, block=False)
        return self._grammar.empty(token.start, self.mapping_key)

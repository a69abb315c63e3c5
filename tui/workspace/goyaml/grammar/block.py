"""Block sequences and mappings: collections by indentation."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml.grammar.common import END, Grammar, fault
from tui.workspace.goyaml.nodes import Node
from tui.workspace.goyaml.scan import tokens as t

_ENTRY_ENDS: Final = frozenset({t.BLOCK_ENTRY, t.BLOCK_END})
_PAIR_ENDS: Final = frozenset({t.KEY, t.VALUE, t.BLOCK_END})
_INDENTLESS_ENDS: Final = _PAIR_ENDS | {t.BLOCK_ENTRY}


class BlockStates:
    """The states inside block collections."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar

    def sequence_entry(self, *, first: bool = False) -> Node | None:  # noqa: ARG002 (all collections are called alike)
        """Between the entries of a block sequence."""
        token = self._grammar.peek()
        if token.kind is t.BLOCK_ENTRY:
            mark = token.end
            if self._grammar.advance().kind in _ENTRY_ENDS:
                return self._grammar.empty(mark, self.sequence_entry)
            return self._grammar.nested(self.sequence_entry, block=True)
        if token.kind is t.BLOCK_END:
            return self._grammar.close()
        raise fault(self._grammar.marks[-1], token.start, "did not find expected '-' indicator")

    def indentless_entry(self) -> Node | None:
        """Between the entries of a sequence that is no deeper than its key."""
        token = self._grammar.peek()
        if token.kind is not t.BLOCK_ENTRY:
            self._grammar.state = self._grammar.states.pop()
            return END
        mark = token.end
        if self._grammar.advance().kind in _INDENTLESS_ENDS:
            return self._grammar.empty(mark, self.indentless_entry)
        return self._grammar.nested(self.indentless_entry, block=True)

    def mapping_key(self, *, first: bool = False) -> Node | None:  # noqa: ARG002
        """Between the pairs of a block mapping."""
        token = self._grammar.peek()
        if token.kind is t.KEY:
            mark = token.end
            if self._grammar.advance().kind in _PAIR_ENDS:
                return self._grammar.empty(mark, self._mapping_value)
            return self._grammar.nested(self._mapping_value, block=True, indentless=True)
        if token.kind is t.BLOCK_END:
            return self._grammar.close()
        raise fault(self._grammar.marks[-1], token.start, "did not find expected key")

    def _mapping_value(self) -> Node | None:
        token = self._grammar.peek()
        if token.kind is not t.VALUE:
            return self._grammar.empty(token.start, self.mapping_key)
        mark = token.end
        if self._grammar.advance().kind in _PAIR_ENDS:
            return self._grammar.empty(mark, self.mapping_key)
        return self._grammar.nested(self.mapping_key, block=True, indentless=True)

"""Block sequences and mappings: collections by indentation."""

from __future__ import annotations

from typing import Final

from tui.workspace.goyaml import tokens as t
from tui.workspace.goyaml.grammar import END, Grammar, fault
from tui.workspace.goyaml.nodes import Node

_ENTRY_ENDS: Final = frozenset({t.BLOCK_ENTRY, t.BLOCK_END})
_PAIR_ENDS: Final = frozenset({t.KEY, t.VALUE, t.BLOCK_END})
_INDENTLESS_ENDS: Final = _PAIR_ENDS | {t.BLOCK_ENTRY}


class BlockGrammar(Grammar):
    """The states inside block collections."""

    def _sequence_entry(self, *, first: bool = False) -> Node | None:  # noqa: ARG002 (all collections are called alike)
        token = self._peek()
        if token.kind is t.BLOCK_ENTRY:
            mark = token.end
            if self._advance().kind in _ENTRY_ENDS:
                return self._empty(mark, self._sequence_entry)
            return self._nested(self._sequence_entry, block=True)
        if token.kind is t.BLOCK_END:
            return self._close()
        raise fault(self._marks[-1], token.start, "did not find expected '-' indicator")

    def _indentless_entry(self) -> Node | None:
        token = self._peek()
        if token.kind is not t.BLOCK_ENTRY:
            self._state = self._states.pop()
            return END
        mark = token.end
        if self._advance().kind in _INDENTLESS_ENDS:
            return self._empty(mark, self._indentless_entry)
        return self._nested(self._indentless_entry, block=True)

    def _mapping_key(self, *, first: bool = False) -> Node | None:  # noqa: ARG002
        token = self._peek()
        if token.kind is t.KEY:
            mark = token.end
            if self._advance().kind in _PAIR_ENDS:
                return self._empty(mark, self._mapping_value)
            return self._nested(self._mapping_value, block=True, indentless=True)
        if token.kind is t.BLOCK_END:
            return self._close()
        raise fault(self._marks[-1], token.start, "did not find expected key")

    def _mapping_value(self) -> Node | None:
        token = self._peek()
        if token.kind is not t.VALUE:
            return self._empty(token.start, self._mapping_key)
        mark = token.end
        if self._advance().kind in _PAIR_ENDS:
            return self._empty(mark, self._mapping_key)
        return self._nested(self._mapping_key, block=True, indentless=True)

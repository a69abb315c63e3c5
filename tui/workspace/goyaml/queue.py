"""The queue of tokens: two tokens of look-ahead, keys found after the fact, and indentation."""

from __future__ import annotations

from collections import deque
from typing import Final

from tui.workspace.goyaml import tokens as t
from tui.workspace.goyaml.cursor import Mark
from tui.workspace.goyaml.names import NameScanner
from tui.workspace.goyaml.nodes import GoPanicError
from tui.workspace.goyaml.scalars import ScalarScanner
from tui.workspace.goyaml.tokens import SimpleKey, Token

MAX_DEPTH: Final = 10_000
_SIMPLE_KEY_LENGTH: Final = 1024  # characters


class TokenQueue(ScalarScanner, NameScanner):
    """Keeps the tokens between the scanner, which fetches, and the parser. `peek` gives the next, `drop` drops it."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self._tokens: deque[Token] = deque()
        self._parsed = 0  # tokens dropped
        self._available = False
        self._indents: list[int] = []
        self._keys: list[SimpleKey] = []  # one a flow level
        self._level_by_token: dict[int, int] = {}  # the flow level on which a token may begin a key

    def _fetch(self) -> None:
        """Put at least one more token into the queue."""
        raise NotImplementedError

    def peek(self) -> Token:
        """The next token. Raises `GoYamlError` for a fault in the text up to two tokens ahead of it."""
        if not self._available:
            self._fetch_more()
        return self._tokens[0]

    def advance(self) -> Token:
        """Drop the next token and peek at the one after it."""
        self.drop()
        return self.peek()

    def drop(self) -> None:
        """Drop the token that was peeked at."""
        self._available = False
        self._parsed += 1
        self._tokens.popleft()

    def _fetch_more(self) -> None:
        while True:
            if len(self._tokens) > 2:
                level = self._level_by_token.get(self._parsed)
                if level is None or not self._is_valid(self._key_on(level)):
                    break
            self._fetch()
        self._available = True

    def _insert(self, index: int, token: Token) -> None:
        """Put a token before the one at `index`; last where that one has been dropped already."""
        if index < 0:
            self._tokens.append(token)
        else:
            self._tokens.insert(index, token)

    def _key_on(self, level: int) -> SimpleKey:
        if level >= len(self._keys):
            raise GoPanicError(f"runtime error: index out of range [{level}] with length {len(self._keys)}")
        return self._keys[level]

    def _add(self, kind: str, start: Mark, end: Mark) -> Token:
        token = Token(kind, start, end)
        self._tokens.append(token)
        return token

    def _indicator(self, kind: str, width: int = 1) -> None:
        start = self.mark()
        for _ in range(width):
            self.skip()
        self._add(kind, start, self.mark())

    # --- simple keys

    def _is_valid(self, key: SimpleKey) -> bool:
        """Whether what began there can still be a key: it ends in its line, and within 1,024 characters."""
        if not key.possible:
            return False
        if key.mark.line < self.line or key.mark.offset + _SIMPLE_KEY_LENGTH < self.pos:
            self._forbid_required(key)
            key.possible = False
            return False
        return True

    def _forbid_required(self, key: SimpleKey) -> None:
        if key.required:
            self.fail(key.mark, "could not find expected ':'")

    def _next_number(self) -> int:
        return self._parsed + len(self._tokens)

    def _save_key(self) -> None:
        if not self.simple_key_allowed:
            return
        key = SimpleKey(self._next_number(), self.mark())
        key.possible = True
        key.required = self.flow_level == 0 and self.indent == self.column
        self._remove_key()
        self._keys[-1] = key
        self._level_by_token[key.number] = len(self._keys) - 1

    def _remove_key(self) -> None:
        key = self._keys[-1]
        if key.possible:
            self._forbid_required(key)
            key.possible = False
            self._level_by_token.pop(key.number, None)

    # --- indentation

    def _roll_indent(self, column: int, number: int, kind: str, mark: Mark) -> None:
        """Open a block collection at a deeper column; its token goes before token `number` (-1: last)."""
        if self.flow_level > 0 or self.indent >= column:
            return
        self._indents.append(self.indent)
        self.indent = column
        if len(self._indents) > MAX_DEPTH:
            self.fail(self._keys[-1].mark, f"exceeded max depth of {MAX_DEPTH}")
        token = Token(kind, mark, mark)
        self._insert(number - self._parsed, token)

    def _unroll_indent(self, column: int) -> None:
        if self.flow_level > 0:
            return
        while self.indent > column:
            self._add(t.BLOCK_END, self.mark(), self.mark())
            self.indent = self._indents.pop()

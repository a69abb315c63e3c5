"""The queue of tokens: two tokens of look-ahead, keys found after the fact, and indentation."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from tui.workspace.goyaml.nodes import GoPanicError
from tui.workspace.goyaml.scan import tokens as t
from tui.workspace.goyaml.scan.cursor import Cursor, Mark
from tui.workspace.goyaml.scan.tokens import SimpleKey, Token

MAX_DEPTH: Final = 10_000
_SIMPLE_KEY_LENGTH: Final = 1024  # characters


class TokenQueue:
    """Keeps the tokens between the scanner, which fetches, and the parser. `peek` gives the next, `drop` drops it.

    `fetch` puts at least one more token into the queue, or raises `GoYamlError`.
    """

    def __init__(self, cursor: Cursor, fetch: Callable[[], None]) -> None:
        self._cursor = cursor
        self._fetch = fetch
        self._tokens: deque[Token] = deque()
        self._parsed = 0  # tokens dropped
        self._available = False
        self._indents: list[int] = []
        self._keys: list[SimpleKey] = []  # one a flow level
        self._level_by_token: dict[int, int] = {}  # the flow level on which a token may begin a key

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

    def add(self, kind: str, start: Mark, end: Mark) -> Token:
        """Put a token at the end."""
        token = Token(kind, start, end)
        self._tokens.append(token)
        return token

    def indicator(self, kind: str, width: int = 1) -> None:
        """Put a token of so many characters at the end, and pass them."""
        start = self._cursor.mark()
        for _ in range(width):
            self._cursor.skip()
        self.add(kind, start, self._cursor.mark())

    @property
    def last(self) -> Token:
        """The token that was put in last."""
        return self._tokens[-1]

    # --- simple keys

    def open_level(self) -> Mark:
        """A flow collection begins here: it has keys of its own. Gives the place where it begins."""
        key = SimpleKey(self.next_number(), self._cursor.mark())
        self._keys.append(key)
        return key.mark

    def close_level(self) -> None:
        """A flow collection ends."""
        self._level_by_token.pop(self._keys.pop().number, None)

    def take_key(self) -> bool:
        """Make what began on this level a key, if it still can be one: its token goes where it began."""
        key = self._keys[-1]
        if not self._is_valid(key):
            return False
        self._insert(key.number - self._parsed, Token(t.KEY, key.mark, key.mark))
        self.roll_indent(key.mark.column, key.number, t.BLOCK_MAPPING_START, key.mark)
        key.possible = False
        self._level_by_token.pop(key.number, None)
        return True

    def _is_valid(self, key: SimpleKey) -> bool:
        """Whether what began there can still be a key: it ends in its line, and within 1,024 characters."""
        if not key.possible:
            return False
        if key.mark.line < self._cursor.line or key.mark.offset + _SIMPLE_KEY_LENGTH < self._cursor.pos:
            self._forbid_required(key)
            key.possible = False
            return False
        return True

    def _forbid_required(self, key: SimpleKey) -> None:
        if key.required:
            self._cursor.fail(key.mark, "could not find expected ':'")

    def next_number(self) -> int:
        """The number of the token that is put in next."""
        return self._parsed + len(self._tokens)

    def save_key(self) -> None:
        """Note that a key may begin here."""
        if not self._cursor.simple_key_allowed:
            return
        key = SimpleKey(self.next_number(), self._cursor.mark())
        key.possible = True
        key.required = self._cursor.flow_level == 0 and self._cursor.indent == self._cursor.column
        self.remove_key()
        self._keys[-1] = key
        self._level_by_token[key.number] = len(self._keys) - 1

    def remove_key(self) -> None:
        """Note that what began on this level is no key."""
        key = self._keys[-1]
        if key.possible:
            self._forbid_required(key)
            key.possible = False
            self._level_by_token.pop(key.number, None)

    # --- indentation

    def roll_indent(self, column: int, number: int, kind: str, mark: Mark) -> None:
        """Open a block collection at a deeper column; its token goes before token `number` (-1: last)."""
        if self._cursor.flow_level > 0 or self._cursor.indent >= column:
            return
        self._indents.append(self._cursor.indent)
        self._cursor.indent = column
        if len(self._indents) > MAX_DEPTH:
            self._cursor.fail(self._keys[-1].mark, f"exceeded max depth of {MAX_DEPTH}")
        token = Token(kind, mark, mark)
        self._insert(number - self._parsed, token)

    def unroll_indent(self, column: int) -> None:
        """Close the block collections that are deeper than a column."""
        if self._cursor.flow_level > 0:
            return
        while self._cursor.indent > column:
            self.add(t.BLOCK_END, self._cursor.mark(), self._cursor.mark())
            self._cursor.indent = self._indents.pop()

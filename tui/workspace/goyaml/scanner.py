"""Text -> tokens, as yaml.v3's scanner makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.workspace.goyaml import tokens as t
from tui.workspace.goyaml.cursor import BLANKS, BLANKZ, BREAKS
from tui.workspace.goyaml.queue import MAX_DEPTH, TokenQueue
from tui.workspace.goyaml.tokens import SimpleKey, Token

_NOT_PLAIN: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")


class Scanner(TokenQueue):
    """Fetches tokens from the text, one rule for each indicator."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source)
        self._started = False
        self._fetchers: dict[str, Callable[[], None]] = {
            "[": lambda: self._open(t.FLOW_SEQUENCE_START),
            "{": lambda: self._open(t.FLOW_MAPPING_START),
            "]": lambda: self._close(t.FLOW_SEQUENCE_END),
            "}": lambda: self._close(t.FLOW_MAPPING_END),
            ",": self._flow_entry,
            "*": lambda: self._anchor(t.ALIAS),
            "&": lambda: self._anchor(t.ANCHOR),
            "!": self._tag,
            "'": self._quoted,
            '"': self._quoted,
        }

    def _fetch(self) -> None:
        self.ensure(1)
        if not self._started:
            self._start_stream()
            return
        self._to_next_token()
        self._unroll_indent(self.column)
        self.ensure(4)
        here = self.char()
        if here == "\0":
            self._end_stream()
        elif self.column == 0 and here == "%":
            self._directive()
        elif self.at_document_indicator():
            self._document_indicator()
        else:
            self._fetch_content(here)
            if self._tokens[-1].kind is not t.BLOCK_ENTRY:
                self.skip_line_comment()

    def _fetch_content(self, here: str) -> None:
        fetcher = self._fetchers.get(here)
        after = self.char(1)
        block = self.flow_level == 0
        if fetcher is not None:
            fetcher()
        elif here == "-" and after in BLANKZ:
            self._block_entry()
        elif here == "?" and (not block or after in BLANKZ):
            self._key()
        elif here == ":" and (not block or after in BLANKZ):
            self._value()
        elif here in "|>" and block:
            self._block_scalar()
        elif self._starts_plain(here, after):
            self._scalar("", self.scan_plain)
        else:
            self.fail(self.mark(), "found character that cannot start any token")

    def _starts_plain(self, here: str, after: str) -> bool:
        if here not in _NOT_PLAIN:
            return here not in BLANKZ
        if here == "-":
            return after not in BLANKS
        return self.flow_level == 0 and here in "?:" and after not in BLANKZ

    def _to_next_token(self) -> None:
        """Pass blanks, comments and line breaks. Tabs are no indentation."""
        while True:
            self.ensure(1)
            if self.column == 0 and self.at_byte_order_mark():
                self.skip()
            self.ensure(1)
            while (here := self.char()) == " " or (
                here == "\t" and (self.flow_level > 0 or not self.simple_key_allowed)
            ):
                self.skip()
                self.ensure(1)
            if self.char() == "#":
                self.skip_comments()
            if self.char() not in BREAKS:
                return
            self.ensure(2)
            self.skip_line()
            if self.flow_level == 0:
                self.simple_key_allowed = True

    def _start_stream(self) -> None:
        self._keys.append(SimpleKey(0, self.mark()))
        self.simple_key_allowed = True
        self._started = True
        self._add(t.STREAM_START, self.mark(), self.mark())

    def _end_stream(self) -> None:
        if self.column != 0:
            self.column = 0
            self.line += 1
        self._end_blocks()
        self._add(t.STREAM_END, self.mark(), self.mark())

    def _end_blocks(self) -> None:
        self._unroll_indent(-1)
        self._remove_key()
        self.simple_key_allowed = False

    def _directive(self) -> None:
        self._end_blocks()
        start = self.mark()
        payload = self.scan_directive()
        kind = t.VERSION if isinstance(payload[0], int) else t.TAG_DIRECTIVE
        self._add(kind, start, self.mark()).payload = payload

    def _document_indicator(self) -> None:
        self._end_blocks()
        self._indicator(t.DOCUMENT_START if self.char() == "-" else t.DOCUMENT_END, 3)

    def _open(self, kind: str) -> None:
        self._save_key()
        self._keys.append(SimpleKey(self._next_number(), self.mark()))
        self.flow_level += 1
        if self.flow_level > MAX_DEPTH:
            self.fail(self._keys[-1].mark, f"exceeded max depth of {MAX_DEPTH}")
        self.simple_key_allowed = True
        self._indicator(kind)

    def _close(self, kind: str) -> None:
        self._remove_key()
        if self.flow_level > 0:
            self.flow_level -= 1
            self._level_by_token.pop(self._keys.pop().number, None)
        self.simple_key_allowed = False
        self._indicator(kind)

    def _flow_entry(self) -> None:
        self._remove_key()
        self.simple_key_allowed = True
        self._indicator(t.FLOW_ENTRY)

    def _in_block(self, kind: str, what: str) -> None:
        """Begin a block collection here, where one may begin."""
        if self.flow_level == 0:
            if not self.simple_key_allowed:
                self.fail(self.mark(), f"{what} are not allowed in this context")
            self._roll_indent(self.column, -1, kind, self.mark())

    def _block_entry(self) -> None:
        self._in_block(t.BLOCK_SEQUENCE_START, "block sequence entries")
        self._remove_key()
        self.simple_key_allowed = True
        self._indicator(t.BLOCK_ENTRY)

    def _key(self) -> None:
        self._in_block(t.BLOCK_MAPPING_START, "mapping keys")
        self._remove_key()
        self.simple_key_allowed = self.flow_level == 0
        self._indicator(t.KEY)

    def _value(self) -> None:
        key = self._keys[-1]
        if self._is_valid(key):
            self._insert(key.number - self._parsed, Token(t.KEY, key.mark, key.mark))
            self._roll_indent(key.mark.column, key.number, t.BLOCK_MAPPING_START, key.mark)
            key.possible = False
            self._level_by_token.pop(key.number, None)
            self.simple_key_allowed = False
        else:
            self._in_block(t.BLOCK_MAPPING_START, "mapping values")
            self.simple_key_allowed = self.flow_level == 0
        self._indicator(t.VALUE)

    def _named(self, kind: str, scan: Callable[[], str | tuple[str, str]]) -> Token:
        start = self.mark()
        payload = scan()
        token = self._add(kind, start, self.mark())
        token.payload = payload
        return token

    def _anchor(self, kind: str) -> None:
        self._save_key()
        self.simple_key_allowed = False
        self._named(kind, self.scan_anchor)

    def _tag(self) -> None:
        self._save_key()
        self.simple_key_allowed = False
        self._named(t.TAG, self.scan_tag)

    def _quoted(self) -> None:
        self._scalar(self.char(), self.scan_quoted)

    def _scalar(self, style: str, scan: Callable[[], str]) -> None:
        self._save_key()
        self.simple_key_allowed = False
        self._named(t.SCALAR, scan).style = style

    def _block_scalar(self) -> None:
        self._remove_key()
        self.simple_key_allowed = True
        style = self.char()
        self._named(t.SCALAR, self.scan_block).style = style

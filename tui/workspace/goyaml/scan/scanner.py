"""Text -> tokens, as yaml.v3's scanner makes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.workspace.goyaml.scan import tokens as t
from tui.workspace.goyaml.scan.cursor import BLANKS, BLANKZ, BREAKS, Cursor
from tui.workspace.goyaml.scan.names import NameReader
from tui.workspace.goyaml.scan.queue import MAX_DEPTH, TokenQueue
from tui.workspace.goyaml.scan.scalars import ScalarReader
from tui.workspace.goyaml.scan.tokens import Token

_NOT_PLAIN: Final = frozenset("-?:,[]{}#&*!|>'\"%@`")


class Scanner:
    """Fetches tokens from the text, one rule for each indicator."""

    def __init__(self, source: bytes) -> None:
        self._cursor = cursor = Cursor(source)
        self._queue = TokenQueue(cursor, self._fetch)
        self._scalars = ScalarReader(cursor)
        self._names = NameReader(cursor)
        self.peek = self._queue.peek
        self.advance = self._queue.advance
        self.drop = self._queue.drop
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
        self._cursor.ensure(1)
        if not self._started:
            self._start_stream()
            return
        self._to_next_token()
        self._queue.unroll_indent(self._cursor.column)
        self._cursor.ensure(4)
        here = self._cursor.char()
        if here == "\0":
            self._end_stream()
        elif self._cursor.column == 0 and here == "%":
            self._directive()
        elif self._cursor.at_document_indicator():
            self._document_indicator()
        else:
            self._fetch_content(here)
            if self._queue.last.kind is not t.BLOCK_ENTRY:
                self._cursor.skip_line_comment()

    def _fetch_content(self, here: str) -> None:
        fetcher = self._fetchers.get(here)
        after = self._cursor.char(1)
        block = self._cursor.flow_level == 0
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
            self._scalar("", self._scalars.plain)
        else:
            self._cursor.fail(self._cursor.mark(), "found character that cannot start any token")

    def _starts_plain(self, here: str, after: str) -> bool:
        if here not in _NOT_PLAIN:
            return here not in BLANKZ
        if here == "-":
            return after not in BLANKS
        return self._cursor.flow_level == 0 and here in "?:" and after not in BLANKZ

    def _to_next_token(self) -> None:
        """Pass blanks, comments and line breaks. Tabs are no indentation."""
        while True:
            self._cursor.ensure(1)
            if self._cursor.column == 0 and self._cursor.at_byte_order_mark():
                self._cursor.skip()
            self._cursor.ensure(1)
            while (here := self._cursor.char()) == " " or (
                here == "\t" and (self._cursor.flow_level > 0 or not self._cursor.simple_key_allowed)
            ):
                self._cursor.skip()
                self._cursor.ensure(1)
            if self._cursor.char() == "#":
                self._cursor.skip_comments()
            if self._cursor.char() not in BREAKS:
                return
            self._cursor.ensure(2)
            self._cursor.skip_line()
            if self._cursor.flow_level == 0:
                self._cursor.simple_key_allowed = True

    def _start_stream(self) -> None:
        self._queue.open_level()
        self._cursor.simple_key_allowed = True
        self._started = True
        self._queue.add(t.STREAM_START, self._cursor.mark(), self._cursor.mark())

    def _end_stream(self) -> None:
        if self._cursor.column != 0:
            self._cursor.column = 0
            self._cursor.line += 1
        self._end_blocks()
        self._queue.add(t.STREAM_END, self._cursor.mark(), self._cursor.mark())

    def _end_blocks(self) -> None:
        self._queue.unroll_indent(-1)
        self._queue.remove_key()
        self._cursor.simple_key_allowed = False

    def _directive(self) -> None:
        self._end_blocks()
        start = self._cursor.mark()
        payload = self._names.directive()
        kind = t.VERSION if isinstance(payload[0], int) else t.TAG_DIRECTIVE
        self._queue.add(kind, start, self._cursor.mark()).payload = payload

    def _document_indicator(self) -> None:
        self._end_blocks()
        self._queue.indicator(t.DOCUMENT_START if self._cursor.char() == "-" else t.DOCUMENT_END, 3)

    def _open(self, kind: str) -> None:
        self._queue.save_key()
        start = self._queue.open_level()
        self._cursor.flow_level += 1
        if self._cursor.flow_level > MAX_DEPTH:
            self._cursor.fail(start, f"exceeded max depth of {MAX_DEPTH}")
        self._cursor.simple_key_allowed = True
        self._queue.indicator(kind)

    def _close(self, kind: str) -> None:
        self._queue.remove_key()
        if self._cursor.flow_level > 0:
            self._cursor.flow_level -= 1
            self._queue.close_level()
        self._cursor.simple_key_allowed = False
        self._queue.indicator(kind)

    def _flow_entry(self) -> None:
        self._queue.remove_key()
        self._cursor.simple_key_allowed = True
        self._queue.indicator(t.FLOW_ENTRY)

    def _in_block(self, kind: str, what: str) -> None:
        """Begin a block collection here, where one may begin."""
        if self._cursor.flow_level == 0:
            if not self._cursor.simple_key_allowed:
                self._cursor.fail(self._cursor.mark(), f"{what} are not allowed in this context")
            self._queue.roll_indent(self._cursor.column, -1, kind, self._cursor.mark())

    def _block_entry(self) -> None:
        self._in_block(t.BLOCK_SEQUENCE_START, "block sequence entries")
        self._queue.remove_key()
        self._cursor.simple_key_allowed = True
        self._queue.indicator(t.BLOCK_ENTRY)

    def _key(self) -> None:
        self._in_block(t.BLOCK_MAPPING_START, "mapping keys")
        self._queue.remove_key()
        self._cursor.simple_key_allowed = self._cursor.flow_level == 0
        self._queue.indicator(t.KEY)

    def _value(self) -> None:
        if self._queue.take_key():
            self._cursor.simple_key_allowed = False
        else:
            self._in_block(t.BLOCK_MAPPING_START, "mapping values")
            self._cursor.simple_key_allowed = self._cursor.flow_level == 0
        self._queue.indicator(t.VALUE)

    def _named(self, kind: str, scan: Callable[[], str | tuple[str, str]]) -> Token:
        start = self._cursor.mark()
        payload = scan()
        token = self._queue.add(kind, start, self._cursor.mark())
        token.payload = payload
        return token

    def _anchor(self, kind: str) -> None:
        self._queue.save_key()
        self._cursor.simple_key_allowed = False
        self._named(kind, self._names.anchor)

    def _tag(self) -> None:
        self._queue.save_key()
        self._cursor.simple_key_allowed = False
        self._named(t.TAG, self._names.tag)

    def _quoted(self) -> None:
        self._scalar(self._cursor.char(), self._scalars.quoted)

    def _scalar(self, style: str, scan: Callable[[], str]) -> None:
        self._queue.save_key()
        self._cursor.simple_key_allowed = False
        self._named(t.SCALAR, scan).style = style

    def _block_scalar(self) -> None:
        self._queue.remove_key()
        self._cursor.simple_key_allowed = True
        style = self._cursor.char()
        self._named(t.SCALAR, self._scalars.block).style = style

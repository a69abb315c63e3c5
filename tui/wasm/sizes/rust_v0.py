"""Rust's v0 mangling: `_RNvCs1234_7mycrate3foo`. Source: RFC 2603, Rust Symbol Name Mangling.

What is shown is the path: crate, modules, types, functions. Lifetimes and ABIs are read and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

MOST_STEPS: Final = 2_000  # back references can make a name of a hundred bytes endless
MOST_AGAIN: Final = 20_000  # characters that they repeat
_START: Final = re.compile(r"_?_?R(?=[A-Z])")
# A disambiguator, whether what follows is in Punycode, and how long that is.
_IDENTIFIER: Final = re.compile(r"(?:s([0-9A-Za-z]*)_)?(u?)(0|[1-9]\d{0,6})_?")
_KINDS: Final = re.compile(r".(?:N.)*", re.DOTALL)
_NUMBER: Final = re.compile(r"([0-9A-Za-z]*)_")
_BASIC: Final = {
    "b": "bool", "c": "char", "e": "str", "u": "()", "a": "i8", "s": "i16", "l": "i32", "x": "i64", "n": "i128",
    "i": "isize", "h": "u8", "t": "u16", "m": "u32", "y": "u64", "o": "u128", "j": "usize", "f": "f32", "d": "f64",
    "z": "!", "p": "_", "v": "...",
}  # fmt: skip


_POINTERS: Final = {"R": "&", "Q": "&mut ", "P": "*const ", "O": "*mut "}


class _Foreign(Exception):  # noqa: N818 -- what it is
    """Not a symbol of this form."""


def demangle_v0(symbol: str) -> str | None:
    """The path that a symbol of that form names, None for any other symbol."""
    start = _START.match(symbol)
    if start is None:
        return None
    reader = _Reader(symbol[start.end() :].partition(".")[0])
    try:
        return reader.path()
    except (_Foreign, IndexError, ValueError, RecursionError):
        return None


class _Reader:
    """A position in the mangled text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.steps = 0
        self.again = 0

    def next(self) -> str:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _Foreign
        self.at += 1
        return self.text[self.at - 1]

    def eat(self, character: str) -> bool:
        if self.text[self.at : self.at + 1] != character:
            return False
        self.at += 1
        return True

    def number(self) -> int:
        """A number in base 62, ended by an underscore; a lone underscore is 0."""
        if self.eat("_"):
            return 0
        value = 0
        while (digit := self.next()) != "_":
            place = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".find(digit)
            if place < 0:
                raise _Foreign
            value = value * 62 + place
        return value + 1

    def skip_number(self) -> None:
        """The same where nobody asks which."""
        digits = _NUMBER.match(self.text, self.at)
        if digits is None:
            raise _Foreign
        if digits[1]:
            self._passed(len(digits[0]))
        self.at = digits.end()

    def _passed(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise _Foreign

    def identifier(self) -> str:
        """A name; its disambiguator, where it has one, is left out."""
        head = _IDENTIFIER.match(self.text, self.at)
        if head is None:
            raise _Foreign
        disambiguator, puny, digits = head.groups()
        if disambiguator:
            self._passed(len(disambiguator) + 1)
        start = head.end()
        self.at = start + int(digits)
        name = self.text[start : self.at]
        if self.at > len(self.text):
            raise _Foreign
        if not puny:
            return name
        front, _, tail = name.rpartition("_")
        return (f"{front}-{tail}" if front else tail).encode().decode("punycode")

    def path(self) -> str:
        kind = self.next()
        if kind == "C":
            return self.identifier()
        if kind == "N":
            return self._nested()
        if kind in "MX":
            return self._implementation(kind)
        if kind == "Y":
            return f"<{self.type()} as {self.path()}>"
        if kind == "I":
            return f"{self.path()}<{', '.join(self._arguments())}>"
        if kind == "B":
            return self._back(self.path)
        raise _Foreign

    def _nested(self) -> str:
        """Names in names, the innermost first: their kinds, the path that all are in, and each one's own name."""
        kinds = _KINDS.match(self.text, self.at)
        if kinds is None:
            raise _Foreign
        self._passed(kinds.end() - self.at)
        self.at = kinds.end()
        path = self.path()
        for kind in kinds[0][::-2]:
            name = self.identifier()
            if kind == "C":
                path = f"{path}::{{closure}}"
            elif kind.isupper():
                path = f"{path}::{{{kind}:{name}}}" if name else f"{path}::{{{kind}}}"
            else:
                path = f"{path}::{name}"
        return path

    def _implementation(self, kind: str) -> str:
        if self.eat("s"):
            self.skip_number()
        self.path()  # where the implementation stands
        of = self.type()
        return f"<{of} as {self.path()}>" if kind == "X" else f"<{of}>"

    def _arguments(self) -> list[str]:
        found = []
        while not self.eat("E"):
            if self.eat("L"):
                self.skip_number()
            elif self.eat("K"):
                found.append(self._constant())
            else:
                found.append(self.type())
        return found

    def _constant(self) -> str:
        if self.eat("p"):
            return "_"
        if self.eat("B"):
            return self._back(self._constant)
        self.next()  # its type
        self.eat("n")
        end = self.text.index("_", self.at)
        value, self.at = self.text[self.at : end], end + 1
        return str(int(value, 16)) if value else "0"

    def type(self) -> str:
        kind = self.next()
        if kind in _BASIC:
            return _BASIC[kind]
        if kind in _POINTERS:
            if kind in "RQ" and self.eat("L"):
                self.skip_number()
            return _POINTERS[kind] + self.type()
        if kind in "AST":
            return self._composed(kind)
        if kind in "FD":
            return self._function() if kind == "F" else self._dynamic()
        if kind == "B":
            return self._back(self.type)
        self.at -= 1
        return self.path()

    def _composed(self, kind: str) -> str:
        if kind == "T":
            parts = []
            while not self.eat("E"):
                parts.append(self.type())
            return f"({', '.join(parts)})"
        of = self.type()
        return f"[{of}]" if kind == "S" else f"[{of}; {self._constant()}]"

    def _function(self) -> str:
        if self.eat("G"):
            self.skip_number()
        self.eat("U")
        if self.eat("K") and not self.eat("C"):
            self.identifier()
        parts = []
        while not self.eat("E"):
            parts.append(self.type())
        return f"fn({', '.join(parts)}) -> {self.type()}"

    def _dynamic(self) -> str:
        if self.eat("G"):
            self.skip_number()
        bounds = []
        while not self.eat("E"):
            bound = self.path()
            while self.eat("p"):
                bound = f"{bound}<{self.identifier()} = {self.type()}>"
            bounds.append(bound)
        if self.eat("L"):
            self.skip_number()
        return f"dyn {' + '.join(bounds)}"

    def _back(self, read: Callable[[], str]) -> str:
        """What stands at an earlier position, read again."""
        start = self.at - 1
        to = self.number()
        if to >= start:
            raise _Foreign
        here, self.at = self.at, to
        self.steps += 1
        found = read()
        self.again += len(found)
        if self.again > MOST_AGAIN:
            raise _Foreign
        self.at = here
        return found

"""Values as JSON has them, and back with every part checked: what lies on disk may be anything.

A record is the list of its fields. `decode` raises Damaged where something is not what `encode` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from tui.text import printable

T = TypeVar("T")
MOST_NUMBER: Final = 1 << 64
MOST_TIME: Final = 1e12


class Damaged(ValueError):  # noqa: N818 -- what lies there, not what went wrong
    """It is not what was written."""


@dataclass(frozen=True, slots=True)
class Form(Generic[T]):
    """How values of one kind are written down and read again."""

    encode: Callable[[T], object]
    decode: Callable[[Any], T]


def _same(value: T) -> T:
    return value


def _of(kind: type[T]) -> Callable[[object], T]:
    def decode(read: object) -> T:
        if type(read) is not kind:
            raise Damaged(f"not {kind.__name__}")
        return read

    return decode


def _number(read: object) -> int:
    if type(read) is not int or not -MOST_NUMBER < read < MOST_NUMBER:
        raise Damaged("no number")
    return read


def _amount(read: object) -> float:
    if (type(read) is not float and type(read) is not int) or not isfinite(read) or abs(read) > MOST_TIME:
        raise Damaged("no amount")
    return read


def _harmless(read: object) -> str:
    if type(read) is not str or printable(read) != read:
        raise Damaged("no text that can be shown")
    return read


def _path(read: object) -> Path:
    if type(read) is not str or "\0" in read:
        raise Damaged("no path")
    return Path(read)


TEXT: Final[Form[str]] = Form(_same, _of(str))  # as it came from a file: escaped where it is shown
SHOWN: Final[Form[str]] = Form(_same, _harmless)  # shown as it is
FLAG: Final[Form[bool]] = Form(_same, _of(bool))
NUMBER: Final[Form[int]] = Form(_same, _number)
AMOUNT: Final[Form[float]] = Form(_same, _amount)
PATH: Final[Form[Path]] = Form(str, _path)


def optional(form: Form[T]) -> Form[T | None]:
    """None, or a value of that form."""
    encode, decode = form.encode, form.decode
    return Form(
        lambda value: None if value is None else encode(value), lambda read: None if read is None else decode(read)
    )


def many(form: Form[T]) -> Form[tuple[T, ...]]:
    """A tuple of values of that form."""
    encode, decode = form.encode, form.decode

    def read_many(read: object) -> tuple[T, ...]:
        if type(read) is not list:
            raise Damaged("no list")
        return tuple(map(decode, read))

    return Form(lambda values: list(map(encode, values)), read_many)


def by_name(form: Form[T]) -> Form[Mapping[str, T]]:
    """Values of that form by name, in order."""
    encode, decode = form.encode, form.decode

    def read_named(read: object) -> Mapping[str, T]:
        if type(read) is not dict:
            raise Damaged("no names")
        return {name: decode(value) for name, value in read.items()}

    return Form(lambda values: {name: encode(value) for name, value in values.items()}, read_named)


def one_of(*values: T) -> Form[T]:
    """One of a few texts."""
    known: dict[Any, T] = {value: value for value in values}

    def read_one(read: object) -> T:
        if type(read) is not str or read not in known:
            raise Damaged("none of those that there are")
        return known[read]

    return Form(lambda value: value, read_one)


def pair(first: Form[Any], second: Form[Any]) -> Form[Any]:
    """Two values."""
    return record(lambda one, other: (one, other), {"0": first, "1": second}, lambda value: value)


def record(make: Callable[..., T], fields: Mapping[str, Form[Any]], parts: Callable[[T], Any] | None = None) -> Form[T]:
    """A dataclass or named tuple: its fields in order, each by its form. `make` is called with them by position."""
    known = getattr(make, "__match_args__", tuple(fields))
    if known != tuple(fields):  # a field that came later would be left out in silence
        raise AssertionError(f"{make} has the fields {known}")
    get: Callable[[T], Any] = parts or (attrgetter(*fields) if len(fields) > 1 else _alone(next(iter(fields))))
    encoders = [form.encode for form in fields.values()]
    decoders = [form.decode for form in fields.values()]
    count = len(decoders)

    def write(value: T) -> object:
        return [encode(part) for encode, part in zip(encoders, get(value), strict=True)]

    def read_record(read: object) -> T:
        if type(read) is not list or len(read) != count:
            raise Damaged("no record")
        return make(*[decode(part) for decode, part in zip(decoders, read, strict=True)])

    return Form(write, read_record)


def _alone(name: str) -> Callable[[Any], Sequence[object]]:
    def get(value: object) -> Sequence[object]:
        return (getattr(value, name),)

    return get


def tagged(forms: Mapping[str, tuple[type[Any], Form[Any]]]) -> Form[Any]:
    """One of several kinds, told by a tag."""
    tags = {kind: tag for tag, (kind, _) in forms.items()}

    def write(value: object) -> object:
        tag = tags[type(value)]
        return [tag, forms[tag][1].encode(value)]

    def read_tagged(read: object) -> object:
        if type(read) is not list or len(read) != 2 or type(read[0]) is not str or read[0] not in forms:
            raise Damaged("of no known kind")
        return forms[read[0]][1].decode(read[1])

    return Form(write, read_tagged)


def numbers_packed(most: int) -> Form[Sequence[int]]:
    """Up to `most` whole numbers below 2^64, as bytes: a tenth of the room, and of the time."""
    from array import array
    from base64 import b64decode, b64encode

    def write(values: Sequence[int]) -> object:
        return b64encode(array("Q", values).tobytes()).decode()

    def read_packed(read: object) -> Sequence[int]:
        if type(read) is not str or len(read) > most * 11 + 4:
            raise Damaged("no numbers")
        try:
            content = b64decode(read, validate=True)
        except ValueError as error:
            raise Damaged("no numbers") from error
        if len(content) % 8:
            raise Damaged("no numbers")
        return array("Q", content)

    return Form(write, read_packed)

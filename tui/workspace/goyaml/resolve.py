"""Which type and value a scalar's text has, by yaml.v3's rules (its resolve.go)."""

from __future__ import annotations

import re
from typing import Final

from tui.workspace.goyaml.nodes import NULLS, SCALAR, GoYamlError, Node


class Timestamp(str):
    """The text of a scalar that yaml.v3 takes for a point in time."""

    __slots__ = ()


Value = None | bool | int | float | str

NULL_TAG: Final = "!!null"
BOOL_TAG: Final = "!!bool"
STR_TAG: Final = "!!str"
INT_TAG: Final = "!!int"
FLOAT_TAG: Final = "!!float"
TIME_TAG: Final = "!!timestamp"
BINARY_TAG: Final = "!!binary"
MERGE_TAG: Final = "!!merge"
SEQ_TAG: Final = "!!seq"
MAP_TAG: Final = "!!map"

_INFINITY: Final = float("inf")
_WORDS: Final[dict[str, tuple[str, Value]]] = {
    **dict.fromkeys(NULLS, (NULL_TAG, None)),
    **dict.fromkeys(("true", "True", "TRUE"), (BOOL_TAG, True)),
    **dict.fromkeys(("false", "False", "FALSE"), (BOOL_TAG, False)),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), (FLOAT_TAG, float("nan"))),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), (FLOAT_TAG, _INFINITY)),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), (FLOAT_TAG, -_INFINITY)),
    "<<": (MERGE_TAG, "<<"),
}
# The words are looked up only where the first character hints at one ("<" does not: "<<" needs its tag).
_WORD_STARTS: Final = frozenset("+-0123456789yYnNtTfFoO~.")
_NUMBER_STARTS: Final = frozenset("+-0123456789")
_RESOLVABLE: Final = frozenset({STR_TAG, BOOL_TAG, INT_TAG, FLOAT_TAG, NULL_TAG, TIME_TAG})

_INTEGER: Final = re.compile(r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]*)|([1-9][0-9]*))")
_BASES: Final = (16, 2, 8, 8, 10)
# strconv.ParseInt takes a sign after the prefix that yaml.v3 cuts off by hand: 0b-1 is -1.
_SIGNED_AFTER_PREFIX: Final = re.compile(r"0b([+-][01]+)|0o([+-][0-7]+)")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_POINT_FLOAT: Final = re.compile(r"\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?")
_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt]| +)(.*))?", re.DOTALL)
_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?(.*)", re.DOTALL)
_ZONE: Final = re.compile(r"Z|[+-]([0-9]{2}):([0-9]{2})")
_LONGEST_NUMBER: Final = 4096  # digits; Python's int() is quadratic, and nothing longer is in any range
_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

MIN_INT64: Final = -(2**63)
MAX_INT64: Final = 2**63 - 1
MAX_UINT64: Final = 2**64 - 1


def _integer(plain: str) -> int | None:
    """strconv.ParseInt, then ParseUint, with base 0, 64 bits."""
    match = _INTEGER.fullmatch(plain)
    if match is None or len(plain) > _LONGEST_NUMBER:
        return None
    group = match.lastindex or 0
    value = int(match[group] or "0", _BASES[group - 2])
    if match[1] == "-":
        value = -value
    # A "+" is not for unsigned numbers: with it, 2^63 and up are no integers.
    return value if MIN_INT64 <= value <= (MAX_INT64 if match[1] else MAX_UINT64) else None


def _prefixed(plain: str) -> int | None:
    """Binary and octal numbers that have their sign after the prefix."""
    match = _SIGNED_AFTER_PREFIX.fullmatch(plain)
    if match is None or len(plain) > _LONGEST_NUMBER:
        return None
    value = int(match[1], 2) if match[1] else int(match[2], 8)
    return value if MIN_INT64 <= value <= MAX_INT64 else None


def _float(text: str, shape: re.Pattern[str]) -> float | None:
    """strconv.ParseFloat for texts of that shape; None where it is out of range."""
    if shape.fullmatch(text) is None:
        return None
    value = float(text.replace("_", ""))
    return None if value in (_INFINITY, -_INFINITY) else value


def _is_date(year: int, month: int, day: int) -> bool:
    if not 1 <= month <= 12 or day < 1:
        return False
    leap = month == 2 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return day <= _MONTH_DAYS[month - 1] + leap


def is_timestamp(text: str) -> bool:
    """Whether yaml.v3 takes the text for a point in time (its four time.Parse layouts)."""
    match = _DATE.fullmatch(text)
    if match is None or not _is_date(int(match[1]), int(match[2]), int(match[3])):
        return False
    separator, rest = match[4], match[5]
    if separator is None:
        return True
    clock = _CLOCK.fullmatch(rest)
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59 or int(clock[3]) > 59:
        return False
    if separator not in "Tt":
        return not clock[4]
    zone = _ZONE.fullmatch(clock[4])
    return zone is not None and (zone[1] is None or (int(zone[1]) <= 24 and int(zone[2]) <= 60))


def _number(tag: str | None, text: str) -> tuple[str, Value] | None:
    """The number or the point in time that the text is."""
    if (tag is None or tag == TIME_TAG) and is_timestamp(text):
        return TIME_TAG, Timestamp(text)
    plain = text.replace("_", "")
    integer = _integer(plain)
    if integer is not None:
        return INT_TAG, integer
    value = _float(plain, _FLOAT)
    if value is not None:
        return FLOAT_TAG, value
    integer = _prefixed(plain)
    return None if integer is None else (INT_TAG, integer)


def _implied(tag: str | None, text: str) -> tuple[str, Value]:
    """Tag and value of a plain text whose explicit tag, if any, is a core one."""
    first = text[:1]
    if tag == STR_TAG or (first and first not in _WORD_STARTS):
        return STR_TAG, text
    word = _WORDS.get(text)
    if word is not None:
        return word
    if first == ".":
        value = _float(text, _POINT_FLOAT)
        return (STR_TAG, text) if value is None else (FLOAT_TAG, value)
    number = _number(tag, text) if first in _NUMBER_STARTS else None
    return (STR_TAG, text) if number is None else number


def resolve(tag: str | None, text: str) -> tuple[str, Value]:
    """Short tag and value of a scalar that is not quoted. `tag` is its explicit short tag.

    A tag outside the core schema keeps the text. Raises `GoYamlError` where a core tag disagrees with the text.
    """
    if tag is not None and tag not in _RESOLVABLE:
        return tag, text
    found, value = _implied(tag, text)
    if tag in (None, found, STR_TAG):
        return found, value
    if tag == FLOAT_TAG and found == INT_TAG and isinstance(value, int) and value <= MAX_INT64:
        return FLOAT_TAG, float(value)
    raise GoYamlError(f"cannot decode {found} `{text}` as a {tag}")


def is_quoted(node: Node) -> bool:
    """Whether a scalar is a string by its form (quoted or block, without another tag) or by its !!str tag."""
    return node.kind == SCALAR and (node.tag == STR_TAG or (node.tag is None and node.style != ""))


def tag_of(node: Node) -> str:
    """The tag that yaml.v3 keeps with the node and names in its errors."""
    if node.kind != SCALAR:
        return node.tag or (MAP_TAG if node.kind == 2 else SEQ_TAG)
    if node.tag is not None:
        return node.tag
    if node.style:
        return STR_TAG
    return MERGE_TAG if node.value == "<<" else resolve(None, node.value)[0]


def is_null(node: Node) -> bool:
    """Whether the node's tag is !!null (an alias: its target's)."""
    while node.alias is not None:
        node = node.alias
    return (node.kind == SCALAR and tag_of(node) == NULL_TAG) or node.tag == NULL_TAG

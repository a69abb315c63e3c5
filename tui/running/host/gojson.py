"""JSON as Go's encoding/json reads and writes it: no spaces, `<`, `>` and `&` escaped, invalid text replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

# What Go escapes beyond the quotes, backslashes and control characters that every writer escapes.
_HTML: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES: Final = str.maketrans(_HTML)
_LONE: Final = re.compile("[\ud800-\udfff]")
_MAYBE_LONE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_SPACE: Final = re.compile(r'[ \t\r\n]+|("(?:[^"\\]|\\.)*")')
_MARK: Final = b"\xef\xbb\xbf"
# A string without an end is one to the end: it is looked at once.
_BRACKETS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
DEEPEST: Final = 10_000  # brackets inside one another, beyond which Go refuses a text
FOLDED: Final = str.maketrans({"\u017f": "s", "\u212a": "k"})  # what Go takes for these letters in a field's name


def text_of(octets: bytes) -> str:
    """Bytes as a string of Go: each byte that is no UTF-8 stays one, and is written as such."""
    return octets.decode("utf-8", "surrogateescape")


def go_json(value: object) -> bytes:
    """A value of dictionaries, lists, strings, booleans, integers and None. Keys stay in their order.

    Fields of a Go struct come in their own order; keys of a Go map are to be sorted by who calls.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _LONE.sub(_replaced, text.translate(_ESCAPES)).encode()


def _replaced(found: re.Match[str]) -> str:
    """A byte that is no UTF-8 is escaped; half a pair of surrogates became the character when Go read it."""
    return "\\ufffd" if "\udc80" <= found[0] <= "\udcff" else "\ufffd"


def go_loads(source: bytes) -> Any:
    """A JSON text as Go reads it into any value. Raises ValueError, also for a number that no float64 holds."""
    if source.startswith(_MARK):
        raise ValueError("invalid character '\ufeff' looking for beginning of value")
    try:
        text = source.decode("utf-8", "replace")
        found = json.loads(text, parse_constant=_refuse, parse_int=_whole, parse_float=_real)
        return _whole_texts(found) if _MAYBE_LONE.search(source) else found
    except RecursionError as error:
        raise ValueError("exceeded max depth") from error


def _whole_texts(value: Any) -> Any:
    """A value without halves of pairs of surrogates: Go reads each as the character for what is none."""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole_texts(item) for item in value]
    if isinstance(value, dict):
        return {_whole_texts(key): _whole_texts(item) for key, item in value.items()}
    return value


def go_object(source: bytes) -> dict[str, Any]:
    """A JSON object as Go reads it into a struct: names of fields in any case, null for a field says nothing.

    Raises ValueError for any other JSON.
    """
    return go_fields(go_loads(source))


def go_fields(found: object) -> dict[str, Any]:
    """The fields of an object that was read, their names in lower case. Raises ValueError for what is no object."""
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise ValueError(f"cannot unmarshal {_kind(found)} into Go value")  # noqa: TRY004 -- as any other JSON
    return {name.translate(FOLDED).lower(): value for name, value in found.items() if value is not None}


def go_text(fields: Mapping[str, Any], name: str) -> str:
    """A field that is a string, "" where it is not there. Raises ValueError."""
    found = fields.get(name, "")
    if not isinstance(found, str):
        raise ValueError(f"cannot unmarshal {_kind(found)} into Go struct field {name} of type string")  # noqa: TRY004
    return found


def _kind(value: object) -> str:
    kinds = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def _whole(text: str) -> int | float:
    if text == "-0":
        return -0.0
    if len(text) > 400 or abs(number := int(text)) >= 2**1024:
        raise ValueError(f"cannot unmarshal number {text[:40]} into Go value of type float64")
    return number


def _real(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"cannot unmarshal number {text[:40]} into Go value of type float64")
    return number


def compact_json(source: bytes) -> bytes | None:
    """A JSON text as Go passes it on inside another: white space gone, numbers and strings as they were written.

    None where it is not JSON.
    """
    if not is_json(source):
        return None
    text = _SPACE.sub(lambda found: found[1] or "", source.decode("utf-8", "replace"))
    return text.translate(_ESCAPES).encode()


def is_json(source: bytes) -> bool:
    """Whether Go takes the bytes for one JSON value; white space around it is fine, invalid UTF-8 in a string too."""
    if source.startswith(_MARK):
        return False
    text = source.decode("utf-8", "replace")
    try:
        json.loads(text, parse_constant=_refuse, parse_int=str, parse_float=str)
    except RecursionError:
        return _is_deep_json(source)
    except ValueError:
        return False
    return True


def _is_deep_json(source: bytes) -> bool:
    """The same for what lies deeper than Python reads: the innermost values are judged, and stand for null after.

    A text has a place for each of its brackets, so this takes time with its length only.
    """
    stack: list[list[bytes]] = [[]]
    at = 0
    for found in _BRACKETS.finditer(source):
        mark = found[0]
        if len(mark) > 1:
            continue
        stack[-1].append(source[at : found.start()])
        at = found.end()
        if mark in b"[{":
            stack.append([mark])
            if len(stack) > DEEPEST + 1:
                return False
            continue
        inner = b"".join([*stack.pop(), mark])
        if not stack or inner[:1] + mark not in (b"[]", b"{}") or not _is_flat_json(inner):
            return False
        stack[-1].append(b"null")
    return len(stack) == 1 and _is_flat_json(b"".join([*stack[0], source[at:]]))


def _is_flat_json(source: bytes) -> bool:
    try:
        json.loads(source.decode("utf-8", "replace"), parse_constant=_refuse, parse_int=str, parse_float=str)
    except ValueError:
        return False
    return True


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)

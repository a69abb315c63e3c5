"""JSON as Go's encoding/json writes it: no spaces, `<`, `>` and `&` escaped, invalid text replaced."""

from __future__ import annotations

import json
import re
from typing import Final

# What Go escapes beyond the quotes, backslashes and control characters that every writer escapes.
_HTML: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES: Final = str.maketrans(_HTML)
_LONE: Final = re.compile("[\ud800-\udfff]")
_SPACE: Final = re.compile(r'[ \t\r\n]+|("(?:[^"\\]|\\.)*")')


def go_json(value: object) -> bytes:
    """A value of dictionaries, lists, strings, booleans, integers and None. Keys stay in their order.

    Fields of a Go struct come in their own order; keys of a Go map are to be sorted by who calls.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _LONE.sub("\ufffd", text.translate(_ESCAPES)).encode()


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
    try:
        json.loads(source.decode("utf-8", "replace"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return not source.startswith(b"\xef\xbb\xbf")


def _refuse(name: str) -> object:
    raise ValueError(name)

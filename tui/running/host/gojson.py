"""JSON as Go's encoding/json writes it: no spaces, `<`, `>` and `&` escaped, invalid text replaced."""

from __future__ import annotations

import json
from typing import Final

# What Go escapes beyond the quotes, backslashes and control characters that every writer escapes.
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029", "\x7f": "\x7f"}
)


def go_json(value: object) -> bytes:
    """A value of dictionaries, lists, strings, booleans, integers and None. Keys stay in their order.

    Fields of a Go struct come in their own order; keys of a Go map are to be sorted by who calls.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES).encode("utf-8", "replace")

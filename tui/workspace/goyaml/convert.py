"""A resolved scalar -> the value of a Go string, int or bool."""

from __future__ import annotations

import re
from typing import Final

from tui.workspace.goyaml.nodes import GoYamlError
from tui.workspace.goyaml.resolve import MAX_INT64, MIN_INT64, Value

_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")

# Words of YAML 1.1 that a typed bool takes where the text is a string.
BOOL_WORDS: Final[dict[str, bool]] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}


def decode_base64(text: str) -> str:
    """The octets of a !!binary scalar, as text with surrogate escapes for what is not UTF-8."""
    import binascii

    packed = text.replace("\r", "").replace("\n", "")
    if _BASE64.fullmatch(packed) is None:
        raise GoYamlError("!!binary value contains invalid base64 data")
    return binascii.a2b_base64(packed).decode("utf-8", "surrogateescape")


def to_int(value: Value) -> int | None:
    """The Go int that a resolved value becomes; None where it is refused."""
    if isinstance(value, float):
        if not value <= MAX_INT64:  # NaN fails it too
            return None
        # Beyond the range the conversion gives the least integer, on amd64.
        return int(value) if MIN_INT64 <= value < MAX_INT64 else MIN_INT64
    if isinstance(value, int) and not isinstance(value, bool) and value <= MAX_INT64:
        return value
    return None

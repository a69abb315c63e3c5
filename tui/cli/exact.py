"""Names that are not UTF-8, in what programs read: valid text, and the exact bytes beside it.

Python holds a byte that is not UTF-8 as a lone surrogate (PEP 383), which no strict reader of JSON takes. Text shows it
as `\\xe9`; where a value of a record holds one, the record has a second field, its name with `_b64`: the value's bytes
in base64. For a list of texts that field is a list, item by item.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from tui.text import visible

SUFFIX = "_b64"


def is_exact(text: str) -> bool:
    """Whether text is valid Unicode, so that it can be written as it is."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def bytes_of(text: str) -> bytes:
    """The bytes that text stands for: those of a file name as the disk has it."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte, out of a document
        return text.encode("utf-8", "surrogatepass")


def b64(text: str) -> str:
    """The bytes of text in base64."""
    return b64encode(bytes_of(text)).decode("ascii")


def exact(record: Mapping[str, object]) -> dict[str, object]:
    """The record with valid text everywhere, and the exact bytes beside each text that is not."""
    return dict(_fields(record))


def _fields(record: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        key = visible(name)
        yield key, _value(value)
        if not is_exact(name):
            yield f"{key}_name{SUFFIX}", b64(name)
        if isinstance(value, str) and not is_exact(value):
            yield key + SUFFIX, b64(value)
        elif isinstance(value, list | tuple) and any(isinstance(one, str) and not is_exact(one) for one in value):
            yield key + SUFFIX, [b64(one) if isinstance(one, str) else None for one in value]


def _value(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return exact(value)
    if isinstance(value, list | tuple):
        return [_nested(one) if isinstance(one, list | tuple) else _value(one) for one in value]
    return value


def _nested(values: list[Any] | tuple[Any, ...]) -> list[object]:
    """A list in a list has no field beside it: what is no text in it becomes its bytes, as in `config`."""
    return [{"b64": b64(one)} if isinstance(one, str) and not is_exact(one) else _value(one) for one in values]


def readable_only(value: Any) -> Any:
    """The same structure with valid text everywhere, for forms that take no further fields."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, Mapping):
        return {visible(name): readable_only(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [readable_only(one) for one in value]
    return value

"""How Go prints what it quotes in messages: strconv.Quote and %#v."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tui.workspace.goyaml.schema import AnyMap

_SHORT: Final = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", '"': '\\"', "\\": "\\\\",
}  # fmt: skip


def go_type(value: list[object] | AnyMap) -> str:
    """The Go type of a value decoded without one."""
    return f"map[{value.keys_type}]interface {{}}" if isinstance(value, AnyMap) else "[]interface {}"


def _quoted_character(character: str) -> str:
    short = _SHORT.get(character)
    if short is not None:
        return short
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8, as surrogateescape keeps it
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quote(text: str) -> str:
    """The text as a Go string literal (strconv.Quote)."""
    return '"' + "".join(map(_quoted_character, text)) + '"'


def cut(text: str) -> str:
    """A scalar as yaml.v3 quotes it in a type error: up to 10 bytes whole, else 7 bytes and "..."."""
    if len(text) <= 10 and text.isascii():
        return text
    octets = text.encode("utf-8", "surrogateescape")
    if len(octets) > 10:
        text = octets[:7].decode("utf-8", "surrogateescape") + "..."
    # A character cut in two is shown as one replacement character a byte, as Go prints broken UTF-8.
    return "".join("\ufffd" if "\udc80" <= character <= "\udcff" else character for character in text)


def _float_syntax(value: float) -> str:
    """%#v of a float64: the shortest form, with an exponent below 1e-4 and from 1e6."""
    if value != value:  # noqa: PLR0124 (NaN)
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    shortest = repr(value)
    if "e" in shortest or abs(value) < 1e6:
        return shortest.removesuffix(".0")
    whole, _, fraction = shortest.removeprefix("-").partition(".")
    digits = (whole + fraction).rstrip("0")
    point = "." if len(digits) > 1 else ""
    return f"{'-' if value < 0 else ''}{digits[0]}{point}{digits[1:]}e+{len(whole) - 1:02d}"


def _whole_syntax(value: object) -> str:
    """%#v of whole numbers: what an int64 cannot hold is a uint64, in hexadecimal."""
    return hex(value) if isinstance(value, int) and value >= 1 << 63 else str(value)


def _place(key: object) -> tuple[str, object]:
    """Where Go prints a key of a mapping: nil first, then by type (in no fixed order), then by value."""
    if key is None:
        return "", 0
    return type(key).__name__, key if isinstance(key, int | float | str) else 0


def _entries(mapping: AnyMap) -> Iterator[str]:
    return (f"{go_syntax(key)}:{go_syntax(mapping[key])}" for key in sorted(mapping, key=_place))


def go_syntax(value: object) -> str:
    """%#v of a decoded value: strings quoted, lists and mappings with their Go types."""
    if value is None:
        return "interface {}(nil)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list | AnyMap):
        inner = _entries(value) if isinstance(value, AnyMap) else map(go_syntax, value)
        return f"{go_type(value)}{{{', '.join(inner)}}}"
    return _float_syntax(value) if isinstance(value, float) else _whole_syntax(value)

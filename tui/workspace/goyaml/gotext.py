"""How Go prints what it quotes in messages: strconv.Quote and %#v."""

from __future__ import annotations

from typing import Final

_SHORT: Final = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", '"': '\\"', "\\": "\\\\",
}  # fmt: skip


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
    """%#v of a float64: the shortest form, with an exponent below 1e-4 and from 1e21."""
    if value != value:  # noqa: PLR0124 (NaN)
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    digits, _, exponent = f"{value!r}".partition("e")
    if value == 0 or 1e-4 <= abs(value) < 1e21:
        return f"{value:.0f}" if value == int(value) else f"{value:f}" if exponent else digits
    if not exponent:
        digits, _, exponent = f"{value:.17e}".partition("e")
    return f"{float(digits):g}e{int(exponent):+03d}" if exponent else digits


def go_syntax(value: object) -> str:
    """%#v of a decoded value: strings quoted, lists and mappings with their Go types."""
    if value is None:
        return "interface {}(nil)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(go_syntax, value)) + "}"
    if isinstance(value, dict):
        kind = "string" if all(isinstance(key, str) for key in value) else "interface {}"
        inner = ", ".join(f"{go_syntax(key)}:{go_syntax(item)}" for key, item in value.items())
        return f"map[{kind}]interface {{}}{{{inner}}}"
    return _float_syntax(value) if isinstance(value, float) else str(value)

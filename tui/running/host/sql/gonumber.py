"""JSON values as Go writes them after they went through a float64, as every number of a row does."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from tui.running.host.gojson import go_json

EXACT: Final = 1 << 53  # below it a float64 holds every whole number


class NotJsonError(ValueError):
    """A value that JSON has no form for: an infinity, or no number."""


def go_number(value: float) -> str:
    """A float64 as encoding/json writes it: the shortest digits, with an exponent below 1e-6 and from 1e21 on."""
    if type(value) is int and -EXACT < value < EXACT:
        return str(value)
    number = float(value)
    if not math.isfinite(number):
        raise NotJsonError(f"json: unsupported value: {'NaN' if math.isnan(number) else 'Inf'}")
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    from decimal import Decimal  # for who reads rows

    shortest = Decimal(repr(number))
    if 1e-6 <= abs(number) < 1e21:
        text = format(shortest, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    sign, digits, exponent = shortest.normalize().as_tuple()
    power = len(digits) - 1 + int(exponent)
    first, *rest = map(str, digits)
    part = f".{''.join(rest)}" if rest else ""
    return f"{'-' if sign else ''}{first}{part}e{'+' if power > 0 else '-'}{abs(power)}"


def go_value(value: object) -> bytes:
    """A value of a row, or of JSON that was read: numbers as float64, bytes as base64. Raises NotJsonError."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return go_json(value)
    if isinstance(value, int | float):
        return go_number(value).encode()
    if isinstance(value, bytes):
        return go_json(base64.b64encode(value).decode("ascii"))
    if isinstance(value, Mapping):
        return go_row(value)
    if isinstance(value, list):
        return b"[" + b",".join(map(go_value, value)) + b"]"
    raise NotJsonError(f"json: unsupported type: {type(value).__name__}")


def go_row(row: Mapping[str, object]) -> bytes:
    """One row as a Go map: keys sorted by their bytes."""
    return b"{" + b",".join(key + go_value(row[name]) for name, key in _keys(tuple(row))) + b"}"


@lru_cache(maxsize=16)
def _keys(names: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """The names in Go's order, each as it stands in JSON: the same for all rows of an answer."""
    ordered = sorted(names, key=lambda name: name.encode("utf-8", "surrogatepass"))
    return tuple((name, go_json(name) + b":") for name in ordered)


def go_rows(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Rows as a Go slice of maps."""
    return b"[" + b",".join(map(go_row, rows)) + b"]"

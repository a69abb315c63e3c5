"""Tables, memories and globals as wazero reads them, imported or defined."""

from __future__ import annotations

from typing import Final

from tui.gateway.engine.wazero.engine_module import TableLimits
from tui.gateway.engine.wazero.reader import Reader, Refused, labelled

MOST: Final = 1 << 27  # entries of a table at start, functions
LARGEST: Final = 65536  # pages
PAGE: Final = 65536  # bytes


def _limits(reader: Reader) -> tuple[int, int | None, bool]:
    """Minimum, maximum, shared."""
    flags = labelled("read leading byte", reader.byte)
    if flags > 3:
        raise Refused(f"invalid byte for limits: 0x{flags:x} not in (0x00, 0x01, 0x02, 0x03)")
    minimum = labelled("read min of limit", reader.u32)
    maximum = labelled("read max of limit", reader.u32) if flags & 1 else None
    return minimum, maximum, flags > 1


def read_table(reader: Reader) -> TableLimits:
    """A table; its element type is not looked at here."""
    element = labelled("read leading byte", reader.byte)
    minimum, maximum, shared = labelled("read limits", _limits, reader)
    if minimum > MOST:
        raise Refused(f"table min must be at most {MOST}")
    if maximum is not None and maximum < minimum:
        raise Refused("table size minimum must not be greater than maximum")
    if shared:
        raise Refused("tables cannot be marked as shared")
    return TableLimits(element, minimum)


def read_memory(reader: Reader, cap: int) -> int:
    """The pages that a memory starts with. A maximum above the host's cap is lowered, to what 32 bits reach."""
    minimum, maximum, shared = _limits(reader)
    if shared:
        raise Refused("shared memory requested but threads feature not enabled")
    most = cap if maximum is None else maximum if maximum > LARGEST else min(maximum, cap)
    for what, pages in (("max", most), ("min", minimum)):
        if pages > cap:
            raise Refused(f"{what} {_pages(pages)} over limit of {_pages(cap)}")
    if minimum > most:
        raise Refused(f"min {_pages(minimum)} > max {_pages(most)}")
    return minimum


def _pages(count: int) -> str:
    """Pages with their size, in 32 bits as the engine counts."""
    size = count * 64 & 0xFFFF_FFFF
    for unit in ("Ki", "Mi", "Gi"):
        if size < 1024:
            return f"{count} pages ({size} {unit})"
        size //= 1024
    return f"{count} pages ({size} Ti)"


def global_type(reader: Reader) -> tuple[int, bool]:
    """A global's value type, and whether it may be changed."""
    value = labelled("read value type", reader.types, 1)[0]
    mutable = labelled("read mutablity", reader.byte)
    if mutable > 1:
        raise Refused(f"invalid byte for mutability: 0x{mutable:x} != 0x00 or 0x01")
    return value, bool(mutable)

"""Custom sections. An error in one never makes the module invalid: it becomes a warning."""

from __future__ import annotations

from tui.wasm.decode.budget import OutOfRoom, OutOfTime
from tui.wasm.decode.leb import Malformed, name, u32, vector_count
from tui.wasm.module import SubSection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from tui.wasm.decode.core.draft import Draft

CUSTOM: Final = 0  # a section's id
NAME_PARTS: Final = (
    "module", "function", "local", "label", "type", "table", "memory", "global", "element", "data", "field", "tag",
)  # fmt: skip
PRODUCER_FIELDS: Final = frozenset({"language", "processed-by", "sdk"})
RAW_ID: Final = 64  # bytes of a build id without a length; hashes have 16, 20 or 32
SHOWN_TEXT: Final = 4096  # bytes of a build id or URL that are kept
MOST: Final = 10_000  # producers of one kind, features and parts of the name section that are read


def read_name_section(draft: Draft, position: int, end: int) -> None:
    """The subsections of `name`: where each lies. Names themselves are read when they are shown."""
    source = draft.source
    last = -1
    while position < end:
        draft.tick()
        if len(draft.name_parts) > MOST:
            raise OutOfRoom(MOST, "parts of the name section")
        part = source[position]
        size, start = u32(source, position + 1)
        if start + size > end:
            raise Malformed(position, f"subsection {part} needs {size:,} bytes, {max(end - start, 0):,} left")
        if part <= last:
            draft.warn(position, f"name section: subsection {part} after subsection {last}")
        last = part
        if part == 0:
            draft.name, _ = name(source, start, start + size)
        if part < len(NAME_PARTS):
            count = u32(source, start)[0] if part and size else None
            draft.name_parts.append(SubSection(part, NAME_PARTS[part], start, size, count))
        position = start + size


def read_producers(draft: Draft, position: int, end: int) -> None:
    """`producers`: fields of (name, version) pairs."""
    source = draft.source
    fields, position = vector_count(source, position, end, "fields")
    for _ in range(fields):
        field, position = name(source, position, end)
        values, position = vector_count(source, position, end, "values")
        if values > MOST or len(draft.producers) > MOST:
            raise OutOfRoom(MOST, "producers")
        draft.tick()
        pairs = []
        for _ in range(values):
            tool, position = name(source, position, end)
            version, position = name(source, position, end)
            pairs.append((tool, version))
        if field not in PRODUCER_FIELDS:
            draft.warn(position, f"producers: field {field[:40]!r} is not in the convention")
        draft.producers[field] = tuple(pairs)


def read_target_features(draft: Draft, position: int, end: int) -> None:
    """`target_features`: a claim of what the module uses (+) or must not meet (-)."""
    source = draft.source
    count, position = vector_count(source, position, end, "features")
    if count > MOST:
        raise OutOfRoom(MOST, "target features")
    found = []
    for _ in range(count):
        prefix = source[position]
        if prefix not in b"+-=":
            raise Malformed(position, f"0x{prefix:02X} is not a feature's prefix (+, - or =)")
        feature, position = name(source, position + 1, end)
        found.append(chr(prefix) + feature)
    draft.target_features = tuple(found)


def read_build_id(draft: Draft, position: int, end: int) -> None:
    """`build_id`: a vector of bytes, shown in hexadecimal; some tools leave out the vector's length."""
    size, start = u32(draft.source, position)
    if start + size != end and 8 <= end - position <= RAW_ID:
        size, start = end - position, position
    if start + size > end:
        raise Malformed(position, f"a build id of {size:,} bytes, {max(end - start, 0):,} left")
    draft.build_id = draft.source[start : start + min(size, SHOWN_TEXT)].hex()


def read_go_build_id(draft: Draft, position: int, end: int) -> None:
    """`go:buildid`: stock Go's own text, `\\xff Go build ID: "..."` in some versions and bare in others."""
    text = draft.source[position : min(end, position + SHOWN_TEXT)].decode("utf-8", "replace")
    draft.build_id = text.partition('"')[2].partition('"')[0] if '"' in text else text.strip("\n\x00 ")


def read_source_map(draft: Draft, position: int, end: int) -> None:
    """`sourceMappingURL`: one name."""
    draft.source_map, _ = name(draft.source, position, end)


READERS: Final[dict[str, Callable[[Draft, int, int], None]]] = {
    "name": read_name_section,
    "producers": read_producers,
    "target_features": read_target_features,
    "build_id": read_build_id,
    "go:buildid": read_go_build_id,
    "sourceMappingURL": read_source_map,
}


def read_custom(draft: Draft, title: str, position: int, end: int) -> None:
    """Decode the custom section `title`, where it is one that is known; faults become warnings."""
    reader = READERS.get(title)
    if reader is None:
        return
    try:
        reader(draft, position, end)
    except OutOfTime as stop:
        draft.warn(position, f"{title} section: {stop.reason}; the rest is not read")
        draft.unread.add(CUSTOM)
    except Malformed as fault:
        draft.warn(fault.offset, f"{title} section: {fault.message}")
    except IndexError:
        draft.warn(end, f"{title} section: it ends too early")

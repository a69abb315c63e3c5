"""Text from outside made harmless, and numbers made readable. Imported by every room; imports none."""

from __future__ import annotations

ELLIPSIS = "…"
# Format and separator characters that reorder or hide text on a terminal: bidi controls, zero-width, line separators.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # Persian and Indic words, and emoji of several parts, need them
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e", "\0": "\\0"}


def _escape(character: str) -> str:
    """The visible stand-in of one unsafe character, e.g. `\\e` or `\\u202e`."""
    short = _SHORT_ESCAPES.get(character)
    if short is not None:
        return short
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8 (PEP 383)
        code -= 0xDC00
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str, limit: int | None = None) -> str:
    """`text` on one line, every control, bidi, zero-width and surrogate character escaped, cut to `limit` characters.

    What comes back can be sent to any terminal: it holds no character that moves the cursor, hides or reorders text.
    """
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)]
        return printable(text) + ELLIPSIS
    if text.isprintable():  # which nothing of those categories is
        return text
    from unicodedata import category

    return "".join(_escape(c) if category(c) in _UNSAFE_CATEGORIES else c for c in text)


def first_line(text: str) -> str:
    """A text up to its first line break."""
    return text.partition("\n")[0]


def is_utf8(data: bytes) -> bool:
    """Whether bytes are text in UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def visible(text: str) -> str:
    """`text` with every lone surrogate escaped, so that it is valid Unicode: a byte that is not UTF-8 is `\\xe9`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(_escape(c) if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def readable(text: str) -> str:
    """`printable`, but joiners inside words and emoji stay: for running text, where no column hangs on its width."""
    if not any(joiner in text for joiner in _JOINERS):
        return printable(text)
    return "".join(c if _joins(text, place) else printable(c) for place, c in enumerate(text))


def _joins(text: str, place: int) -> bool:
    """Whether a zero-width joiner, or non-joiner, stands inside a word or an emoji, where it belongs to the script."""
    if text[place] not in _JOINERS or not 0 < place < len(text) - 1:
        return False
    from unicodedata import category

    return all(not c.isascii() and category(c)[0] in "LMS" for c in (text[place - 1], text[place + 1]))


def human_bytes(count: int) -> str:
    """A size in bytes as a person reads it: `874 B`, `118 KB`, `4.5 MB` (powers of 1,000)."""
    if count < 1000:
        return f"{count} B"
    size = float(count)
    for unit in ("KB", "MB", "GB"):
        size /= 1000
        if size < 999.5:
            return f"{size:.1f} {unit}" if size < 9.95 else f"{size:.0f} {unit}"
    return f"{size / 1000:.1f} TB"


def human_seconds(seconds: float) -> str:
    """A duration in seconds as a person reads it: `80 ms`, `3.1 s`, `2 min 5 s`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def exact_bytes(count: int) -> str:
    """A size to the byte: `1,932,276 bytes`."""
    return plural(count, "byte")


def signed_bytes(count: int) -> str:
    """A change in size: `+1.2 KB`, `-340 B`, `±0 B`."""
    return f"{'+' if count > 0 else '-' if count < 0 else '±'}{human_bytes(abs(count))}"


def memory_bytes(count: int) -> str:
    """An amount of memory in powers of 1,024, which pages divide: `128 KiB`, `1.5 MiB`, `4 GiB`."""
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} B"


def memory_pages(count: int) -> str:
    """A number of pages of memory: `2 pages (128 KiB)`."""
    return f"{plural(count, 'page')} ({memory_bytes(count << 16)})"


def percent(share: float) -> str:
    """A share as a person reads it: `12.5 %`, `<0.1 %` for what is more than nothing."""
    return "<0.1 %" if 0 < share < 0.0005 else f"{share * 100:.1f} %"


def signed_percent(change: float) -> str:
    """A relative change: `+0.4 %`, `-12.0 %`."""
    return f"{change * 100:+.1f} %"


def offset(place: int) -> str:
    """A place in a file: `0x08`, `0x1d2f`."""
    return f"{place:#04x}"


def plural(count: int, noun: str) -> str:
    """A count with its noun: `1 error`, `2 errors`, `1,204 lines`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

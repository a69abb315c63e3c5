"""What a piece of text is for, and the style that says so, in theme variables only.

A role is a word ("error", "muted"); several may be joined by spaces ("error strong"). Colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from textual.content import Content

ROLES: Final[dict[str, str]] = {
    "": "",
    "text": "",
    "ok": "$text-success",
    "warn": "$text-warning",
    "error": "$text-error",
    "accent": "$text-primary",
    "muted": "$muted",
    "faint": "$faint",
    "strong": "bold",
    "title": "bold $text-primary",
    "key": "bold $text-primary",
    "code": "$text-primary",
    "badge-ok": "bold $badge-success",
    "badge-warn": "bold $badge-warning",
    "badge-error": "bold $badge-error",
    "badge-accent": "bold $badge-primary",
    "badge-muted": "bold $badge-muted",
    # tiles of the treemap, and their grounds as the colour of a letter
    **{f"{part}-{ground}": f"${part}-{ground}" for part in ("tile", "edge") for ground in (0, 1, 2, 3, "rest", "lit")},
    "under": "underline",
    "found": "bold underline",  # letters that a filter found
    "reverse": "reverse",
    "cursor": "$cursor-row",
    "rule": "$border-blurred",
}


@lru_cache(maxsize=256)
def style_of(role: str) -> str:
    """The style, as Textual writes styles, of one role or several joined by spaces; unknown words style nothing."""
    return " ".join(style for word in role.split() if (style := ROLES.get(word, "")))


class Part(NamedTuple):
    """A piece of one line and its role. `text` must be printable already. Made by the thousand: hence a tuple."""

    text: str
    role: str = ""


Line = tuple[Part, ...]


def chip(text: str, kind: str) -> Part:
    """A word on a ground of its own: `ok`, `warn`, `error`, `accent` or `muted`."""
    return Part(f" {text} ", f"badge-{kind}")


def content(lines: Iterable[Iterable[Part]]) -> Content:
    """The lines as one Content, styled by role, never as markup."""
    rows = [Content.assemble(*((part.text, style_of(part.role)) for part in line)) for line in lines]
    return Content("\n").join(rows)

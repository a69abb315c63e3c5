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
    "muted": "$foreground-muted",
    "faint": "$foreground-disabled",
    "strong": "bold",
    "title": "bold $text-primary",
    "key": "bold $text-primary",
    "code": "$text-primary",
    "badge-ok": "bold $text-success on $success-muted",
    "badge-warn": "bold $text-warning on $warning-muted",
    "badge-error": "bold $text-error on $error-muted",
    "badge-accent": "bold $text-primary on $primary-muted",
    "badge-muted": "bold $foreground-muted on $boost",
    # tiles of the treemap, and their grounds as the colour of a letter
    "tile-0": "$text-primary on $primary-muted",
    "tile-1": "$text-success on $success-muted",
    "tile-2": "$text-warning on $warning-muted",
    "tile-3": "$text-secondary on $secondary-muted",
    "tile-rest": "$foreground on $border-blurred",
    "tile-lit": "$background on $primary",
    "edge-0": "$primary-muted",
    "edge-1": "$success-muted",
    "edge-2": "$warning-muted",
    "edge-3": "$secondary-muted",
    "edge-rest": "$border-blurred",
    "edge-lit": "$primary",
    # where the sixteen colours are the terminal's own, a ground is a colour turned round
    "tile-0-16": "$text-primary reverse",
    "tile-1-16": "$text-success reverse",
    "tile-2-16": "$text-warning reverse",
    "tile-3-16": "$text-secondary reverse",
    "tile-rest-16": "$foreground-muted reverse",
    "tile-lit-16": "reverse",
    "edge-0-16": "$text-primary",
    "edge-1-16": "$text-success",
    "edge-2-16": "$text-warning",
    "edge-3-16": "$text-secondary",
    "edge-rest-16": "$foreground-muted",
    "edge-lit-16": "",
    "under": "underline",
    "found": "bold underline",  # letters that a filter found
    "reverse": "reverse",
    "cursor": "on $primary 25%",
    "cursor-16": "bold",  # where colours are the terminal's own, none can be told to stand behind all others
    "rule": "$foreground-disabled",
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

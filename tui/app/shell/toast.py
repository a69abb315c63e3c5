"""A sentence for the corner of the screen."""

from __future__ import annotations

from typing import NamedTuple


class Toast(NamedTuple):
    """What to say. `text` is shown as it is, never as markup; severity: information, warning, error."""

    text: str
    severity: str = "information"
    title: str = ""

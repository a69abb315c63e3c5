"""What a test sees on the screen."""

from __future__ import annotations

from typing import Any

from textual.app import App


def shot_text(app: App[Any]) -> str:
    """The screen's text, line by line, as the compositor would draw it now."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())

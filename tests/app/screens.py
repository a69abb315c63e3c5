"""What a test sees on the screen."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.binding import Binding, BindingType

from tui.app.actions import ACTIONS


def shot_text(app: App[Any]) -> str:
    """The screen's text, line by line, as the compositor would draw it now."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def focused_bindings() -> list[BindingType]:
    """The action table's keys, each doing what the widget in focus makes of it."""
    return [
        Binding(",".join(action.keys), "focused." + action.handler.removeprefix("action_"), action.label, show=False)
        for action in ACTIONS
    ]

"""Waiting until an app has done what a key brought about: by what its loop still has to do, not by the clock.

Textual's own wait sleeps 20 ms, three times a key, until the process used less than 1 ms of CPU meanwhile, for up to a
second. And it draws every frame on the way, though without a terminal nobody sees them: here what has come to rest is
drawn, once. All private parts of Textual and asyncio that it takes are in this file.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import textual.app
import textual.pilot
import textual.screen
from textual._context import active_app
from textual.app import App
from textual.screen import Screen

PATIENCE = 1.0  # seconds, as Textual's own: what never rests is left to the test's own condition
SOON = 0.04  # a timer due by then is waited for: changes are gathered for 33 ms before they are drawn
LOOK = 0.002  # seconds in which threads at work are noticed ...
AT_REST = 0.0005  # ... by the CPU that they use
draw_frame = Screen._compositor_refresh


async def settle(*_: float) -> None:
    """Wait until nothing is left to do: no message, no layout, no timer due soon, no thread at work. Then draw it."""
    app: App[Any] = active_app.get()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        await asyncio.sleep(_until_timer() or 0)
        if _has_work() or _lay_out(app):
            continue
        used = time.process_time()
        await asyncio.sleep(LOOK)
        if time.process_time() - used < AT_REST and not _has_work():
            break
    if app._screen_stack and app.screen._compositor._dirty_regions:
        draw_frame(app.screen)


def _has_work() -> bool:
    """Whether the loop has anything to run but the caller, or will have soon."""
    return bool(asyncio.get_running_loop()._ready) or _until_timer() is not None  # type: ignore[attr-defined]


def _until_timer() -> float | None:
    """How many seconds it is to the next timer, where that is soon."""
    loop = asyncio.get_running_loop()
    due = [handle.when() for handle in loop._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]
    left = min(due, default=float("inf")) - loop.time()
    return max(left, 0.0) if left < SOON else None


def _lay_out(app: App[Any]) -> bool:
    """Do at once what the next frame begins with; whether there was anything."""
    if not app._screen_stack or app._batch_count:
        return False
    screen = app.screen
    due = (screen._layout_required, screen._scroll_required, screen._repaint_required, screen._recompose_required)
    if not (any(due) or screen._dirty_widgets or screen._callbacks):
        return False
    screen._on_timer_update()
    return True


def _leave_for_later(screen: Screen[Any]) -> None:
    """Keep what is to be drawn until all has come to rest."""
    screen._dirty_widgets.clear()
    screen.app._update_mouse_over(screen)


def install() -> None:
    """Have every pilot wait so."""
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = settle  # type: ignore[attr-defined]
    Screen._compositor_refresh = _leave_for_later  # type: ignore[method-assign, assignment]

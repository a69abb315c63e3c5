"""Waiting until an app has done what a key brought about: by what its loop still has to do, not by the clock.

Textual's own wait sleeps 20 ms, three times a key, until the process used less than 1 ms of CPU meanwhile, for up to
a second, and sends each widget a letter before and after, also where all of them have read theirs. It draws every
frame on the way, though without a terminal nobody sees them: here the screen is drawn where a test looks at it, once,
and at the app's end. That was two fifths of what a test with a screen costs. A piece of a line has seven caches
there, which cost more than the piece: here they are dictionaries. All private parts of Textual and asyncio that it
takes are in this file and stylesheets.py.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import textual.app
import textual.pilot
import textual.screen
import textual.strip
from textual._compositor import LayoutUpdate
from textual._context import active_app
from textual.app import App
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

PATIENCE = 1.0  # seconds, as Textual's own: what never rests is left to the test's own condition
SOON = 0.04  # a timer due by then is waited for: changes are gathered for 33 ms before they are drawn
LOOK = 0.002  # seconds in which threads at work are noticed ...
FRAMES = 300  # a second, where Textual has 60: nobody sees them, and who waits for the next one waits less
TURNS = 200  # of the loop, in which letters that lie there are read
AT_REST = 0.0005  # ... by the CPU that they use
wait_for_screen = Pilot._wait_for_screen
set_dirty = Widget._set_dirty
run_test = App.run_test


async def settle(*_: float) -> None:
    """Wait until nothing is left to do: no message, no layout, no timer due soon, no thread at work."""
    app: App[Any] = active_app.get()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        await asyncio.sleep(_until_timer() or 0)
        if _has_work() or _lay_out(app):
            continue
        if threading.active_count() == 1:
            return
        used = time.process_time()
        await asyncio.sleep(LOOK)
        if time.process_time() - used < AT_REST and not _has_work():
            return


async def wait_for_busy(pilot: Pilot[Any], timeout: float = 30.0) -> bool:
    """As Textual's wait, which sends every widget a letter, but none where all are waiting for one."""
    loop = asyncio.get_running_loop()
    for _ in range(TURNS):
        if not pilot.app._screen_stack:
            return False
        if _at_rest(pilot.app) and all(map(_at_rest, pilot.app.screen.walk_children(with_self=True))):
            return True
        if not loop._ready:  # type: ignore[attr-defined]
            break  # one is in the middle of a letter, and waits for something else
        await asyncio.sleep(0)
    return await wait_for_screen(pilot, timeout)


def _at_rest(pump: MessagePump) -> bool:
    """Whether it has read all its letters and waits for the next."""
    came: Any = pump._message_queue.ready_event
    return not came.is_set() and bool(came._waiters)


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


class Drawn:
    """The frame that was drawn last, for those who look at it before anything has changed."""

    screen: Screen[Any] | None = None
    rows: tuple[Strip, ...] = ()
    changes = 0  # since the process began, in whichever app
    at = -1


def rows_of(app: App[Any]) -> tuple[Strip, ...]:
    """What is on the screen, row by row."""
    screen = app.screen
    if Drawn.screen is not screen or Drawn.at != Drawn.changes or screen._compositor._dirty_regions:
        _draw(app)
    return Drawn.rows


def _draw(app: App[Any]) -> None:
    """Draw a whole frame."""
    screen = app.screen
    frame = screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(frame, LayoutUpdate)
    Drawn.rows = tuple(Strip.join(row) for row in frame.strips)
    Drawn.screen, Drawn.at = screen, Drawn.changes
    app._update_mouse_over(screen)


@asynccontextmanager
async def run_and_draw(app: App[Any], **named: Any) -> AsyncIterator[Pilot[Any]]:
    """As Textual's, and what is on the screen at the end is drawn."""
    async with run_test(app, **named) as pilot:
        yield pilot
        if app._screen_stack:
            rows_of(app)


def _count_change(widget: Widget, *regions: Region) -> None:
    """As Textual's, which all that is to be drawn anew goes through."""
    Drawn.changes += 1
    set_dirty(widget, *regions)


def _leave_for_later(screen: Screen[Any]) -> None:
    """Keep what is to be drawn until all has come to rest."""
    screen._dirty_widgets.clear()
    screen.app._update_mouse_over(screen)


def install() -> None:
    """Have every pilot wait so."""
    for module in (textual.app, textual.pilot):
        module.wait_for_idle = settle  # type: ignore[attr-defined]
    textual.screen.UPDATE_PERIOD = 1 / FRAMES  # type: ignore[misc]
    textual.strip.FIFOCache = lambda _: {}  # type: ignore[attr-defined, assignment, return-value]
    App.run_test = run_and_draw  # type: ignore[method-assign, assignment]
    Pilot._wait_for_screen = wait_for_busy  # type: ignore[method-assign, assignment]
    Widget._set_dirty = _count_change  # type: ignore[method-assign, assignment]
    Screen._compositor_refresh = _leave_for_later  # type: ignore[method-assign, assignment]

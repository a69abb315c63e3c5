"""The private parts of Textual that this program leans on besides those of the driver (`driver`), with reasons.

They are held by the exact version that the tests run with: an update of Textual is looked at here first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from textual import events
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


def bind_keys(node: DOMNode, keys: Iterable[str], action: str) -> None:
    """Let each key run `action` of a node, with the key's name for its argument.

    Textual binds keys by class, when the class is made; ours are a person's own, known when the screen is.
    """
    node._bindings = _bound(keys, action)


def bind_more_keys(node: DOMNode, keys: Iterable[str], action: str) -> None:
    """The same, besides those that its class has."""
    node._bindings = BindingsMap.merge((node._bindings, _bound(keys, action)))


def _bound(keys: Iterable[str], action: str) -> BindingsMap:
    return BindingsMap(Binding(key, f"{action}({key!r})", show=False) for key in keys)


def resize_rows(view: ScrollView, size: Size) -> None:
    """A view of rows has that many cells now: move its scroll bar, in this frame.

    Textual lays the whole screen out when `virtual_size` changes, and once more when that has shown or hidden a bar. A
    view that has it as `Reactive(Size(0, 0))` does it only for the bar, and where its height is that of its rows.
    """
    if size == view.virtual_size:
        return
    view.virtual_size = size
    if view.styles.auto_dimensions:
        view.refresh(layout=True)  # which moves the bar, when it is known whether the new height needs one
    else:
        view._scroll_update(size)


@runtime_checkable
class TakesKeys(Protocol):
    """A widget that is no field, and yet takes what is typed, at times."""

    def take_key(self, event: events.Key) -> None:
        """Take it, and stop it; or leave it alone."""


class QuietApp(App[int]):
    """An app that hands a fault of its own to who started it, and each letter to the field that it was typed for."""

    fault: BaseException | None = None
    hidden = False  # no frame is made of a QuietScreen

    def _handle_exception(self, error: Exception) -> None:
        """Textual's own way prints a traceback over the shell; ours keeps the fault for the boundary in tui.cli."""
        if self.fault is None:
            self.fault = error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def on_key(self, event: events.Key) -> None:
        """A letter that was on its way to a list when a field got the keys is for the field, as if typed slowly."""
        place: object = self.focused
        if isinstance(place, TakesKeys):
            place.take_key(event)  # that it had it already, and left it, does no harm
        field = self.focused
        if field is None or event.character is None or not event.is_printable:
            return
        if field.check_consume_key(event.key, event.character):
            from textual.widgets import Input, TextArea

            event.prevent_default()
            if isinstance(field, Input):
                field.insert_text_at_cursor(event.character)
            elif isinstance(field, TextArea):
                field.insert(event.character)

    def fail(self, fault: BaseException) -> None:
        """A fault of ours, wherever it happened: end, and let the command line's boundary report it."""
        if isinstance(fault, Exception):
            self._handle_exception(fault)
        elif self.fault is None:
            self.fault = fault
            self.exit(1)

    @property
    def driver_in_use(self) -> Driver | None:
        """What carries keys in and cells out: Textual has no way to set the terminal's title, or to lend it."""
        return self._driver


class DirtyParts(Compositor):
    """Makes a frame of the parts that are to be drawn anew. Textual has every widget between the topmost and the lowest
    of them give all its rows: with a header that counts, and a row that changes far below it, that is the whole screen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[Region, ...] = ()  # of the frame that is being made; empty: all of the screen

    def render_partial_update(self) -> ChopsUpdate | None:
        """The parts that are to be drawn anew; None where there are none."""
        self._parts = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._parts = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """What widgets show, front to back: region, clip, rows."""
        return self._renders_of_parts() if self._parts else super()._get_renders(crop)

    def _renders_of_parts(self) -> Iterator[tuple[Region, Region, list[Strip]]]:
        """The rows of each widget from the first to the last that is in a part and behind no other widget."""
        front: list[Region] = []
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            parts = [part for each in self._parts if (part := seen.intersection(each))]
            parts = [part for part in parts if not any(other.contains_region(part) for other in front)]
            if not parts:
                continue
            front.append(seen)
            top, bottom = min(part.y for part in parts), max(part.bottom for part in parts)
            rows = Region(seen.x, top, seen.width, bottom - top)
            yield rows, rows, widget.render_lines(rows.translate((-region.x, -region.y)))


class QuietScreen(Screen[None]):
    """A screen of which frames are made when somebody sees them: what a hidden one would draw is drawn again later.

    Where the focus goes, widgets and edges tell by themselves; Textual draws all of the screen for it, once more.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, classes=classes)
        self._compositor = DirtyParts()

    def _compositor_refresh(self) -> None:
        """Make a frame, unless the app is hidden."""
        app = self.app
        if isinstance(app, QuietApp) and app.hidden:
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

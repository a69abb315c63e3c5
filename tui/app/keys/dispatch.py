"""From a key or an action's id to the method that does it: inside out, from where one is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from tui.app.keys.actions import Action
from tui.app.keys.handlers import Handler, Handlers


class Place(Protocol):
    """Where actions are done."""

    def handlers(self) -> Handlers:
        """What is done there, by the action's id."""


class Places(Protocol):
    """The places of a screen."""

    @property
    def where(self) -> str:
        """The place that has the keys, as the table calls it."""

    def inside_out(self) -> Iterable[Place]:
        """The place that has the keys; then what everybody is asked for, that of the screen first."""


class Dispatch:
    """Runs actions."""

    def __init__(self, table: Iterable[Action], places: Places, screen: Handlers) -> None:
        self.table = tuple(table)
        self.places = places
        self.screen = screen  # what the screen itself does

    def press(self, key: str) -> None:
        """Run what the key means here: an action of this place goes before one of everywhere."""
        where = self.places.where
        found = [action for action in self.table if key in action.keys]
        found.sort(key=lambda action: action.where != where)
        if found:
            self.do(found[0].id)

    def do(self, action_id: str) -> None:
        """Run an action: by the place that has the keys, else by the screen, else by whoever else can."""
        for handler in self._handlers(action_id):
            if handler() is not False:  # False: there was nothing to do here, ask further out
                return

    def do_outside(self, action_id: str) -> None:
        """Run an action that a place handed on: the screen is asked first."""
        if action_id in self.screen:
            self.screen[action_id]()
        else:
            self.do(action_id)

    def _handlers(self, action_id: str) -> Iterator[Handler]:
        places = iter(self.places.inside_out())  # one by one: a log is made for who asks as far as that
        here = next(places).handlers().get(action_id)
        if here is not None:
            yield here
        if action_id in self.screen:
            yield self.screen[action_id]
            return
        for place in places:
            found = place.handlers().get(action_id)
            if found is not None:
                yield found
                return

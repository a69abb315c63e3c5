"""The last line: the keys that matter where one is. As many as fit whole; the way to all of them always."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.keys.actions import Action, key_word
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import width_of
from tui.app.shell.messages import ActionRequested

LAST = 99  # rank of what always stays: the way to all keys


@dataclass(frozen=True, slots=True)
class FooterFacts:
    """What there is to do things with: keys that would do nothing are not offered."""

    marked: int = 0  # functions
    busy: bool = True  # whether something builds
    comparable: bool = True  # whether there is an earlier build to compare with


EVERYTHING: Final = FooterFacts()


def footer_actions(actions: Iterable[Action], where: str, facts: FooterFacts = EVERYTHING) -> list[Action]:
    """The actions that the footer offers in that place, most wanted first."""
    idle = {"cancel": not facts.busy, "diff": not facts.comparable}
    here = [a for a in actions if a.footer and a.where in ("anywhere", where) and not idle.get(a.id)]
    if facts.marked:
        here = [replace(a, label=f"{a.label} {facts.marked:,}") if a.id == "build" else a for a in here]
    # A place's own actions come before those of everywhere, and "all keys" comes last.
    return sorted(here, key=lambda a: (a.footer >= LAST, a.where == "anywhere" and where not in ("list", ""), a.footer))


def footer_line(actions: Sequence[Action], glyphs: Glyphs, width: int) -> tuple[Line, list[tuple[int, int, str]]]:
    """The keys that fit in `width` cells, none of them cut, and which cells belong to which action."""
    drawn = [(action.id, _entry(action, glyphs)) for action in actions]
    kept = drawn[-1:] if drawn and actions[-1].footer >= LAST else []
    rest = drawn[: len(drawn) - len(kept)]
    room = width - 1 - sum(width_of(entry) for _, entry in kept)
    shown = []
    for action_id, entry in rest:
        room -= width_of(entry)
        if room < 0:
            break
        shown.append((action_id, entry))
    line: list[Part] = [Part(" ")]
    places = []
    for action_id, entry in [*shown, *kept]:
        start = width_of(line)
        line.extend(entry)
        places.append((start, width_of(line) - 2, action_id))
    return tuple(line), places


def _entry(action: Action, glyphs: Glyphs) -> Line:
    return (Part(key_word(action.keys[0], glyphs.ascii), "key"), Part(f" {action.label}  ", "muted"))


class Footer(Widget):
    """The line of keys; a click on one runs its action."""

    DEFAULT_CSS = """
    Footer { height: 1; dock: bottom; background: $footer-background; }
    """
    ALLOW_SELECT = False

    def __init__(self, glyphs: Glyphs, actions: Sequence[Action]) -> None:
        super().__init__(id="footer")
        self.glyphs = glyphs
        self.all_actions = tuple(actions)
        self.where = "list"
        self.facts = FooterFacts(busy=False, comparable=False)
        self._places: list[tuple[int, int, str]] = []

    def show(self, where: str, facts: FooterFacts) -> None:
        """Show the keys of that place ("list", "log", ...) that do something now."""
        if (where, facts) != (self.where, self.facts):
            self.where, self.facts = where, facts
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (one line)
        """The line."""
        width = self.size.width
        line, self._places = footer_line(footer_actions(self.all_actions, self.where, self.facts), self.glyphs, width)
        return strip_of(self, line, width, self.visual_style, self.glyphs["ellipsis"])

    def on_click(self, event: events.Click) -> None:
        """Run the action under the mouse."""
        for start, end, action_id in self._places:
            if start <= event.x < end:
                self.post_message(ActionRequested(action_id))
                return

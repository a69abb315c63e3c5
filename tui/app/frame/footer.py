"""The last line: the keys that matter where one is, and at its right end what was said last, for a while.

As many keys as fit whole; the way to all of them always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from textual import events
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.app.colours.roles import Line, Part
from tui.app.keys.actions import Action, key_word
from tui.app.messages import ActionRequested
from tui.app.notices import SECONDS, Said
from tui.app.rows.draw import strip_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import cut, fit, pad, width_of
from tui.facts import Fact

MESSAGES: Final = "messages"  # the action that shows all that was said
QUIT: Final = "quit"
LAST = 99  # rank of what always stays: the way to all keys


class FooterFacts(Fact):
    """What there is to do things with: keys that would do nothing are not offered."""

    marked: int = 0  # functions
    busy: bool = True  # whether something builds
    comparable: bool = True  # whether there is an earlier build to compare with
    typing: bool = False  # whether letters are text where one is
    leads_back: bool = True  # whether there is a filter, a pane or marks to leave
    following: bool = False  # whether the log follows its end: its key then holds it


EVERYTHING: Final = FooterFacts()


def footer_actions(actions: Iterable[Action], where: str, facts: FooterFacts = EVERYTHING) -> list[Action]:
    """The actions that the footer offers in that place, most wanted first."""
    idle = {"cancel": not facts.busy, "diff": not facts.comparable, "back": not facts.leads_back}
    ranks = {} if facts.typing else _HERE.get(where, {})
    if where != "list" or facts.typing:
        ranks = {"back": _BACK, **ranks}
    here = [a for a in actions if a.where in ("anywhere", where) and (a.footer or a.id in ranks) and not idle.get(a.id)]
    if facts.typing:
        untyped = ((a, tuple(key for key in a.keys if not is_typed(key))) for a in here)
        here = [a._replace(keys=keys) for a, keys in untyped if keys]
    if facts.marked:
        here = [a._replace(label=f"{a.label} {facts.marked:,}") if a.id == "build" else a for a in here]
    if facts.following:
        here = [a._replace(label="Hold") if a.id == "log-follow" else a for a in here]

    def rank(action: Action) -> tuple[bool, bool, int]:
        """A place's own actions come before those of everywhere, and "all keys" comes last."""
        elsewhere = action.where == "anywhere" and action.id not in ranks and where not in ("list", "")
        return (action.footer >= LAST, elsewhere, ranks.get(action.id, action.footer))

    return sorted(here, key=rank)


# Of the actions of everywhere, what a place puts first: on an error what leads on, and behind a pane's first keys the
# way back.
_HERE: Final[Mapping[str, Mapping[str, int]]] = {"errors": {"open": 1, "next-error": 2}}
_BACK: Final = 3


def is_typed(key: str) -> bool:
    """Whether a key types a character, where one types."""
    return (len(key_word(key)) == 1 and key not in _MOVES) or key == "space"


_MOVES: Final = frozenset({"up", "down", "left", "right"})


def footer_line(actions: Sequence[Action], glyphs: Glyphs, width: int) -> tuple[Line, list[tuple[int, int, str]]]:
    """The keys that fit in `width` cells, none of them cut, and which cells belong to which action. The way out stands
    last, as everywhere.
    """
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
    out = [one for one in shown if one[0] == QUIT]
    for action_id, entry in [*(one for one in shown if one[0] != QUIT), *kept, *out]:
        start = width_of(line)
        line.extend(entry)
        places.append((start, width_of(line) - 2, action_id))
    return tuple(line), places


def _entry(action: Action, glyphs: Glyphs) -> Line:
    return (Part(key_word(action.keys[0], glyphs.ascii), "key"), Part(f" {action.label}  ", "muted"))


_SAID: Final = {"information": ("", "accent"), "warning": ("warn", "warn"), "error": ("error", "error")}
_GAP: Final = 2  # cells between keys and message


def said_line(said: Said | None, glyphs: Glyphs, width: int, key: str = "") -> Line:
    """What was said, in at most `width` cells; where it is cut, `key` shows the whole of it."""
    if said is None or width <= 0:
        return ()
    sign, role = _SAID[said.severity]
    lead, text = Part(f"{glyphs[sign]} " if sign else "", role), glyphs.text(said.first)
    line = (lead, Part(text, role), Part(" "))
    if width_of(line) <= width and len(said.lines) == 1:
        return line
    whole = (Part(f" {key} ", "key"),) if key else ()
    room = max(width - width_of((lead, *whole)), 1)
    # A path stands first, what is wrong in it last.
    return fit((lead, Part(cut(text, room, glyphs["ellipsis"], middle=True), role), *whole), width, glyphs["ellipsis"])


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
        self.said: Said | None = None
        self._until: Timer | None = None
        self._places: list[tuple[int, int, str]] = []

    def say(self, said: Said) -> None:
        """Show a sentence for a while, in the place of one before it."""
        if self._until is not None:
            self._until.stop()
        self.said, self._until = said, self.set_timer(SECONDS[said.severity], self.hush)
        self.refresh()

    def hush(self) -> None:
        """It was read by now."""
        self.said, self._until = None, None
        self.refresh()

    def show(self, where: str, facts: FooterFacts) -> None:
        """Show the keys of that place ("list", "log", ...) that do something now."""
        if (where, facts) != (self.where, self.facts):
            self.where, self.facts = where, facts
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 (one line)
        """The line."""
        line = self.line(self.size.width, covered=not self.screen.is_active)
        return strip_of(self, line, self.size.width, self.visual_style, self.glyphs["ellipsis"])

    def line(self, width: int, *, covered: bool = False) -> Line:
        """Keys to the left, what was said to the right: that goes before all keys but the way to all of them.

        `covered`: a dialog lies over the screen, and has keys of its own; these would do nothing.
        """
        actions = footer_actions(self.all_actions, self.where, self.facts) if not covered else []
        least = width_of(footer_line(actions[-1:], self.glyphs, width)[0]) if actions else 0
        history = next((a for a in self.all_actions if a.id == MESSAGES and a.keys), None)
        key = key_word(history.keys[0], self.glyphs.ascii) if history is not None else ""
        said = said_line(self.said, self.glyphs, width - least - _GAP, key)
        keys, self._places = footer_line(actions, self.glyphs, width - width_of(said) - (_GAP if said else 0))
        if not said:
            return keys
        start = width - width_of(said)
        self._places.append((start, width, MESSAGES))
        return (*pad(keys, start), *said)

    def on_click(self, event: events.Click) -> None:
        """Run the action under the mouse."""
        for start, end, action_id in self._places:
            if start <= event.x < end:
                self.post_message(ActionRequested(action_id))
                return

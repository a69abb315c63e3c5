"""A person's own keys: read from the settings, held against the action table. What is wrong is said, defaults stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from tui.app.keys.actions import ACTIONS, Action, key_word, with_keys
from tui.facts import Fact
from tui.text import printable

_MODIFIERS: Final = frozenset({"ctrl", "alt", "shift", "super", "meta", "hyper"})
_NAMED: Final = frozenset(
    {
        *("enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end", "pageup", "pagedown"),
        *("up", "down", "left", "right"),
        *(f"f{number}" for number in range(1, 25)),
    }
)
# Names that people write, and what Textual calls them.
_SPELLINGS: Final[Mapping[str, str]] = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "control": "ctrl",
    "option": "alt",
    "cmd": "super",
}


class Keymap(Fact):
    """The actions with the keys that hold, and one sentence for each thing in the settings that was not taken."""

    actions: tuple[Action, ...]
    problems: tuple[str, ...] = ()

    @property
    def changed(self) -> dict[str, tuple[str, ...]]:
        """The keys of those actions whose keys are not the defaults."""
        defaults = {action.id: action.keys for action in ACTIONS}
        return {a.id: a.keys for a in self.actions if a.keys != defaults.get(a.id)}


class Problems:
    """What was not taken, each with the place where it is written."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self.said: list[str] = []
        self._places = places

    def add(self, action_id: str, words: str) -> None:
        """One sentence about the keys of an action."""
        place = self._places.get(action_id, "")
        self.said.append(f"{f'{printable(place)}: ' if place else ''}keys: {words}")


def parse_key(written: str) -> str | None:
    """Textual's name of a key as a person writes it (`?`, `ctrl+p`, `F5`, `shift+up`), or None if it is no key."""
    text = written.strip() or ("space" if written == " " else "")
    if len(text) == 1:
        return _character(text)
    head, _, last = text.rpartition("+")
    if text.endswith("++"):
        head, last = text[:-2], "+"
    modifiers = [_SPELLINGS.get(part.lower(), part.lower()) for part in head.split("+")] if head else []
    if not set(modifiers) <= _MODIFIERS:
        return None
    if "ctrl" in modifiers:
        last = last.lower()  # a terminal tells ctrl+p and ctrl+P not apart
    key = _character(last) if len(last) == 1 else _named(last)
    return "+".join([*modifiers, key]) if key else None


def _character(character: str) -> str | None:
    from textual.keys import _character_to_key

    return _character_to_key(character) if character.isprintable() else None


def _named(word: str) -> str | None:
    name = _SPELLINGS.get(word.lower(), word.lower())
    if name in _NAMED:
        return name
    # Textual's own names of characters ("question_mark") are taken as they are.
    return name if any(name in action.keys for action in ACTIONS) else None


def _clash(action: Action, key: str, actions: Iterable[Action]) -> Action | None:
    """Another action that the same key would reach from the same place."""
    for other in actions:
        same_place = other.where == action.where or "anywhere" in (other.where, action.where)
        if other.id != action.id and same_place and key in other.keys:
            return other
    return None


def read_keymap(wanted: Mapping[str, Sequence[str] | str], places: Mapping[str, str] = MappingProxyType({})) -> Keymap:
    """The action table with a person's keys, from settings such as `{"build": "f5", "quit": ["q", "ctrl+q"]}`.

    `places` tells where each of them is written, by action id: a problem begins with it.

    An unknown id, a key that is none, and a key that another action has are each a problem; that action keeps its
    default keys. Swapping two actions' keys is fine: clashes are judged on the whole.
    """
    problems = Problems(places)
    parsed: dict[str, tuple[str, ...]] = {}
    known = {action.id for action in ACTIONS}
    for action_id, written in wanted.items():
        keys = _parse_keys(action_id, written, known, problems)
        if keys is not None:
            parsed[action_id] = keys
    return _without_clashes(parsed, problems)


def _parse_keys(
    action_id: str, written: Sequence[str] | str, known: set[str], problems: Problems
) -> tuple[str, ...] | None:
    if action_id not in known:
        problems.add(action_id, f"there is no action {printable(action_id, 40)!r}{_nearest(action_id, known)}")
        return None
    spelled = [written] if isinstance(written, str) else list(written)
    keys = [(one, parse_key(one)) for one in spelled]
    bad = [one for one, key in keys if key is None]
    if bad or not keys:
        what = f"{printable(bad[0], 20)!r} is no key" if bad else "no key is given"
        problems.add(action_id, f"{action_id}: {what}; the default stays")
        return None
    return tuple(key for _, key in keys if key is not None)


def _nearest(action_id: str, known: set[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(action_id, sorted(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _without_clashes(parsed: dict[str, tuple[str, ...]], problems: Problems) -> Keymap:
    """Take back remapped actions until no key reaches two actions."""
    while True:
        actions = with_keys(parsed)
        for action in actions:
            if action.id not in parsed:
                continue
            clash = next(((key, other) for key in action.keys if (other := _clash(action, key, actions))), None)
            if clash:
                key, other = clash
                words = f"{key_word(key)} of {action.id} is that of {other.id} too; the default stays"
                problems.add(action.id, words)
                del parsed[action.id]
                break
        else:
            return Keymap(actions, tuple(problems.said))

"""Which keys mean something else under another keymap: shown before a workspace may change them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui.app.keys.actions import Action, Where, key_word
from tui.app.keys.keymap import Keymap


@dataclass(frozen=True, slots=True)
class Moved:
    """One key: what it does now, and what it would do. None: nothing."""

    key: str  # Textual's name
    where: Where
    was: Action | None
    becomes: Action | None

    def words(self, ascii_only: bool = False) -> tuple[str, str]:
        """`j` and `down; would be: quit`."""
        was, becomes = (action.help if action is not None else "nothing" for action in (self.was, self.becomes))
        place = "" if self.where == "anywhere" else f" (in the {self.where})"
        return key_word(self.key, ascii_only) + place, f"now: {was}; then: {becomes}"


def moved_keys(before: Keymap, after: Keymap) -> tuple[Moved, ...]:
    """Each key that does not mean the same, in the order of the action table."""
    old, new = _by_key(before.actions), _by_key(after.actions)
    return tuple(
        Moved(key, where, old.get((where, key)), new.get((where, key)))
        for where, key in dict.fromkeys((*old, *new))
        if _id(old.get((where, key))) != _id(new.get((where, key)))
    )


def _by_key(actions: Iterable[Action]) -> dict[tuple[Where, str], Action]:
    return {(action.where, key): action for action in actions for key in action.keys}


def _id(action: Action | None) -> str | None:
    return action.id if action is not None else None

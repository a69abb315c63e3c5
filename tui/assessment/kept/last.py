"""The last known state of every function of a workspace: shown at once, unconfirmed, while the disk is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui.lines.states import STATES, State
from tui.settings.store.files import default_store
from tui.settings.store.store import Document, Table

States = Mapping[str, State]  # by path
PASSING: Final[frozenset[State]] = frozenset({"reading", "building", "queued"})  # of the session, not of the disk


def last_states(workspace: Path) -> States:
    """What the last fn-tui that looked at a workspace left. What cannot be read is nothing."""
    return default_store().read(LAST, str(workspace.absolute())).value or {}


def keep_states(workspace: Path, states: States) -> str | None:
    """Leave the states for the next; the sentence of what went wrong. It costs a look only."""
    return default_store().write(LAST, str(workspace.absolute()), lasting(states))


def lasting(states: States) -> States:
    """Those of the states that the next fn-tui is told."""
    return {path: state for path, state in states.items() if state not in PASSING}


def _encoded(states: States) -> Document:
    """The paths by state: a tenth less to write, and to read before the first frame."""
    return {state: [path for path, its in states.items() if its == state] for state in dict.fromkeys(states.values())}


def _decoded(document: Document) -> States | None:
    found: dict[str, State] = {}
    for state in STATES:
        paths = document.get(state, [])
        if not isinstance(paths, list) or (paths and state in PASSING):
            return None
        found.update(dict.fromkeys([path for path in paths if isinstance(path, str)], state))
    return found


LAST: Final = Table(
    "last", 1, _encoded, _decoded, "the last known states of functions", most_bytes=2 << 20, most_entries=50
)

"""What fn-tui remembers between runs: sizes, theme, the function last looked at. Its loss costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tui.settings.store.files import default_store
from tui.settings.store.model import ONE, Document, Store, Table

WORKSPACES_KEPT: Final = 200


@dataclass(frozen=True, slots=True)
class State:
    """What was remembered. Sizes are in the unit of the pane that remembers them."""

    theme: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)  # pane -> size
    last: Mapping[str, str] = field(default_factory=dict)  # absolute workspace -> path of the function, oldest first

    def with_last(self, workspace: Path, path: str) -> State:
        """The same, with `path` as the function last looked at there; the oldest workspaces are forgotten."""
        key = str(workspace.absolute())
        others = [(known, value) for known, value in self.last.items() if known != key]
        return replace(self, last=dict([*others, (key, path)][-WORKSPACES_KEPT:]))

    def last_function(self, workspace: Path) -> str | None:
        """The path of the function last looked at in that workspace."""
        return self.last.get(str(workspace.absolute()))

    def with_size(self, pane: str, size: int) -> State:
        """The same, with another size of one pane."""
        return replace(self, sizes={**self.sizes, pane: size})


def load_state(store: Store | None = None) -> tuple[State, str | None]:
    """What was remembered, and a sentence where it could not be read (then it is the empty State). Never raises."""
    found = (store or default_store()).read(STATES, ONE)
    if found.value is not None or found.problem is None:
        return found.value or State(), None
    return State(), f"{found.problem}: starting without what was remembered"


def save_state(state: State, store: Store | None = None) -> str | None:
    """Replace what is remembered, whole or not at all. A sentence where that was not possible, else None."""
    problem = (store or default_store()).write(STATES, ONE, state)
    return None if problem is None else f"{problem}: sizes and theme will not be remembered"


def _document(state: State) -> Document:
    return {"theme": state.theme, "sizes": dict(state.sizes), "last": dict(state.last)}


def _state(document: Document) -> State:
    """The state in a document, entries of a wrong type left out."""
    theme, sizes, last = (document.get(name) for name in ("theme", "sizes", "last"))
    return State(
        theme=theme if isinstance(theme, str) else "",
        sizes={k: v for k, v in _items(sizes) if isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= 10_000},
        last={k: v for k, v in _items(last) if isinstance(v, str)},
    )


def _items(value: object) -> list[tuple[str, object]]:
    return list(value.items()) if isinstance(value, dict) else []


STATES: Final[Table[State]] = Table(
    name="state",
    durable=True,
    version=1,
    encode=_document,
    decode=_state,
    what="the state",
    home="state",
    most_bytes=1_000_000,
    unversioned=1,
)

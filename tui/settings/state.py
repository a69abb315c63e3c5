"""What fn-tui remembers between runs: the theme; and of each workspace its sizes, compiler, function last looked at.

Its loss costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tui.facts import Fact
from tui.settings.store.files import default_store
from tui.settings.store.store import ONE, Document, Store, Table

WORKSPACES_KEPT: Final = 200
FOLDED_KEPT: Final = 60  # folders of a workspace: with those of all others it stays a small file
_NO_SIZES: Final[Mapping[str, int]] = {}
_NO_WORKSPACES: Final[Mapping[str, Remembered]] = {}


class Remembered(Fact):
    """What is remembered of one workspace. Sizes are in the unit of the pane that remembers them."""

    last: str | None = None  # path of the function last looked at
    sizes: Mapping[str, int] = _NO_SIZES  # pane -> size
    compiler: str | None = None  # what a person chose on screen
    instead_of: str | None = None  # what the settings said then: where they say something else now, they hold
    sort: str | None = None  # the order of the list
    flat: bool = False  # whether it is without folders
    folded: tuple[str, ...] = ()  # folders that are folded


class State(Fact):
    """What was remembered."""

    theme: str = ""
    workspaces: Mapping[str, Remembered] = _NO_WORKSPACES  # by absolute path, oldest first

    def of(self, workspace: Path) -> Remembered:
        """What is remembered of a workspace."""
        return self.workspaces.get(str(workspace.absolute()), Remembered())

    def changed(self, workspace: Path, remembered: Remembered) -> State:
        """The same, with this about a workspace; the oldest ones are forgotten."""
        key = str(workspace.absolute())
        others = [(known, value) for known, value in self.workspaces.items() if known != key]
        return self._replace(workspaces=dict([*others, (key, remembered)][-WORKSPACES_KEPT:]))

    def recent(self, workspace: Path) -> Iterator[Path]:
        """The other workspaces, that opened last first."""
        here = str(workspace.absolute())
        return (Path(path) for path in reversed(list(self.workspaces)) if path != here)

    def with_changes(self, before: State, after: State) -> State:
        """The same, with what became another between those two: another fn-tui may have written the rest meanwhile."""
        kept = self if after.theme == before.theme else self._replace(theme=after.theme)
        for path, known in after.workspaces.items():
            if known != before.workspaces.get(path):
                kept = kept.changed(Path(path), known)
        if (
            after.latest is not None and after.latest != before.latest
        ):  # nothing there is another, but that it was opened
            kept = kept.changed(Path(after.latest), kept.workspaces.get(after.latest, Remembered()))
        return kept

    @property
    def latest(self) -> str | None:
        """The workspace that was opened last."""
        return next(reversed(list(self.workspaces)), None)

    def with_last(self, workspace: Path, path: str) -> State:
        """The same, with `path` as the function last looked at there."""
        return self.changed(workspace, self.of(workspace)._replace(last=path))

    def with_sizes(self, workspace: Path, sizes: Mapping[str, int]) -> State:
        """The same, with the sizes of the panes there."""
        return self.changed(workspace, self.of(workspace)._replace(sizes=dict(sizes)))

    def with_list(self, workspace: Path, sort: str, flat: bool, folded: Iterable[str]) -> State:
        """The same, with how the list is arranged there."""
        kept = tuple(sorted(folded))[:FOLDED_KEPT]
        return self.changed(workspace, self.of(workspace)._replace(sort=sort, flat=flat, folded=kept))

    def with_compiler(self, workspace: Path, chosen: str, settings: str) -> State:
        """The same, with the compiler chosen there over that of the settings; what they say themselves is not kept."""
        kept = chosen if chosen != settings else None
        over = settings if kept is not None else None
        return self.changed(workspace, self.of(workspace)._replace(compiler=kept, instead_of=over))

    def compiler(self, workspace: Path, settings: str) -> str:
        """The compiler to use there: what was chosen, as long as the settings say what they said then."""
        known = self.of(workspace)
        return known.compiler if known.compiler is not None and known.instead_of == settings else settings


def load_state(store: Store | None = None) -> tuple[State, str | None]:
    """What was remembered, and a sentence where it could not be read (then it is the empty State). Never raises."""
    found = (store or default_store()).read(STATES, ONE)
    if found.value is not None or found.problem is None:
        return found.value or State(), None
    return State(), f"{found.problem}: starting without what was remembered"


def save_state(state: State, before: State | None = None, store: Store | None = None) -> str | None:
    """Keep what `state` has and `before`, which was read, had not. A sentence where that was not possible, or None."""

    def changed(known: State | None) -> State:
        return (known or State()).with_changes(before or State(), state)

    problem = (store or default_store()).update(STATES, ONE, changed)
    return None if problem is None else f"{problem}: sizes and theme will not be remembered"


def _document(state: State) -> Document:
    return {"theme": state.theme, "workspaces": {path: _entry(known) for path, known in state.workspaces.items()}}


def _entry(known: Remembered) -> Document:
    entry = {
        "last": known.last,
        "sizes": dict(known.sizes),
        "compiler": known.compiler,
        "over": known.instead_of,
        "sort": known.sort,
        "flat": known.flat,
        "folded": list(known.folded),
    }
    return {name: value for name, value in entry.items() if value}


def _state(document: Document) -> State:
    """The state in a document, entries of a wrong type left out."""
    theme = document.get("theme")
    known = {path: _remembered(dict(_items(entry))) for path, entry in _items(document.get("workspaces"))}
    # As it was written before each workspace had sizes of its own.
    for path, last in _items(document.get("last")):
        known.setdefault(path, Remembered(last if isinstance(last, str) else None, _sizes(document.get("sizes"))))
    return State(theme if isinstance(theme, str) else "", dict(list(known.items())[-WORKSPACES_KEPT:]))


def _remembered(entry: Mapping[str, object]) -> Remembered:
    names = ("last", "compiler", "over", "sort")
    words = {name: value if isinstance(value := entry.get(name), str) else None for name in names}
    folded = entry.get("folded")
    kept = tuple(key for key in folded if isinstance(key, str))[:FOLDED_KEPT] if isinstance(folded, list) else ()
    return Remembered(
        *(words["last"], _sizes(entry.get("sizes")), words["compiler"], words["over"]),
        sort=words["sort"],
        flat=entry.get("flat") is True,
        folded=kept,
    )


def _sizes(value: object) -> Mapping[str, int]:
    return {k: v for k, v in _items(value) if isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= 10_000}


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

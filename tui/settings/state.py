"""What fn-tui remembers between runs: sizes, theme, the function last looked at. Its loss costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tui.settings import xdg

FILE_NAME: Final = "state.json"
FILE_LIMIT: Final = 1_000_000  # bytes
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


def state_path() -> Path:
    """Where state is kept. It may not exist."""
    return xdg.state_home() / FILE_NAME


def load_state(path: Path | None = None) -> tuple[State, str | None]:
    """What was remembered, and a sentence where it could not be read (then it is the empty State). Never raises."""
    path = path or state_path()
    try:
        with path.open("rb") as file:
            source = file.read(FILE_LIMIT + 1)
    except FileNotFoundError:
        return State(), None
    except OSError as error:
        return State(), f"{path} cannot be read ({error.strerror or error}): starting without what was remembered"
    state = _decode(source) if len(source) <= FILE_LIMIT else None
    if state is None:
        return State(), f"{path} is damaged: starting without what was remembered"
    return state, None


def save_state(state: State, path: Path | None = None) -> str | None:
    """Replace the file at once, whole or not at all. A sentence where that was not possible, else None."""
    import json

    from tui.files import replace_file

    path = path or state_path()
    text = json.dumps({"theme": state.theme, "sizes": dict(state.sizes), "last": dict(state.last)}, indent=1)
    problem = replace_file(path, text.encode())
    return f"{problem}: sizes and theme will not be remembered" if problem is not None else None


def _decode(source: bytes) -> State | None:
    """The state in a file, entries of a wrong type left out; None where it is no state at all."""
    import json

    try:
        document = json.loads(source)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    theme, sizes, last = (document.get(name) for name in ("theme", "sizes", "last"))
    return State(
        theme=theme if isinstance(theme, str) else "",
        sizes={k: v for k, v in _items(sizes) if isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= 10_000},
        last={k: v for k, v in _items(last) if isinstance(v, str)},
    )


def _items(value: object) -> list[tuple[str, object]]:
    return list(value.items()) if isinstance(value, dict) else []

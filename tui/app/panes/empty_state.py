"""What stands on the screen where there are no functions: what was looked for, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from tui.app.colours.roles import Line, Part, content
from tui.app.rows.glyphs import Glyphs
from tui.text import printable

if TYPE_CHECKING:
    from tui.workspace.function import FindProblem

_DOES: Final = {
    "new": "make one here: function.yaml, function.go and go.mod that build as they are",
    "refresh": "look again",
    "help": "all keys",
    "quit": "quit",
}


def empty_lines(workspace: str, problems: Sequence[FindProblem], searching: bool, glyphs: Glyphs) -> list[Line]:
    """The text, line by line."""
    place = glyphs.text(printable(workspace))
    if searching:
        return [(Part("Looking for functions in ", "muted"), Part(place, "strong"))]
    whole = next((problem.message for problem in problems if problem.path == "."), None)
    if whole is not None:
        return _unreadable(place, glyphs.text(printable(whole, 200)), glyphs)
    lines: list[Line] = [
        (Part("No functions here", "title"),),
        (),
        (
            Part("A function is a folder with "),
            Part("function.yaml", "code"),
            Part(" or "),
            Part("function.go", "code"),
        ),
        (Part("in it. None lies in or below "), Part(place, "strong")),
        (Part("(hidden folders, node_modules and vendor are passed over).", "muted"),),
        (),
        *_keys(glyphs, "new", "refresh", "help", "quit"),
        (),
        (Part("     fn-tui demo", "code"), Part("   opens a workspace with functions to try", "muted")),
    ]
    if problems:
        lines += [
            (),
            *((Part(f"{glyphs['warn']} ", "warn"), Part(_told(problem, glyphs))) for problem in problems[:5]),
        ]
    return lines


def _keys(glyphs: Glyphs, *actions: str) -> Iterator[Line]:
    """What one can do, a line each."""
    words = {action: glyphs.key(action) for action in actions}
    width = max(3, *(len(word) for word in words.values()))
    for action, word in words.items():
        yield (Part(f"{word:>{width}}", "key"), Part(f"  {_DOES[action]}"))


def _told(problem: FindProblem, glyphs: Glyphs) -> str:
    return glyphs.text(printable(f"{problem.path}: {problem.message}", 200))


def _unreadable(place: str, why: str, glyphs: Glyphs) -> list[Line]:
    """The text where the workspace itself is gone, or may not be read. It is looked for again when it comes back."""
    return [
        (Part(f"{glyphs['error']} The workspace cannot be read", "error strong"),),
        (),
        (Part(place, "strong"),),
        (Part(why),),
        (),
        (Part("What was shown of it is gone from the screen, nothing was changed on disk.", "muted"),),
        (Part("It shows again when the folder is back.", "muted"),),
        (),
        *_keys(glyphs, "refresh", "help", "quit"),
    ]


class EmptyState(Container):
    """The text, in the middle."""

    DEFAULT_CSS = """
    EmptyState { height: 1fr; align: center middle; }
    EmptyState > Static { width: auto; max-width: 90%; height: auto; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="empty")
        self.glyphs = glyphs
        self._text = Static(markup=False)

    def compose(self) -> ComposeResult:
        """One text."""
        yield self._text

    def show(self, workspace: str, problems: Sequence[FindProblem], searching: bool) -> None:
        """Say what is so."""
        text = content(empty_lines(workspace, problems, searching, self.glyphs))
        self._text.update(text)

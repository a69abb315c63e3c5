"""What each key of the help does, in each place that shows it: the place, the action, and what is to be seen.

A row holds for every key of its action. Rows of "anywhere" hold in all places: there the screen does it, whoever has
the keys. What a place does itself has a row of its own. Rows are tried in order, each on what the one before left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from textual.widgets import Input, TextArea

from tests.flows.stage import Stage
from tui.app.functions.function_list import FunctionList
from tui.app.log.view import LogView
from tui.app.panes.record_pane import RecordPane
from tui.app.rows.row_list import RowList

# Where the key leads to each place; the function is "billing/chat", in the log and the errors "echo" has built.
PLACES: Final = {
    "list": "0",
    "overview": "1",
    "config": "2",
    "verdict": "3",
    "sections": "4",
    "externs": "5",
    "size": "6",
    "log": "7",
    "errors": "8",
    "run": "9",
}
RECORDS: Final = ("overview", "config", "verdict", "sections", "externs", "size")


@dataclass(frozen=True)
class Sight:
    """What a test looks at before and after a key."""

    text: str
    said: tuple[str, ...]
    place: int  # of the cursor
    top: int  # the first line of the pane that shows
    list_width: int
    log_height: int
    edited: str


Seen = Callable[[Stage, Sight], object]


@dataclass(frozen=True)
class KeyRow:
    """In this place this action leads to what is to be seen; `before` and `after` are keys that lead there and back."""

    where: str
    action: str
    seen: Seen
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def pane(stage: Stage) -> Any:
    """The list that has the keys."""
    focused = stage.app.main.focused
    return focused if isinstance(focused, RowList | LogView) else stage.app.main.boxes.functions


def look(stage: Stage) -> Sight:
    here, plan, told = pane(stage), stage.app.main.boxes.plan, stage.app.bench.options.workspace / "told"
    return Sight(
        stage.text,
        tuple(stage.notices),
        here.steps.cursor.place if isinstance(here, FunctionList) else here.cursor.place,
        here.scroll_offset.y,
        plan.list_width,
        plan.log_height,
        told.read_text() if told.exists() else "",
    )


# -- what is to be seen


def shows(*words: str) -> Seen:
    return lambda stage, _: all(word in stage.text for word in words)


def lacks(*words: str) -> Seen:
    return lambda stage, _: not any(word in stage.text for word in words)


def turns(word: str) -> Seen:
    """It shows where it did not, and does not where it did."""
    return lambda stage, was: (word in stage.text) is not (word in was.text)


def dialog(title: str) -> Seen:
    return lambda stage, _: len(stage.app.screen_stack) == 2 and title in getattr(stage.app.screen, "dialog_title", "")


def says(words: str) -> Seen:
    return lambda stage, was: any(words in said for said in stage.notices[len(was.said) :])


def state(path: str, *states: str) -> Seen:
    return lambda stage, _: stage.state(path) in states


def to(place: str) -> Seen:
    """The keys go there now, and nothing lies over it."""
    return lambda stage, _: stage.app.screen is stage.app.main and stage.app.main.where == place


def edits(name: str) -> Seen:
    """The editor was opened on that file, after what it was opened on before."""
    return lambda stage, was: name in look(stage).edited.removeprefix(was.edited)


def typing(stage: Stage, _: Sight) -> object:
    """What is typed now goes into a filter or a search."""
    here = pane(stage)
    return isinstance(stage.app.focused, Input | TextArea) or (
        isinstance(here, RecordPane) and here.filter.typed.typing
    )


def changes(fact: Callable[[Sight], object]) -> Seen:
    return lambda stage, was: fact(look(stage)) != fact(was)


def open_branches(sight: Sight) -> int:
    return sight.text.count("▾")


def selecting(stage: Stage, _: Sight) -> object:
    return pane(stage).selecting_from is not None


def down(stage: Stage, was: Sight) -> object:
    now = look(stage)
    return (now.place, now.top) > (was.place, was.top)


def up(stage: Stage, was: Sight) -> object:
    now = look(stage)
    return (now.place, now.top) < (was.place, was.top)


def at_top(stage: Stage, was: Sight) -> object:
    now = look(stage)
    return now.top == 0 and now.place <= was.place


def at_bottom(stage: Stage, was: Sight) -> object:
    return pane(stage).scroll_offset.y == pane(stage).max_scroll_y and look(stage).place >= was.place


MOVES: Final = ("cursor-down", "cursor-up", "cursor-bottom", "half-page-up", "cursor-top", "half-page-down")


def moves(where: str) -> Iterator[KeyRow]:
    yield KeyRow(where, "cursor-down", down, ("g",))
    yield KeyRow(where, "cursor-up", up, ("g", "j"))
    yield KeyRow(where, "cursor-bottom", at_bottom, ("g",))
    yield KeyRow(where, "half-page-up", up, ("G",))
    yield KeyRow(where, "cursor-top", at_top, ("G",))
    yield KeyRow(where, "half-page-down", down, ("g",))


def of_record(where: str, before: str, *own: KeyRow) -> Iterator[KeyRow]:
    """What every pane about a function does; `before` is the tab before it."""
    yield from moves(where)
    yield KeyRow(where, "fold", to(before), ("g",))
    yield KeyRow(where, "filter", typing, (), ("escape",))
    yield KeyRow(where, "back", to("list"), (), (PLACES[where],))
    yield from own


# -- the table

SECRET: Final = "swordfish"
LIST: Final = (
    *moves("list"),
    KeyRow("list", "open", to("overview"), ("1", "0", "G"), ("0",)),
    KeyRow("list", "mark", shows("1 marked"), ("G",), ("escape",)),
    KeyRow("list", "mark-range", shows("marked…"), ("g",), ("escape", "escape")),
    KeyRow("list", "mark-others", shows("3 marked"), (), ("escape",)),
    KeyRow("list", "back", lacks("marked"), ("g", "space")),
    KeyRow("list", "sort", lacks("by path"), (), ("o", "o", "o")),
    KeyRow("list", "fold", lacks("digest"), ("g",), ("l",)),
    KeyRow("list", "unfold", shows("digest"), ("g", "h")),
    KeyRow("list", "fold-all", turns("digest"), ("G",), ("Z",)),
    KeyRow("list", "flat", shows("billing/digest"), (), ("grave_accent",)),
    KeyRow("list", "filter", typing, (), ("escape",)),
)
BUILDING: Final = (
    KeyRow("anywhere", "build", state("echo", "building"), ("0", "G"), ("X",)),
    KeyRow("anywhere", "cancel", state("echo", "cancelled"), ("0", "G", "b")),
    KeyRow("anywhere", "build-stale", state("echo", "building"), (), ("X",)),
    KeyRow("anywhere", "build-all", says("building 3 functions"), (), ("X",)),
    KeyRow("anywhere", "cancel-all", says("cancelling"), ("0", "G", "b")),
    KeyRow("anywhere", "watch", says("watching"), (), ("w",)),
    KeyRow("anywhere", "more-jobs", says("at once")),
    KeyRow("anywhere", "fewer-jobs", says("at once")),
    KeyRow("anywhere", "compiler", dialog("Compiler"), (), ("escape",)),
)
LOOKING: Final = (
    KeyRow("anywhere", "edit", edits("function.go"), ("0", "G")),
    KeyRow("anywhere", "copy", says("the stand-in's command"), ("0",)),
    KeyRow("anywhere", "diff", says("no earlier build"), ("0",)),
    KeyRow("anywhere", "next-error", to("errors"), ("0",)),
    KeyRow("anywhere", "previous-error", to("errors"), ("0",)),
    KeyRow("anywhere", "builds", dialog("builds before"), ("0",), ("escape",)),
    KeyRow("anywhere", "refresh", says("reading again from disk")),
    KeyRow("anywhere", "new", dialog("New function"), (), ("escape",)),
    KeyRow("anywhere", "deploy-form", dialog("What deploying would send"), ("0", "g", "j"), ("escape",)),
)
PANES: Final = (
    *(KeyRow("anywhere", f"pane-{where}", to(where)) for where in PLACES),
    KeyRow("anywhere", "tab-before", shows("what deploying sends"), ("3",)),
    KeyRow("anywhere", "tab-after", shows("what deploying sends"), ("1",)),
    KeyRow("anywhere", "next-pane", to("overview"), ("1", "0")),
    KeyRow("anywhere", "previous-pane", to("list"), ("1",)),
    KeyRow("anywhere", "maximise", lacks("Functions ─"), ("1",), ("m",)),
    KeyRow("anywhere", "narrower", changes(lambda sight: sight.list_width), ("0", "greater_than_sign")),
    KeyRow("anywhere", "wider", changes(lambda sight: sight.list_width), ("0",)),
    KeyRow("log", "narrower", changes(lambda sight: sight.log_height), ("greater_than_sign",)),
    KeyRow("log", "wider", changes(lambda sight: sight.log_height)),
)
PROGRAM: Final = (
    KeyRow("anywhere", "mouse", says("the mouse"), (), ("f10",)),
    KeyRow("anywhere", "theme", dialog("Theme"), (), ("escape",)),
    KeyRow("anywhere", "palette", dialog("Actions, functions and workspaces"), (), ("escape",)),
    KeyRow("anywhere", "messages", dialog("Messages"), (), ("escape",)),
    KeyRow("anywhere", "help", dialog("Keys"), (), ("escape",)),
    KeyRow("anywhere", "quit", dialog("Quit?"), ("0", "G", "b"), ("escape", "X")),
)
RECORD_PANES: Final = (
    *of_record(
        "overview",
        "size",
        KeyRow("overview", "unfold", to("config")),
        KeyRow("overview", "open", dialog("to do"), ("g",), ("escape",)),
    ),
    *of_record(
        "config",
        "overview",
        KeyRow("config", "unfold", to("verdict")),
        KeyRow("config", "open", edits("function.yaml"), ("g", "j")),
        KeyRow("config", "reveal", turns(SECRET), ("G",), ("u",)),
    ),
    *of_record(
        "verdict",
        "config",
        KeyRow("verdict", "unfold", to("sections")),
        KeyRow("verdict", "open", dialog("the finding"), ("g",), ("escape",)),
    ),
    *of_record(
        "sections",
        "verdict",
        KeyRow("sections", "unfold", changes(open_branches), ("g",), ("h",)),
        KeyRow("sections", "open", changes(open_branches), ("g",), ("enter",)),
    ),
    *of_record(
        "externs",
        "sections",
        KeyRow("externs", "unfold", to("size"), ("g",)),
        KeyRow("externs", "open", dialog(""), ("g",), ("escape",)),
    ),
    *of_record(
        "size",
        "externs",
        KeyRow("size", "unfold", changes(open_branches), ("g",), ("h",)),
        KeyRow("size", "open", changes(open_branches), ("g",), ("enter",)),
        KeyRow("size", "size-sort", changes(lambda sight: sight.text)),
        KeyRow("size", "size-map", changes(lambda sight: sight.text), (), ("z",)),
    ),
)
TO_LOG: Final = ("0", "G", "7")
LOG: Final = (
    *moves("log"),
    KeyRow("log", "fold", to("run"), (), ("7",)),
    KeyRow("log", "unfold", to("errors"), (), ("7",)),
    KeyRow("log", "log-times", turns("s ┃"), (), ("t",)),
    KeyRow("log", "log-follow", turns("FOLLOW"), (), ("f",)),
    KeyRow("log", "log-only", typing, (), ("escape",)),
    KeyRow("log", "log-select", selecting, ("g",), ("escape",)),
    KeyRow("log", "log-wrap", changes(lambda sight: sight.text), ("g",), ("W",)),
    KeyRow("log", "log-copy-all", says("of the log")),
    KeyRow("log", "log-copy-path", says("the path of the log file")),
    KeyRow("log", "log-save", shows("Save to"), (), ("escape",)),
    KeyRow("log", "copy", says("2 lines"), ("g", "v", "j")),
    KeyRow("log", "open", edits("function.go"), ("G", "k")),
    KeyRow("log", "edit", edits("function.go"), ("G", "k")),
    KeyRow("log", "filter", typing, (), ("escape",)),
    KeyRow("log", "next-error", shows("match 2 of"), ("g", "slash", *"line", "enter")),
    KeyRow("log", "previous-error", shows("match 2 of"), ("n",)),
    KeyRow("log", "back", lacks(" of 40"), ("n",)),
    KeyRow("log", "log-clear", lacks("line 39"), ("G",)),
)
ERRORS: Final = (
    *moves("errors"),
    KeyRow("errors", "open", edits("function.yaml"), ("0", "g", "j", "j", "8")),
    KeyRow("errors", "edit", edits("function.yaml")),
    KeyRow("errors", "fold", to("log"), (), ("8",)),
    KeyRow("errors", "unfold", to("run"), (), ("8",)),
    KeyRow("errors", "filter", typing, (), ("escape", "8")),
    KeyRow("errors", "back", to("list"), (), ("8",)),
)
RUN: Final = (
    *(KeyRow("run", action, lambda stage, _: stage.app.main.where == "run") for action in MOVES),
    KeyRow("run", "fold", to("errors"), (), ("9",)),
    KeyRow("run", "unfold", to("log"), (), ("9",)),
    KeyRow("run", "open", to("run")),
    KeyRow("run", "filter", typing, (), ("escape",)),
    KeyRow("run", "back", to("list"), (), ("9",)),
    KeyRow("run", "run", says("not built")),
    KeyRow("run", "run-send", says("not built")),
    KeyRow("run", "run-build", state("echo", "building")),
    KeyRow("run", "cancel", state("echo", "cancelled")),
    KeyRow("run", "run-input", typing, (), ("escape",)),
    KeyRow("run", "run-recall", says("nothing was sent yet")),
    KeyRow("run", "run-save", says("run it first")),
    KeyRow("run", "run-compare", says("run it twice")),
    KeyRow("run", "diff", says("no earlier build")),
    KeyRow("run", "session-open", says("sessions are for")),
    KeyRow("run", "session-next", says("no other session")),
    KeyRow("run", "session-before", says("no other session")),
)
RUNNING: Final = (
    KeyRow("anywhere", "run", typing, ("0", "G"), ("escape", "escape")),
    KeyRow("anywhere", "test", says("kept calls"), ("0", "G")),
    KeyRow("anywhere", "cluster", dialog("Build on a cluster"), (), ("escape",)),
    KeyRow("anywhere", "gateway-copy", says("the local gateway is off")),
    KeyRow("anywhere", "gateway", lambda stage, _: stage.app.bench.runs.gateway.view.phase != "off", (), ("L",)),
    KeyRow("anywhere", "run-again", says("each build runs again"), (), ("at",)),
)
TABLE: Final = (*LIST, *BUILDING, *LOOKING, *PANES, *PROGRAM, *RECORD_PANES, *LOG, *ERRORS, *RUN, *RUNNING)

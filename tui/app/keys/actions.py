"""The one table of actions: bindings, footer, palette, help screen and the README's key reference come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from tui.facts import Fact

Where = Literal["anywhere", "list", "log", "errors", "config", "size", "run"]
Group = Literal["Move", "Build", "Run", "Look", "Log", "Panes", "Program"]
GROUPS: Final[tuple[Group, ...]] = ("Build", "Run", "Look", "Move", "Log", "Panes", "Program")


class Action(Fact):
    """One thing that a person can ask for. `keys` are Textual's key names; `footer` ranks it (0: not shown)."""

    id: str
    keys: tuple[str, ...]
    label: str  # one or two words: footer and palette
    help: str  # what it does, in one line
    group: Group
    where: Where = "anywhere"
    footer: int = 0


# Adding an action touches this table and the `handlers` of the place that does it. Order is that of the help screen.
ACTIONS: Final[tuple[Action, ...]] = (
    Action("build", ("b",), "Build", "build the marked functions, else this one or this folder", "Build", footer=1),
    Action("run", ("R",), "Run", "run it here: to its input; in the run pane: run it", "Run", footer=1),
    Action(
        "run-send",
        ("ctrl+enter", "ctrl+j"),
        "Run",
        "run with what the input says; in a session: send it as a frame",
        "Run",
        "run",
        1,
    ),
    Action("run-build", ("ctrl+b",), "Build and run", "build it, then run it", "Run", "run", 2),
    Action("run-input", ("i",), "Input", "to the input; esc leaves it", "Run", "run", 3),
    Action("run-recall", ("ctrl+r",), "Recall", "the last inputs, and the calls kept in calls.yaml", "Run", "run", 4),
    Action("run-save", ("S",), "Keep", "keep this call in calls.yaml, and what came of it", "Run", "run", 5),
    Action("run-compare", ("equals_sign",), "Compare", "the last two answers, and what differs", "Run", "run", 6),
    Action("session-open", ("O",), "Session", "open a session of a persistent function, beside others", "Run", "run"),
    Action("session-next", ("full_stop",), "Next session", "the input is for the next session", "Run", "run"),
    Action("session-before", ("comma",), "Session before", "the input is for the session before", "Run", "run"),
    Action("test", ("E",), "Test", "run the kept calls of the marked functions, else of this one", "Run"),
    Action("gateway", ("L",), "Local gateway", "serve all functions here, as the gateway would: on or off", "Run"),
    Action("gateway-copy", ("U",), "Copy address", "copy the local gateway's address", "Run"),
    Action("run-again", ("at",), "Again", "run and test again after each build: on or off", "Run"),
    Action("build-stale", ("B",), "All stale", "build all whose function.wasm is missing or stale", "Build", footer=2),
    Action("build-all", ("A",), "Build all", "build every function", "Build"),
    Action("watch", ("w",), "Watch", "rebuild on save: on or off", "Build", footer=3),
    Action("cancel", ("x",), "Cancel", "cancel the build of this function", "Build", footer=4),
    Action("cancel-all", ("X",), "Cancel all", "cancel every build, running and queued", "Build"),
    Action("more-jobs", ("plus",), "More jobs", "one more build at once", "Build"),
    Action("fewer-jobs", ("minus",), "Fewer jobs", "one build fewer at once", "Build"),
    Action("cluster", ("K",), "Cluster", "build on a Dask cluster, or on this machine again", "Build"),
    Action("compiler", ("c",), "Compiler", "choose TinyGo or stock Go, the stand-in", "Build"),
    Action(
        "edit",
        ("e",),
        "Edit",
        "open the editor at the error, the config or the source of what is marked",
        "Look",
        footer=5,
    ),
    Action("copy", ("y",), "Copy", "copy what the cursor is on", "Look", footer=9),
    Action("diff", ("d",), "Difference", "difference against the build before", "Look", footer=10),
    Action("next-error", ("n",), "Next", "next match in the log, else next error", "Look"),
    Action("previous-error", ("N",), "Previous", "previous match in the log, else previous error", "Look"),
    Action("builds", ("H",), "Builds before", "builds before of this function: their errors and logs", "Look"),
    Action("refresh", ("r",), "Read again", "read the workspace again from disk", "Look"),
    Action("new", ("a",), "New function", "make a new function in this workspace", "Look", footer=11),
    Action("deploy-form", ("D",), "Deploy form", "what deploying would send: form fields and metadata", "Look"),
    Action("reveal", ("u",), "Secrets", "show or hide what is masked", "Look", "config", 1),
    Action("size-sort", ("s",), "Sort", "by own size, by retained size, by name", "Look", "size", 1),
    Action("size-map", ("z",), "Treemap", "show or hide the treemap", "Look", "size", 2),
    Action("filter", ("slash",), "Filter", "filter the list or the pane; in the log: search", "Move", footer=6),
    Action("open", ("enter",), "Open", "into the pane; on an error: the editor, at its place", "Move"),
    Action(
        "back",
        ("escape",),
        "Back",
        "leave the filter, the maximised pane, the pane; then clear the marks",
        "Move",
        footer=7,
    ),
    Action("mark", ("space",), "Mark", "mark this function or folder, to build several", "Move", "list", 8),
    Action("mark-range", ("V",), "Mark range", "mark what the cursor passes from here on", "Move", "list"),
    Action("mark-others", ("asterisk",), "Invert marks", "mark the others", "Move", "list"),
    Action("sort", ("o",), "Sort", "by path, state, size or last build", "Move", "list", 9),
    Action("fold", ("h", "left"), "Fold", "fold, or to the row that this is in; in panes else the tab before", "Move"),
    Action("unfold", ("l", "right"), "Unfold", "unfold, or go into it; in panes else the tab after", "Move"),
    Action("fold-all", ("Z",), "Fold all", "fold every folder, or unfold all", "Move", "list"),
    Action("flat", ("grave_accent",), "Flat list", "a tree of folders, or a flat list", "Move", "list"),
    Action("cursor-down", ("j", "down"), "Down", "down", "Move"),
    Action("cursor-up", ("k", "up"), "Up", "up", "Move"),
    Action("cursor-top", ("g", "home"), "Top", "to the top", "Move"),
    Action("cursor-bottom", ("G", "end"), "Bottom", "to the bottom", "Move"),
    Action("half-page-down", ("ctrl+d",), "Half page down", "half a page down", "Move"),
    Action("half-page-up", ("ctrl+u",), "Half page up", "half a page up", "Move"),
    Action("log-follow", ("f",), "Follow", "follow the end of the log, or hold", "Log", "log", 1),
    Action("log-only", ("ampersand",), "Only matching", "keep only matching lines", "Log", "log", 2),
    Action("log-select", ("v",), "Select", "select lines from here", "Log", "log", 3),
    Action("log-wrap", ("W",), "Wrap", "wrap long lines, or not", "Log", "log", 4),
    Action("log-times", ("t",), "Times", "show when each line came, or not", "Log", "log", 0),
    Action("log-copy-all", ("Y",), "Copy all", "copy the whole log", "Log", "log", 5),
    Action("log-copy-path", ("P",), "Copy path", "copy the path of the log file", "Log", "log", 0),
    Action("log-save", ("S",), "Save", "save the log as text", "Log", "log", 6),
    Action("log-clear", ("C",), "Clear", "clear the lines shown; the file keeps them", "Log", "log", 0),
    Action("pane-list", ("0",), "Functions", "to the list of functions", "Panes"),
    Action("pane-overview", ("1",), "Overview", "to the overview", "Panes"),
    Action("pane-config", ("2",), "Config", "to the config", "Panes"),
    Action("pane-verdict", ("3",), "Verdict", "to the gateway's verdict", "Panes"),
    Action("pane-sections", ("4",), "Sections", "to the module's sections", "Panes"),
    Action("pane-externs", ("5",), "Imports/Exports", "to the module's imports and exports", "Panes"),
    Action("pane-size", ("6",), "Size", "to the sizes by package and function", "Panes"),
    Action("pane-log", ("7",), "Log", "to the log of the last build", "Panes"),
    Action("pane-errors", ("8",), "Errors", "to the errors of all functions", "Panes"),
    Action("pane-run", ("9",), "Run", "to what was run here", "Panes"),
    Action("tab-before", ("left_square_bracket",), "Tab before", "the tab before this one", "Panes"),
    Action("tab-after", ("right_square_bracket",), "Tab after", "the tab after this one", "Panes"),
    Action("next-pane", ("tab",), "Next pane", "next pane", "Panes"),
    Action("previous-pane", ("shift+tab",), "Previous pane", "previous pane", "Panes"),
    Action("maximise", ("m",), "Maximise", "this pane alone, and back", "Panes"),
    Action("narrower", ("less_than_sign",), "Narrower", "make the list narrower; in the log: lower", "Panes"),
    Action("wider", ("greater_than_sign",), "Wider", "make the list wider; in the log: higher", "Panes"),
    Action("mouse", ("f10",), "Mouse", "leave the mouse to the terminal, or take it back", "Program"),
    Action("theme", ("T",), "Theme", "choose the colours", "Program"),
    Action("palette", ("ctrl+p",), "Palette", "every action, function and workspace of before, by name", "Program"),
    Action("messages", ("M",), "Messages", "what was said so far", "Program"),
    Action("help", ("question_mark", "f1"), "Keys", "the keys of where you are", "Program", footer=99),
    Action("quit", ("q", "ctrl+q"), "Quit", "quit; asks only while something builds", "Program", footer=7),
)

# How keys are written for people, where Textual's name is not it.
_KEY_WORDS: Final[Mapping[str, str]] = {
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "question_mark": "?",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "ampersand": "&",
    "asterisk": "*",
    "equals_sign": "=",
    "at": "@",
    "grave_accent": "`",
    "underscore": "_",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "comma": ",",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}
_ASCII_WORDS: Final[Mapping[str, str]] = {"down": "down", "up": "up", "left": "left", "right": "right"}


def key_word(key: str, ascii_only: bool = False) -> str:
    """A key as a person writes it: `?`, `ctrl+p`, `F10`, `↓`."""
    modifier, plus, name = key.rpartition("+")
    word = (_ASCII_WORDS.get(name) if ascii_only else None) or _KEY_WORDS.get(name, name)
    if len(word) > 1 and word[0] == "f" and word[1:].isdigit():
        word = word.upper()
    return f"{modifier}{plus}{word}"


def keys_word(action: Action, ascii_only: bool = False) -> str:
    """All keys of an action, as a person writes them: `j ↓`."""
    return " ".join(key_word(key, ascii_only) for key in action.keys)


def action_by_id(action_id: str, actions: Iterable[Action] = ACTIONS) -> Action | None:
    """The action of that id, or None."""
    return next((action for action in actions if action.id == action_id), None)


def with_keys(remapped: Mapping[str, tuple[str, ...]], actions: tuple[Action, ...] = ACTIONS) -> tuple[Action, ...]:
    """The table with the keys of some actions replaced. Ids that are not in the table are left out."""
    return tuple(a._replace(keys=remapped[a.id]) if a.id in remapped else a for a in actions)


def key_reference(actions: Iterable[Action] = ACTIONS) -> str:
    """The Markdown table of the README's key reference, without a trailing newline."""
    lines = ["| key | action | id for remapping |", "|---|---|---|"]
    listed = list(actions)
    for group in GROUPS:
        for action in (a for a in listed if a.group == group):
            keys = " ".join(f"`{key_word(key)}`" for key in action.keys)
            lines.append(f"| {keys} | {action.help} | `{action.id}` |")
    return "\n".join(lines)

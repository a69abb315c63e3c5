"""A new function: its name and its kind, then the files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.app.colours.roles import Part, style_of
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.dialogs.field import Field
from tui.app.keys.handlers import Handlers
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import pad
from tui.app.rows.row_list import RowHighlighted, RowSelected
from tui.app.rows.table import Row
from tui.text import printable
from tui.workspace.scaffold import (
    KINDS,
    MEMBERSHIPS,
    FunctionKind,
    Membership,
    ModuleAbove,
    ScaffoldError,
    create_function,
    module_above,
    new_files,
)

_WORDS: Final[dict[FunctionKind, str]] = {
    "command": "JSON on stdin, JSON on stdout; a fresh start every call",
    "persistent": "a WebSocket: one instance a connection, memory is kept",
    "reactor": "warmed ahead of time, one call of handle, then gone",
}
_ANY: Final = "name"  # before one is typed


def _order(file: str) -> tuple[bool, str]:
    """What a person opens first stands first."""
    return (file != "function.yaml", file)


class NewFunctionScreen(Dialog[str]):
    """Answers the path of the function that was made, relative to the workspace."""

    DEFAULT_CSS = """
    NewFunctionScreen #dialog { width: 84; }
    NewFunctionScreen DialogRows { margin: 1 0 0 0; }
    NewFunctionScreen #said { height: auto; min-height: 2; margin: 1 0 0 0; }
    NewFunctionScreen.-low DialogRows, NewFunctionScreen.-low #said { margin: 0; }
    """

    def __init__(self, workspace: Path, glyphs: Glyphs, parent: Path | None = None) -> None:
        hints = hint(("open", "makes it"), ("next-pane", "the next field"), ("back", "closes"))
        super().__init__("New function", glyphs, hints)
        self.workspace = workspace
        self.folder = parent or workspace
        self._above = module_above(self.folder / "name")
        self._typed = Field("Name", glyphs, placeholder="name, or folders and name: billing/charge")
        self._kinds = DialogRows(glyphs=glyphs, id="kinds")
        self._modules = DialogRows(glyphs=glyphs, id="modules")
        self._said = Static(id="said", markup=False)

    def body(self) -> list[Widget]:
        """Name, kinds, of whose module where there is one above, and what is said of them."""
        modules = [self._modules] if self._above is not None else []
        return [self._typed, self._kinds, *modules, self._said]

    def handlers(self) -> Handlers:
        """The lists', and making it; letters are for the name while it is typed."""
        turns: Handlers = {"next-pane": self.next_field, "previous-pane": self.field_before}
        return {**super().handlers(), **turns, "open": self.make}

    def next_field(self) -> None:
        """The name, the kinds, and round."""
        self.focus_next()

    def field_before(self) -> None:
        """The same, backwards."""
        self.focus_previous()

    def on_mount(self) -> None:
        """The name first."""
        self._kinds.set_rows(self._options(_WORDS, self._kinds))
        if self._above is not None:
            self._modules.set_rows(self._options(self._memberships(), self._modules))
        self._typed.input.focus()
        self._say()

    def _memberships(self) -> dict[Membership, str]:
        above = self._above or ModuleAbove(self.folder, "")
        return {
            "shared": f"a package of {above.name or above.go_mod}: what lies in it can be imported",
            "own": "a module of its own, with its own go.mod",
        }

    def _options(self, words: Mapping[FunctionKind, str] | Mapping[Membership, str], rows: DialogRows) -> list[Row]:
        """One row each; that which holds has a mark, whether or not its list has the keys."""
        chosen = rows.row.key if rows.row is not None else next(iter(words))
        made = []
        for each, told in words.items():
            mark = Part(f"{self.glyphs['on' if each == chosen else 'off']} ", "accent")
            line = (mark, *pad((Part(each, "strong"),), 12), Part(self.glyphs.text(printable(told)), "muted"))
            made.append(Row(each, lines=(line,)))
        return made

    @property
    def kind(self) -> FunctionKind:
        """The kind that the cursor is on."""
        return KINDS[self._kinds.cursor.place]

    @property
    def module(self) -> Membership | None:
        """Of whose module it is to be; None where there is none above it."""
        return MEMBERSHIPS[self._modules.cursor.place] if self._above is not None else None

    def _say(self, problem: str = "") -> None:
        """What is wrong, or what would be made as things stand."""
        try:
            words = problem or self._promise()
        except ScaffoldError as error:
            problem = words = str(error) if self._typed.input.value else ""
        style = style_of("error" if problem else "muted")
        self._said.update(Content.styled(self.glyphs.text(printable(words, 300)), style))

    def _promise(self) -> str:
        """What would be made. Raises ScaffoldError where nothing would."""
        name = self._typed.input.value
        place = self.folder / (name or _ANY)
        files = new_files(self.folder, name or _ANY, self.kind, self.module)
        try:
            shown = place.relative_to(self.workspace).as_posix()
        except ValueError:
            shown = str(place)
        return f"makes {shown}/: {', '.join(sorted(files, key=_order))}"

    @on(Input.Changed)
    def judge(self) -> None:
        """Say what would come of the name."""
        self._say()

    @on(RowHighlighted)
    def mark(self, message: RowHighlighted) -> None:
        """Mark what holds now, and say what would be made."""
        rows = self._kinds if message.rows is self._kinds else self._modules
        rows.set_rows(self._options(_WORDS if rows is self._kinds else self._memberships(), rows))
        self._say()

    @on(RowSelected)
    def choose(self, message: RowSelected) -> None:
        """A second click, or enter in a list."""
        message.stop()
        self.make()

    @on(Input.Submitted)
    def make(self) -> None:
        """Make the files."""
        if self.answered:
            return
        name = self._typed.input.value
        try:
            create_function(self.folder, name, self.kind, self.module)
        except ScaffoldError as error:
            self._say(str(error))
            self._typed.input.focus()
            return
        self.dismiss((self.folder / name).relative_to(self.workspace).as_posix())

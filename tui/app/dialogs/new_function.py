"""A new function: its name and its kind, then the files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.app.colours.roles import Part, content, style_of
from tui.app.dialogs.choices.choice import ChoiceList
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import pad
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
    path_problem,
)

_WORDS: Final[dict[FunctionKind, str]] = {
    "command": "JSON on stdin, JSON on stdout; a fresh start every call",
    "persistent": "a WebSocket: one instance a connection, memory is kept",
    "reactor": "warmed ahead of time, one call of handle, then gone",
}


class NewFunctionScreen(Dialog[str]):
    """Answers the path of the function that was made, relative to the workspace."""

    DEFAULT_CSS = """
    NewFunctionScreen Input, NewFunctionScreen Input:focus {
        border: none; height: 1; padding: 0 1; background: $boost;
    }
    NewFunctionScreen OptionList, NewFunctionScreen OptionList:focus {
        height: auto; min-width: 6; border: none; padding: 0; margin: 1 0; background: $surface;
    }
    NewFunctionScreen #dialog { width: 84; }
    NewFunctionScreen OptionList > .option-list--option { padding: 0 1; }
    NewFunctionScreen OptionList > .option-list--option-highlighted {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
    NewFunctionScreen #said { height: auto; min-height: 1; }
    """

    def __init__(self, workspace: Path, glyphs: Glyphs, parent: Path | None = None) -> None:
        super().__init__(
            "New function", glyphs, hint(("enter", "makes it"), ("tab", "the other field"), ("esc", "closes"))
        )
        self.workspace = workspace
        self.folder = parent or workspace
        self._above = module_above(self.folder / "name")
        self._typed = Input(placeholder="name, or folders and name: billing/charge", compact=True)
        self._kinds = ChoiceList(*map(self._option, KINDS), markup=False)
        self._modules = ChoiceList(*self._module_options(), markup=False)
        self._said = Static(id="said", markup=False)

    def body(self) -> list[Widget]:
        """Name, kinds, of whose module where there is one above, and what is said of them."""
        modules = [self._modules] if self._above is not None else []
        return [self._typed, self._kinds, *modules, self._said]

    def _module_options(self) -> list[Option]:
        above = self._above or ModuleAbove(self.folder, "")
        words: dict[Membership, str] = {
            "shared": f"a package of {above.name or above.go_mod}: what lies in it can be imported",
            "own": "a module of its own, with its own go.mod",
        }
        lines = [(*pad((Part(each, "strong"),), 12), Part(printable(words[each]), "muted")) for each in MEMBERSHIPS]
        return [Option(content([line])) for line in lines]

    def _option(self, kind: FunctionKind) -> Option:
        line = (*pad((Part(kind, "strong"),), 12), Part(self.glyphs.text(_WORDS[kind]), "muted"))
        return Option(content([line]), id=kind)

    def on_mount(self) -> None:
        """The name first."""
        self._kinds.highlighted = self._modules.highlighted = 0
        self._typed.focus()
        self._say("")

    @property
    def kind(self) -> FunctionKind:
        """The kind that the cursor is on."""
        return KINDS[self._kinds.highlighted or 0]

    @property
    def module(self) -> Membership | None:
        """Of whose module it is to be; None where there is none above it."""
        return MEMBERSHIPS[self._modules.highlighted or 0] if self._above is not None else None

    def _say(self, problem: str) -> None:
        name = self._typed.value
        place = self.folder / (name or "name")
        try:
            shown = place.relative_to(self.workspace).as_posix()
        except ValueError:
            shown = str(place)
        go_mod = "" if self.module == "shared" else ", go.mod"
        words = problem or f"makes {shown}/: function.yaml, function.go{go_mod}"
        style = style_of("error" if problem else "muted")
        self._said.update(Content.styled(self.glyphs.text(printable(words, 300)), style))

    @on(Input.Changed)
    def judge(self, message: Input.Changed) -> None:
        """Say what the deploy tool would say of the name."""
        self._say((path_problem(message.value) or "") if message.value else "")

    @on(OptionList.OptionHighlighted)
    def tell(self) -> None:
        """Say what would be made."""
        self._say((path_problem(self._typed.value) or "") if self._typed.value else "")

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def make(self) -> None:
        """Make the files."""
        if self.answered:
            return
        name = self._typed.value
        try:
            create_function(self.folder, name, self.kind, self.module)
        except ScaffoldError as error:
            self._say(str(error))
            self._typed.focus()
            return
        self.dismiss((self.folder / name).relative_to(self.workspace).as_posix())

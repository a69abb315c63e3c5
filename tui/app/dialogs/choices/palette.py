"""The palette: every action of the table, every function of the workspace and the workspaces before, by name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui.app.desk.store import Store
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen
from tui.app.keys.actions import Action, keys_word
from tui.app.options import shown_folder
from tui.app.rows.glyphs import Glyphs
from tui.lines.states import STATES
from tui.text import printable

# Actions that make no sense when chosen by name: they move the cursor, or lead here.
LEFT_OUT = frozenset(
    ("cursor-down", "cursor-up", "half-page-down", "half-page-up", "palette", "back", "next-pane", "previous-pane")
)


def palette_choices(
    actions: Sequence[Action], store: Store, workspaces: Sequence[Path], glyphs: Glyphs
) -> list[Choice]:
    """Actions first, then workspaces, then functions with their state. Keys: `do:<action id>`, `open:<folder>`,
    `go:<path>`.
    """
    doing = [Choice(f"do:{a.id}", a.label, a.help, keys_word(a, glyphs.ascii)) for a in actions if a.id not in LEFT_OUT]
    going = []
    for record in store:
        sign = STATES[store.state(record.path)]
        name = glyphs.text(printable(record.path, 120))
        going.append(Choice(f"go:{record.path}", name, f"{glyphs.sign(sign)} {sign.word}"))
    names = [(f"open:{folder}", glyphs.text(printable(shown_folder(folder), 120))) for folder in workspaces]
    opening = [Choice(key, name, "open this workspace in place of this one") for key, name in names]
    return doing + opening + going


def palette_screen(actions: Sequence[Action], store: Store, workspaces: Sequence[Path], glyphs: Glyphs) -> ChoiceScreen:
    """The dialog."""
    choices = palette_choices(actions, store, workspaces, glyphs)
    return ChoiceScreen("Actions, functions and workspaces", choices, glyphs)

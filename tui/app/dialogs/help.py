"""The keys, made of the action table: those of where one is first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui.app.colours.roles import Line, Part, content
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.keys.actions import GROUPS, Action, keys_word
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import wrap
from tui.lines.states import STATES

KEY_WIDTH: Final = 14
_TABS: Final = ("config", "size", "errors")  # places whose own keys stand under their name; the log has a group


def help_lines(actions: Sequence[Action], where: str, glyphs: Glyphs, width: int) -> list[Line]:
    """The text in lines of `width` cells: what only holds here, then group by group, then what the signs mean."""
    lines: list[Line] = []
    here = [action for action in actions if action.where == where and where != "anywhere"]
    if here:
        lines += [(Part(f"Here: {where}", "title"),), *_entries(here, glyphs, width), ()]
    for group in GROUPS:
        rest = [a for a in actions if a.group == group and a not in here and a.where not in _TABS]
        if rest:
            lines += [(Part(group, "title"),), *_entries(rest, glyphs, width), ()]
    for place in _TABS:
        own = [action for action in actions if action.where == place and action not in here]
        if own:
            lines += [(Part(f"In {place}", "title"),), *_entries(own, glyphs, width), ()]
    lines.append((Part("Signs", "title"),))
    for sign in STATES.values():
        lines.append((Part(f"{glyphs.sign(sign):<{KEY_WIDTH}}", sign.role), Part(sign.word)))
    return lines


def _entries(actions: Sequence[Action], glyphs: Glyphs, width: int) -> Iterator[Line]:
    for action in actions:
        key = Part(f"{keys_word(action, glyphs.ascii):<{KEY_WIDTH}}", "key")
        yield from wrap((Part(action.help),), width, (key,))


class HelpScreen(Dialog[None]):
    """All keys; scrolls as everything else does."""

    DEFAULT_CSS = """
    HelpScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; background: $surface; }
    HelpScreen #dialog { width: 88; height: 92%; }
    HelpScreen #dialog-body { height: 1fr; }
    HelpScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
        Binding("ctrl+d", "scroll(10)", show=False),
        Binding("ctrl+u", "scroll(-10)", show=False),
        Binding("question_mark,f1,q", "leave", show=False),
    ]

    def __init__(self, actions: Sequence[Action], where: str, glyphs: Glyphs) -> None:
        super().__init__("Keys", glyphs, hint(("esc", "closes"), ("j k", "scroll")))
        self.actions = tuple(actions)
        self.where = where
        self._text = Static(markup=False)
        self._scroll = VerticalScroll(self._text, can_focus=True)

    def body(self) -> list[Widget]:
        """The keys."""
        return [self._scroll]

    def on_resize(self) -> None:
        """Lay the text out for the width."""
        width = min(self.size.width * 96 // 100, 88) - 8
        self._text.update(content(help_lines(self.actions, self.where, self.glyphs, max(width, 20))))

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self._scroll.scroll_relative(y=lines, animate=False)

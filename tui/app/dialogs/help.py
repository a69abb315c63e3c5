"""The keys, made of the action table: those of where one is first, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from tui.app.colours.roles import Line, Part
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.dialogs.field import Field
from tui.app.keys.actions import GROUPS, Action, keys_word
from tui.app.keys.handlers import Handlers
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import pad, wrap
from tui.app.rows.table import Row
from tui.lines.states import STATES

KEY_WIDTH: Final = 14
COLUMN_LEAST: Final = 46  # cells of a column; with fewer there is one column less
COLUMNS_MOST: Final = 3
GAP: Final = 3  # cells between columns
# Places whose own keys stand under their name; the log has a group.
_PLACES: Final = ("list", "config", "size", "errors")
Block = list[Line]  # lines that stay together: a heading and its keys


def help_blocks(actions: Sequence[Action], where: str, glyphs: Glyphs, width: int, needle: str = "") -> list[Block]:
    """The text in lines of `width` cells: what only holds here, then group by group, then what the signs mean.

    `needle`: only keys of which key, label or explanation says all of these words.
    """
    wanted = [action for action in actions if _says(action, needle, glyphs)]
    here = [action for action in wanted if action.where == where and where != "anywhere"]
    rest = [action for action in wanted if action not in here]
    titled = [
        (f"Here: {where}", here),
        *((group, [a for a in rest if a.group == group and a.where not in _PLACES]) for group in GROUPS),
        *((f"In {place}", [a for a in rest if a.where == place]) for place in _PLACES),
    ]
    blocks = [[(Part(title, "title"),), *_entries(found, glyphs, width)] for title, found in titled if found]
    if not needle.strip():
        blocks.append([(Part("Signs", "title"),), *_signs(glyphs)])
    return blocks


def _says(action: Action, needle: str, glyphs: Glyphs) -> bool:
    told = f"{keys_word(action, glyphs.ascii)} {action.label} {action.help}".lower()
    return all(word in told for word in needle.lower().split())


def _signs(glyphs: Glyphs) -> Iterator[Line]:
    for sign in STATES.values():
        yield (Part(f"{glyphs.sign(sign):<{KEY_WIDTH}}", sign.role), Part(sign.word))


def _entries(actions: Sequence[Action], glyphs: Glyphs, width: int) -> Iterator[Line]:
    for action in actions:
        word = keys_word(action, glyphs.ascii)
        if len(word) >= KEY_WIDTH:  # several keys of long names: what they do stands below them
            yield (Part(word, "key"),)
            word = ""
        yield from wrap((Part(action.help),), width, (Part(f"{word:<{KEY_WIDTH}}", "key"),))


def columns_for(width: int) -> int:
    """How many columns there is room for."""
    return max(min((width + GAP) // (COLUMN_LEAST + GAP), COLUMNS_MOST), 1)


def help_lines(actions: Sequence[Action], where: str, glyphs: Glyphs, width: int, needle: str = "") -> list[Line]:
    """All of it in lines of `width` cells, in columns as high as each other, as far as blocks allow."""
    count = columns_for(width)
    column = (width - GAP * (count - 1)) // count
    stacks = _stacked(help_blocks(actions, where, glyphs, column, needle), count)
    height = max((len(stack) for stack in stacks), default=0)
    return [_beside([stack[line] if line < len(stack) else () for stack in stacks], column) for line in range(height)]


def _stacked(blocks: Sequence[Block], count: int) -> list[Block]:
    """The blocks one below the other in `count` stacks, the highest of which is as low as can be."""
    height = max((len(block) for block in blocks), default=0)
    while len(stacks := _filled(blocks, height)) > count:
        height += 1
    return stacks


def _filled(blocks: Sequence[Block], height: int) -> list[Block]:
    """Stacks of at most `height` lines, a blank line between two blocks."""
    stacks: list[Block] = []
    for block in blocks:
        if stacks and len(stacks[-1]) + 1 + len(block) <= height:
            stacks[-1] += [(), *block]
        else:
            stacks.append(list(block))
    return stacks


def _beside(lines: Sequence[Line], column: int) -> Line:
    """Lines of several columns as one."""
    parts: list[Part] = []
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        parts += line if last else pad(line, column + GAP)
    return tuple(parts)


class HelpScreen(Dialog[None]):
    """All keys; it scrolls as everything else does, and is searched."""

    DEFAULT_CSS = """
    HelpScreen #dialog { width: 168; height: auto; max-height: 96%; }
    HelpScreen #dialog-body { height: auto; padding: 0 2; }
    HelpScreen Field { display: none; }
    HelpScreen Field.-open { display: block; }
    """

    def __init__(self, actions: Sequence[Action], where: str, glyphs: Glyphs) -> None:
        super().__init__("Keys", glyphs, hint(("filter", "searches"), ("cursor-down", "scrolls"), ("back", "closes")))
        self.table = tuple(actions)
        self.where = where
        self.needle = ""
        self._field = Field("Search", glyphs, placeholder="a key, or words of what it does")
        self.rows = DialogRows(glyphs=glyphs)

    def body(self) -> list[Widget]:
        """What is searched for, and the keys."""
        return [self._field, self.rows]

    def handlers(self) -> Handlers:
        """Scrolling, searching; the key that opened it closes it."""
        own: Handlers = {"filter": self.ask, "back": self.leave_search, "help": self.action_leave}
        return {**super().handlers(), **own}

    def on_mount(self) -> None:
        """Fill it in."""
        self.rows.fill(self._rows_for)
        self.rows.focus()

    def leave_room(self, rows: int) -> None:
        """Leave room for what stands around the keys: edges, the search, the hints."""
        self.rows.styles.max_height = max(rows * 96 // 100 - 4 - 3 * self._field.has_class("-open"), 2)

    def _rows_for(self, width: int) -> list[Row]:
        lines = help_lines(self.table, self.where, self.glyphs, width, self.needle)
        if not lines:
            lines = [(Part("no key does that", "muted"),)]
        return [Row(str(number), lines=(line,), selectable=False) for number, line in enumerate(lines)]

    def ask(self) -> None:
        """Begin to search."""
        self._field.add_class("-open")
        self.fit_in()
        self._field.input.focus()

    def leave_search(self) -> None:
        """Show all keys again; where all show, close."""
        if not self._field.has_class("-open"):
            self.action_leave()
            return
        self._field.remove_class("-open")
        self.fit_in()
        self._field.input.value = ""
        self.rows.focus()

    @on(Input.Changed)
    def narrow(self, message: Input.Changed) -> None:
        """Show what answers."""
        self.needle = message.value
        self.rows.hold(bool(message.value))
        self.rows.fill(self._rows_for, keep_cursor=False)

    @on(Input.Submitted)
    def keep(self) -> None:
        """Back to what was found."""
        self.rows.focus()

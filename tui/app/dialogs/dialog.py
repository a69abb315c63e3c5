"""What all dialogs share: a box in the middle over the screen, escape closes it, nothing else reaches below."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen, ScreenResultCallbackType
from textual.widget import Widget
from textual.widgets import Static

from tui.app.colours.roles import Line, Part, content
from tui.app.frame.footer import Footer
from tui.app.frame.title_bar import TitleBar
from tui.app.keys.actions import ACTIONS, Action, action_by_id, key_word
from tui.app.keys.handlers import Handlers
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import fit, wrap
from tui.app.rows.row_list import RowList
from tui.app.rows.tabs import Tab
from tui.app.terminal.textual_private import bind_more_keys
from tui.text import printable

Answer = TypeVar("Answer")


LOW: Final = 20  # rows of a terminal below which a dialog does without paddings
_EDGES: Final = 6  # cells of the body that are not for words


# What is said below the body: ids of actions, whose keys stand there, or keys as they are; and what they do.
Hints = tuple[tuple[str, str], ...]


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A box with a title, a body and a line of hints. Subclasses give the body. Keys are those of the action table."""

    DEFAULT_CSS = """
    Dialog, Dialog:ansi { align: center middle; background: transparent; }
    Dialog > #dialog { width: 72; max-width: 96%; height: auto; max-height: 92%; background: $surface; }
    Dialog #dialog-body {
        height: auto; max-height: 1fr; border: round $border; border-top: none; padding: 1 2; background: $surface;
    }
    Dialog #dialog-title { color: $border; background: $surface; }
    Dialog #dialog-hints { height: auto; padding: 1 0 0 0; color: $text-muted; }
    Dialog.-low #dialog-body { padding: 0 2; }
    Dialog.-low #dialog-hints { padding: 0; }
    Dialog.-ascii #dialog-body { border: ascii $border; border-top: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "leave", "Close", show=False),
    ]

    def __init__(self, title: str, glyphs: Glyphs, hints: Hints = ()) -> None:
        super().__init__(classes="-ascii" if glyphs.ascii else None)
        self.dialog_title = glyphs.text(printable(title, 60))
        self.glyphs = glyphs
        self.hints = hints
        self.table: tuple[Action, ...] = ACTIONS  # with a person's own keys, where who opens it has them
        self.answered = False  # the dialog is on its way out

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Close with an answer, once: a second Enter in the same moment, or the second half of a double click, is
        for nobody. A dialog that lies below another one does not close the other in its place.
        """
        if self.answered or self.app.screen is not self:
            return AwaitComplete()
        self.answered = True
        return super().dismiss(result)

    def compose(self) -> ComposeResult:
        """Title, body, hints."""
        with Vertical(id="dialog"):
            yield TitleBar(
                self.glyphs, (Tab("title", self.dialog_title, self.dialog_title),), "title", id="dialog-title"
            )
            with Vertical(id="dialog-body"):
                yield from self.body()
                if self.hints:
                    yield Static(self.hint_line(), id="dialog-hints", markup=False)

    def body(self) -> list[Widget]:
        """The widgets between title and hints."""
        raise NotImplementedError

    @on(events.Mount)
    @on(events.Resize)
    def fit_in(self) -> None:
        """Before the first frame, and in each size of the terminal: what is around the body keeps its room."""
        rows = self.app.size.height
        self.set_class(rows < LOW, "-low")
        self.leave_room(rows)

    def leave_room(self, rows: int) -> None:
        """The terminal has so many rows: bound what would fill them all, so that edge and hints stay in sight.

        Here a list that is alone in the body; subclasses with more in it do it themselves.
        """
        body = [widget for widget in self.query("#dialog-body > *") if widget.id != "dialog-hints"]
        if len(body) == 1 and isinstance(body[0], RowList):
            body[0].styles.max_height = max(rows * 92 // 100 - self._rows_around(rows), 1)

    def _rows_around(self, rows: int) -> int:
        """What title, edge, paddings and hints take of so many rows."""
        box, screen = self.query_one("#dialog").styles.width, self.app.size
        most = screen.width * 96 // 100
        width = min(int(box.resolve(screen, screen)), most) if box is not None else most
        lines = len(wrap(self.hint_parts(), max(width - _EDGES, 1))) if self.hints else 0
        return 2 + lines + (0 if rows < LOW else 2 + bool(lines))

    # -- keys

    @on(events.Mount)
    def take_keys(self) -> None:
        """Bind the keys of what can be done here."""
        mine = self.handlers()
        bind_more_keys(self, sorted({key for a in self.table if a.id in mine for key in a.keys}), "press")

    def handlers(self) -> Handlers:
        """What the action table reaches here: the list's, where there is one, and closing."""
        rows = self.rows_in_use()
        moves = rows.handlers() if rows is not None else {}
        return {**moves, "back": self.action_leave, "quit": self.action_leave}

    def rows_in_use(self) -> RowList | None:
        """The list that the keys move: the one that has the focus, else the first."""
        if isinstance(self.focused, RowList):
            return self.focused
        return next(iter(self.query(RowList)), None)

    def action_press(self, key: str) -> None:
        """A key of the table was pressed."""
        mine = self.handlers()
        action = next((action for action in self.table if key in action.keys and action.id in mine), None)
        if action is not None and not self.answered:
            mine[action.id]()

    def hint_parts(self) -> Line:
        """The hints, each with the key that holds."""
        parts: list[Part] = []
        for names, what in self.hints:
            word = " ".join(self._word(name) for name in names.split())
            parts += [Part(word, "key"), Part(f" {what}   ", "muted")]
        return fit(tuple(parts), 200)

    def hint_line(self) -> Content:
        """The hints as they are drawn."""
        return content([self.hint_parts()])

    def _word(self, name: str) -> str:
        """The key of an action, an arrow where one is bound; a key as it is written."""
        action = action_by_id(name, self.table)
        if action is None:
            return name
        arrow = next((key for key in action.keys if key in ("up", "down")), None)
        return key_word(arrow or action.keys[0], self.glyphs.ascii)

    @on(events.Mount)
    @on(events.Unmount)
    def show_use(self) -> None:
        """What has the focus below loses its cursor, and the last line its keys; both come again."""
        for screen in self.app.screen_stack:
            if screen.focused is not None:
                screen.focused.refresh()
            for footer in screen.query(Footer):
                footer.refresh()

    def action_leave(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


def open_dialog(
    dialog: Dialog[Answer],
    over: Screen[Any],
    answered: ScreenResultCallbackType[Answer] | None = None,
    table: tuple[Action, ...] = ACTIONS,
) -> bool:
    """Show a dialog over the screen that asks for it; `answered` is told the answer, None where there is none.

    A screen that lies below a dialog already opens no other: its key was pressed twice, or came before the dialog did.
    `table`: the actions with the keys that hold. Returns whether the dialog is opened.
    """
    if over.app.screen is not over:
        return False
    dialog.table = table
    over.app.push_screen(dialog, answered)
    return True


def hint(*pairs: tuple[str, str]) -> Hints:
    """`enter chooses  esc closes`, as `hint(("open", "chooses"), ("back", "closes"))`."""
    return pairs

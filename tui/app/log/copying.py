"""What leaves a log: lines to the clipboard, all of it to the clipboard or to a file."""

from __future__ import annotations

from pathlib import Path

from textual.widget import Widget

from tui.app.beside import run_beside
from tui.app.keys.handlers import Handlers
from tui.app.log.bar import LogBar
from tui.app.log.text import save_text, text_portions
from tui.app.log.view import LogView
from tui.app.messages import CopyRequested
from tui.text import plural, printable


class LogCopies:
    """Copies and saves the log that shows."""

    def __init__(self, pane: Widget, view: LogView, bar: LogBar) -> None:
        self.pane = pane
        self.view = view
        self.bar = bar
        self.name = ""  # of the log: what the file is called unless one types another name

    def handlers(self) -> Handlers:
        """What the action table reaches here."""
        return {
            "copy": self.copy_lines,
            "log-select": self.select_lines,
            "log-copy-all": self.copy_all,
            "log-copy-path": self.copy_path,
            "log-save": self.ask_save,
        }

    # -- lines

    def select_lines(self) -> None:
        """Begin a selection of lines here, or drop it."""
        view = self.view
        view.selecting_from = view.cursor.place if view.selecting_from is None else None
        if view.selecting_from is not None and view.follow:
            view.set_follow(False)
        view.refresh()

    def target(self) -> CopyRequested | None:
        """What `y` copies: the lines selected, else the line under the cursor."""
        view, here = self.view, self.view.cursor.place
        if view.rows is None or view.transcript is None or not view.rows.lines:
            return None
        start = here if view.selecting_from is None else view.selecting_from
        lines = view.rows.showing(min(start, here), max(start, here))
        text = "\n".join(view.transcript.plain(index) for index in lines if index >= view.transcript.first)
        return CopyRequested(text, "the line" if len(lines) == 1 else plural(len(lines), "line"))

    def copy_lines(self) -> None:
        """Copy the lines selected, else the line under the cursor; the selection is left."""
        target = self.target()
        self.view.selecting_from = None
        self.view.refresh()
        if target is not None:
            self.pane.post_message(target)
        else:
            self._say_nothing("to copy")

    def _say_nothing(self, what: str) -> None:
        self.pane.notify(f"nothing {what} here", timeout=3)

    # -- all

    def copy_all(self) -> None:
        """Copy all lines that show."""
        run_beside(self.pane, "log-copy", self._copy_all)

    async def _copy_all(self) -> None:
        rows = self.view.rows
        if rows is not None and rows.lines:
            text = "".join([part async for part in text_portions(rows)])
            self.pane.post_message(CopyRequested(text, plural(rows.lines, "line") + " of the log"))
        else:
            self._say_nothing("to copy")

    def copy_path(self) -> None:
        """Copy the path of the file with the whole log."""
        transcript = self.view.transcript
        if transcript is not None and transcript.path is not None:
            self.pane.post_message(CopyRequested(str(transcript.path), "the path of the log file"))
        else:
            self._say_nothing("to copy")

    def ask_save(self) -> None:
        """Type the file to save to."""
        if self.view.transcript is not None:
            name = "".join(c if c.isalnum() or c in "-_" else "_" for c in self.name) or "build"
            self.bar.ask("save", f"{name}.log")
        else:
            self._say_nothing("to save")

    def save(self, path: str) -> None:
        """Save all lines that show to a file; what is wrong with it is said in the bar."""
        run_beside(self.pane, "log-save", self._save, path)

    async def _save(self, path: str) -> None:
        if self.view.rows is None:
            return
        file = Path(path).expanduser().absolute()  # noqa: ASYNC240 (asks the environment, not the disk)
        problem = await save_text(self.view.rows, file)
        if problem is not None:
            self.bar.say(printable(problem), is_error=True)
            return
        self.bar.leave()
        self.view.focus()
        self.pane.notify(f"saved to {printable(str(file))}", markup=False)

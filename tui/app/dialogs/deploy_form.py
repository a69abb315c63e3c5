"""What the deploy tool would send for a function: the form's fields in order, and the metadata JSON to the letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.widget import Widget
from textual.widgets import Static

from tui.app.colours.roles import Part
from tui.app.dialogs.dialog import Dialog, Hints, hint
from tui.app.dialogs.dialog_rows import DialogRows
from tui.app.keys.handlers import Handlers
from tui.app.messages import CopyRequested
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import outside, paragraph
from tui.app.rows.pane_rows import blank, text_row, title
from tui.app.rows.table import Column, Row
from tui.text import exact_bytes
from tui.workspace.deploy_form import deploy_form
from tui.workspace.function import FunctionConfig
from tui.workspace.secrets import secret_keys

MASK = "••••••••"  # as the config pane has it


class DeployFormScreen(Dialog[None]):
    """Fields and metadata; secrets are masked until a key shows them, copying takes what would be sent."""

    DEFAULT_CSS = """
    DeployFormScreen > #dialog { width: 96; }
    """

    def __init__(self, config: FunctionConfig, *, glyphs: Glyphs | None = None) -> None:
        self.revealed = False
        self.secrets = secret_keys(config.env) if config.env else frozenset()
        super().__init__("What deploying would send", glyphs or Glyphs(), self._keys())
        self.config = config
        self.form = deploy_form(config)
        columns = (Column("field", minimum=10), Column("value", minimum=10))
        self.rows = DialogRows(glyphs=self.glyphs, columns=columns, id="form")

    def _keys(self) -> Hints:
        secrets = [("reveal", "hides secrets" if self.revealed else "shows secrets")] if self.secrets else []
        return hint(("copy", "copies"), ("log-copy-all", "copies all"), *secrets, ("back", "closes"))

    def handlers(self) -> Handlers:
        """The list's, copying, showing what is masked, and the key that opened it."""
        own: Handlers = {"copy": self.rows.copy, "log-copy-all": self.copy_all, "reveal": self.reveal}
        return {**super().handlers(), **own, "deploy-form": self.action_leave}

    def body(self) -> list[Widget]:
        """The rows."""
        return [self.rows]

    def on_mount(self) -> None:
        """Fill them."""
        self.rows.fill(self._rows)
        self.rows.focus()

    def _rows(self, width: int) -> Sequence[Row]:
        return [*self._fields(), blank("metadata"), *self._metadata(width)]

    def _fields(self) -> Iterator[Row]:
        yield title("fields", "Form fields")
        for name, value in self.form.fields:
            cells = ((Part(name, "muted"),), (Part(self.glyphs.text(outside(value).text)),))
            yield Row(key=name, cells=cells, copy=value, what=name)

    def _metadata(self, width: int) -> Iterator[Row]:
        if not self.form.metadata:
            yield title("metadata", "Metadata", "none is sent")
            return
        yield title("metadata", "Metadata", f"JSON, {exact_bytes(len(self.form.metadata.encode('utf-8', 'replace')))}")
        shown, masked = self.form.metadata, bool(self.secrets) and not self.revealed
        if masked:
            env = {key: MASK if key in self.secrets else value for key, value in (self.config.env or {}).items()}
            shown = deploy_form(self.config._replace(env=env)).metadata
        lines = paragraph(self.glyphs.text(outside(shown, limit=20_000).text), width, "code")
        yield Row(key="json", lines=tuple(lines), copy=self.form.metadata, what="the metadata JSON")
        words = "secrets are masked; copying takes what is sent" if masked else "exactly as it is sent"
        yield text_row("as-sent", (Part(words, "faint"),), width)

    def copy_all(self) -> None:
        """Copy the whole form, a field a line."""
        lines = [f"{name}={value}" for name, value in self.form.fields]
        if self.form.metadata:
            lines.append(f"metadata={self.form.metadata}")
        self.post_message(CopyRequested("\n".join(lines), "the form"))

    def reveal(self) -> None:
        """Show what is masked, or mask it again."""
        self.revealed = not self.revealed
        self.hints = self._keys()
        self.query_one("#dialog-hints", Static).update(self.hint_line())
        self.rows.fill(self._rows)

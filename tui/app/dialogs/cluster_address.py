"""The address of the cluster to build on."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.app.colours.roles import style_of
from tui.app.dialogs.dialog import Dialog, hint
from tui.app.dialogs.field import Field
from tui.app.keys.handlers import Handlers
from tui.app.rows.glyphs import Glyphs
from tui.text import printable

EXPLAINED: Final = (
    "A Dask scheduler, whose workers build from then on. `cluster` in your own settings file names it for good."
)


class ClusterAddressScreen(Dialog[str]):
    """Answers the address."""

    DEFAULT_CSS = """
    ClusterAddressScreen #said { height: auto; margin: 1 0 0 0; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__("Build on a cluster", glyphs, hint(("open", "connects"), ("back", "closes")))
        self._typed = Field("Address", glyphs, placeholder="tcp://HOST:8786")
        self._said = Static(Content.styled(glyphs.text(EXPLAINED), style_of("muted")), id="said")

    def body(self) -> list[Widget]:
        """The address, and what it is."""
        return [self._typed, self._said]

    def handlers(self) -> Handlers:
        """Letters are for the address."""
        return {"back": self.action_leave, "open": self.done}

    def on_mount(self) -> None:
        """Type at once."""
        self._typed.input.focus()

    @on(Input.Submitted)
    def done(self) -> None:
        """Answer with what was typed; say so where it is no address."""
        from tui.cluster.consent import address_fault

        address = self._typed.input.value.strip()
        fault = address_fault(address)
        if fault is None:
            self.dismiss(address)
        else:
            self._said.update(Content.styled(self.glyphs.text(printable(fault, 200)), style_of("error")))

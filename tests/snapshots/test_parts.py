"""What parts of the screen look like, each drawn alone of fixed data, so that a change of one renews one picture.

`pytest tests/snapshots --snapshot-update` renews them.
"""

from __future__ import annotations

from typing import Any

import pytest
from textual.app import ComposeResult
from textual.widget import Widget

from tests.app.samples import PERSISTENT, PERSISTENT_AS_COMMAND, make_record
from tests.app.screens import StyledApp
from tui.app.colours.themes import DEFAULT_THEME, OURS
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.app.dialogs.choices.choice import Choice, ChoiceScreen
from tui.app.functions.function_list import FunctionList
from tui.app.panes.config import ConfigContent
from tui.app.panes.content import PaneContent
from tui.app.panes.export_mode.panel import ExportModePanel
from tui.app.panes.externs import ExternsContent
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.sections.content import SectionsContent
from tui.app.panes.verdict import VerdictContent
from tui.app.rows.glyphs import Glyphs
from tui.gateway.verdict import Finding, Place, Verdict
from tui.workspace.config import load_config
from tui.workspace.function import FunctionConfig

YAML = b"name: chat\nws_persistent: true\nmemory: 128 # MB\ntimout: 20\nenv:\n  TOKEN: secret\n"
ERROR = Finding(
    "mode", "error", "chat is a command", "wasm error: unreachable", "b rebuilds it", Place("function.wasm")
)
WARNING = Finding("timeout", "warning", "timeout is 90", "refused", "set timeout: 60", Place("function.yaml", 3, 10))
VERDICT = Verdict("blocked", (ERROR, WARNING, Finding("note", "info", "just so", "", "")))
WEBSOCKET = FunctionConfig("chat", ws_persistent=True)
WRONG = make_record(PERSISTENT_AS_COMMAND, WEBSOCKET, verdict=VERDICT, reading=load_config(YAML))
RIGHT = make_record(PERSISTENT, WEBSOCKET, verdict=Verdict("ready"))


class Alone(StyledApp):
    """One widget in the colours of the program."""

    CSS = "Screen { background: $background; }"

    def __init__(self, widget: Widget, theme: str = DEFAULT_THEME) -> None:
        super().__init__()
        for known in OURS:
            self.register_theme(known)
        self.theme = theme
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def pane(content: PaneContent, record: FunctionRecord, theme: str = DEFAULT_THEME) -> Alone:
    shown = RecordPane(content)
    shown.show(record)
    return Alone(shown, theme)


def picture(record: FunctionRecord, *, ascii_only: bool = False) -> Alone:
    panel = ExportModePanel(glyphs=Glyphs(ascii_only))
    panel.show(record)
    return Alone(panel)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


@pytest.mark.parametrize("theme", [DEFAULT_THEME, "fn-tui-light"])
def test_verdict(snap_compare: Any, theme: str) -> None:
    assert snap_compare(pane(VerdictContent(), WRONG, theme), terminal_size=(76, 14))


def test_config(snap_compare: Any) -> None:
    assert snap_compare(pane(ConfigContent(), WRONG), terminal_size=(76, 24))


def test_sections(snap_compare: Any) -> None:
    assert snap_compare(pane(SectionsContent(), WRONG), terminal_size=(76, 16))


def test_externs(snap_compare: Any) -> None:
    assert snap_compare(pane(ExternsContent(), WRONG), terminal_size=(76, 16))


@pytest.mark.parametrize("record", [WRONG, RIGHT], ids=["wrong", "right"])
def test_export_mode(snap_compare: Any, record: FunctionRecord) -> None:
    assert snap_compare(picture(record), terminal_size=(88, 10))


def test_export_mode_in_ascii(snap_compare: Any) -> None:
    assert snap_compare(picture(WRONG, ascii_only=True), terminal_size=(88, 10))


def test_functions(snap_compare: Any) -> None:
    store = Store()
    records = [WRONG.function._replace(path=path) for path in ("chat", "shop/functions/ledger", "wallet")]
    store.find(records)
    store.change("chat", reading=WRONG.reading, module=WRONG.module, verdict=VERDICT, life=WRONG.life)
    listed = FunctionList(store, Glyphs())
    app = Alone(listed)

    async def fill(_: Any) -> None:
        listed.refill()

    assert snap_compare(app, terminal_size=(40, 8), run_before=fill)


def test_a_choice(snap_compare: Any) -> None:
    choices = [Choice("tinygo", "tinygo", "TinyGo 0.35.0"), Choice("go", "go", "Go 1.24, a stand-in", "c")]
    screen = ChoiceScreen("Compiler", choices, Glyphs(), typing=False, chosen="go")
    app = Alone(Widget())

    async def open_it(_: Any) -> None:
        await app.push_screen(screen)

    assert snap_compare(app, terminal_size=(80, 16), run_before=open_it)

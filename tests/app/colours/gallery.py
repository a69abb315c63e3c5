"""Every pane in its box, with fixed data: what is drawn in each theme without a workspace, a thread or a compiler."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.widget import Widget

from tests.app.records import building, built, ended, refused
from tests.app.samples import PERSISTENT_AS_COMMAND, make_record
from tests.app.screens import StyledApp
from tui.app.colours.contrast import FRAME, TEXT, ratio
from tui.app.colours.themes import OURS
from tui.app.desk.error_book import ErrorBook
from tui.app.desk.record import FunctionRecord
from tui.app.desk.running.desk import RunDesk
from tui.app.desk.store import Store
from tui.app.frame.footer import Footer
from tui.app.frame.header import Header, HeaderFacts
from tui.app.frame.title_bar import TitleBar
from tui.app.functions.function_list import FunctionList
from tui.app.keys.actions import ACTIONS
from tui.app.log.view import LogView
from tui.app.notices import Notice
from tui.app.panes.export_mode.panel import ExportModePanel
from tui.app.panes.host import PaneHost
from tui.app.panes.panes import KINDS, PaneTools, tabs_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.row_list import RowList
from tui.building.events import Diagnostic
from tui.building.log.transcript import Transcript
from tui.gateway.verdict import Finding, Place, Verdict
from tui.wasm.decode.decode import decode
from tui.workspace.function import FunctionConfig

HEIGHT = 11  # lines of a pane's box
GLYPHS = Glyphs()
ERRORS = (
    Diagnostic("error", "undefined: req", "function.go", 3, 2),
    Diagnostic("warning", "declared and not used", "function.go", 9, fix="go vet"),
)
FINDINGS = (
    Finding(
        "mode",
        "error",
        "chat is a command",
        "wasm error: unreachable",
        "b rebuilds it (or: fn-tui build)",
        Place("function.wasm"),
    ),
    Finding("timeout", "warning", "timeout is 90", "refused", "set timeout: 60", Place("function.yaml", 3, 10)),
    Finding("note", "info", "just so", "", ""),
)
CONFIG = FunctionConfig("chat", env={"API_KEY": "secret", "MODE": "fast"}, ws_persistent=True)


def transcript() -> Transcript:
    """Lines of ours, of stdout, of stderr; each colour that a compiler may take, on each ground."""
    made = Transcript()
    made.note("$ tinygo build -o function.wasm .", 0.0)
    made.feed("stdout", b"plain words\n", 0.1)
    for code in (
        *range(30, 38),
        *range(90, 98),
        2,
        "38;5;17",
        "38;5;231",
        "38;2;20;20;20",
        "30;41",
        "97;43",
        "48;5;240",
    ):
        made.feed("stderr", f"\x1b[{code}mfunction.go:3:2: in {code}\x1b[0m and after\n".encode(), 0.2)
    made.close(1.0)
    return made


def sample(directory: Path, wasm: bytes) -> FunctionRecord:
    """A function of which there is something to say in each pane."""
    (directory / "function.go").write_text("package main\n\n\tx(req)\n")
    (directory / "function.wasm").write_bytes(wasm)
    modified = (directory / "function.wasm").stat().st_mtime
    base = make_record(decode(wasm), CONFIG, directory=directory, modified=modified)
    shown = make_record(PERSISTENT_AS_COMMAND, CONFIG, directory=directory)
    base = replace(base, life=shown.life, verdict=Verdict("blocked", FINDINGS), transcript=transcript())
    return ended(base, "failed", *ERRORS)


def store_of(first: FunctionRecord) -> Store:
    """That function, and one in each other state."""
    others = (
        *(built("b/ready"), built("b/warned", "warnings"), built("b/stale", stale=True), refused("c/refused")),
        *(building(built("c/building"), started=1.0, expected=3.0), ended(built("d/cancelled"), "cancelled")),
        make_record(path="d/unbuilt"),
    )
    store = Store()
    store.find([first.function, *(record.function for record in others)])
    for record in (first, *others):
        names = ("reading", "module", "modified", "verdict", "staleness", "life", "last", "finished", "progress")
        store.change(record.path, **{name: getattr(record, name) for name in names})
    store.change("b/ready", marked=True)
    return store


class Quiet:
    """Hears what runs have to say."""

    def say(self, notice: Notice) -> None:
        """Nothing is said here."""

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Nothing is run here."""
        work.close()

    def build(self, paths: list[str]) -> None:
        """Nothing is built here."""


class Gallery(StyledApp):
    """All of it, one below the other."""

    CSS = f"""
    Screen {{ layout: vertical; background: $background; color: $foreground; overflow: hidden; }}
    .box {{ height: {HEIGHT}; }}
    .high {{ height: 26; }}
    .box-body {{ border: round $border-blurred; border-top: none; }}
    .box:focus-within TitleBar {{ color: $border; }}
    .box:focus-within .box-body {{ border: round $border; border-top: none; }}
    #log-box {{ height: 30; }}
    """

    def __init__(self, record: FunctionRecord, glyphs: Glyphs = GLYPHS) -> None:
        super().__init__()
        self.glyphs = glyphs
        for theme in OURS:
            self.register_theme(theme)
        self.record = record
        self.store = store_of(record)
        runs = RunDesk(Path(), self.store, Quiet(), remember=False)
        self.tools = PaneTools(glyphs, ErrorBook(self.store), lambda: runs)
        self.functions = FunctionList(self.store, glyphs)
        self.hosts = {key: PaneHost(self.tools, key, id=f"host-{key}") for key in KINDS}

    def compose(self) -> ComposeResult:
        yield Header(self.glyphs)
        with Vertical(classes="box"):
            yield TitleBar(self.glyphs, tabs_of(list(KINDS.values()), self.record, self.glyphs), "config")
            with Vertical(classes="box-body"):
                yield self.functions
        with Vertical(classes="box"):
            yield ExportModePanel(glyphs=self.glyphs)
        for key, host in self.hosts.items():
            with Vertical(classes="box high" if key in ("size", "log") else "box"):
                yield TitleBar(self.glyphs, (), "", drags=key)
                yield host
        yield Footer(self.glyphs, ACTIONS)

    def on_mount(self) -> None:
        self.query_one(Header).show(HeaderFacts("~/shop", self.store.counts, compiler="TinyGo 0.41.1", watching=True))
        self.functions.refill()
        self.query_one(ExportModePanel).show(self.record)
        for key, host in self.hosts.items():
            host.activate(key)
            host.show(self.record)

    def light(self) -> None:
        """Draw the cursor of each pane, as if each had the keys."""
        for pane in self.panes():
            pane.set_reactive(Widget.has_focus, True)
            pane.notify_style_update()

    def panes(self) -> Iterator[Widget]:
        """What can have the keys."""
        yield self.functions
        for host in self.hosts.values():
            if host.pane is not None:
                kind = LogView if host.active == "log" else RowList
                yield host.pane if isinstance(host.pane, RowList) else host.pane.query_one(kind)


def hard_to_read(segments: Iterable[Segment]) -> Iterator[str]:
    """What of a line is below the ratio that it needs."""
    for text, style, _ in segments:
        if style is None or not text.strip() or style.color is None or style.bgcolor is None:
            continue
        letters, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
        if style.dim:
            letters = ground.blend(letters, 0.5)
        least = FRAME if all(_is_line(character) for character in text) else TEXT
        found = ratio(letters, ground)
        if found < least and set(text) - {"▀", " "}:  # the lower edge of a tile of the map: its ground, no sign
            yield f"{found:.2f} {text.strip()!r} {letters.hex} on {ground.hex}"


def _is_line(character: str) -> bool:
    """Whether a character draws a frame, a bar or a rule."""
    return character == " " or "─" <= character <= "▟"

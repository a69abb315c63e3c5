from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from textual.app import ComposeResult

from tests.app.samples import COMMAND, HOSTILE, PERSISTENT, PERSISTENT_AS_COMMAND, UNSAFE, WS, make_module, make_record
from tests.app.screens import StyledApp, shot_text
from tui.app.desk.record import BuildPhase, BuildProgress, FunctionRecord
from tui.app.messages import ActionRequested
from tui.app.panes.export_mode.panel import HEIGHTS, ExportModePanel, Level
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.building.inputs.freshness import Staleness
from tui.wasm.module import FuncType, Module
from tui.workspace.function import ConfigError, ConfigProblem, ConfigReading, FunctionConfig

WEBSOCKET = FunctionConfig("chat", ws_persistent=True)
WRONG = make_record(PERSISTENT_AS_COMMAND, WEBSOCKET)
RIGHT = make_record(PERSISTENT, WEBSOCKET)
ABSENT = make_record(None, WEBSOCKET)
MISTYPED = make_record(
    make_module("reactor", {"_initialize": FuncType(), **WS, "ws_frame": FuncType(("i32",), ("i32",))}),
    WEBSOCKET,
)
HOLLOW = make_record(PERSISTENT, FunctionConfig("echo"))
ALL = (WRONG, RIGHT, ABSENT, MISTYPED, HOLLOW, make_record(COMMAND))


class PanelApp(StyledApp):
    def __init__(self, record: FunctionRecord | None, level: Level = "full", glyphs: Glyphs | None = None) -> None:
        super().__init__()
        self.panel = ExportModePanel(glyphs=glyphs)
        self.panel.level = level
        self.panel.show(record)
        self.asked: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.panel

    def on_action_requested(self, message: ActionRequested) -> None:
        self.asked.append(message.action)


async def drawn(record: FunctionRecord | None, width: int = 88, level: Level = "full", ascii_only: bool = False) -> str:
    app = PanelApp(record, level, Glyphs(ascii_only))
    async with app.run_test(size=(width, 14)):
        # What stands in the place of a picture takes the lines that it needs.
        wanted = app.panel.rows_wanted
        assert app.panel.size.height == min(HEIGHTS[level], wanted or HEIGHTS[level])
        return shot_text(app)


async def test_the_wrong_mode_is_told_on_the_first_line() -> None:
    first, *rest = (await drawn(WRONG)).splitlines()
    assert first.split() == ["expected", "REACTOR", "(ws_persistent:", "true)", "actual", "COMMAND", "✗", "mismatch"]
    shown = "\n".join(rest)
    assert "┃ ✗ _initialize" in shown
    assert "╰─ the module has _start in its place" in shown
    assert "every export traps" in shown
    assert "→ b rebuilds it as a reactor" in shown
    for name in ("ws_open", "ws_frame", "ws_close", "orama_alloc", "memory"):
        assert f"✓ {name}" in shown


async def test_the_right_mode_is_told_as_fast() -> None:
    shown = await drawn(RIGHT)
    assert "✓ fits" in shown.splitlines()[0]
    assert "✗" not in shown
    assert "▶" in shown


@pytest.mark.parametrize("record", ALL)
@pytest.mark.parametrize("level", ["full", "medium", "line"])
@pytest.mark.parametrize("width", [20, 38, 76, 120, 200])
async def test_each_size_says_whether_it_fits(record: FunctionRecord, level: Level, width: int) -> None:
    shown = await drawn(record, width, level)
    assert record.life is not None
    assert ("✓ fits" in shown) == (record.life.arrives is True)
    assert ("✗" in shown or "≠" in shown) == (record.life.arrives is False)
    assert all(len(line) <= width for line in shown.splitlines())


@pytest.mark.parametrize("record", ALL)
@pytest.mark.parametrize("width", [38, 76, 120])
async def test_a_broken_trip_always_says_what_to_do(record: FunctionRecord, width: int) -> None:
    shown = " ".join((await drawn(record, width)).split())
    if record.life is not None and record.life.arrives is False:
        assert "→ " + record.life.remedy.split(" (or")[0][:12] in shown


def test_a_sentence_that_is_cut_has_single_blanks() -> None:
    panel = ExportModePanel()
    words = "the socket closes at open; the text is only in the gateway's log"
    assert WRONG.life is not None
    panel.show(replace(WRONG, life=WRONG.life._replace(summary=words, remedy=f"{words} and {words}")))
    cut = set()
    for width, height in product(range(40, 120), (5, 6, 7, 9)):
        cut |= {plain(line) for line in panel.lines(width, height) if "the text is" in plain(line)}
    assert any(line.endswith("…") and "log" not in line for line in cut)
    assert not [line for line in cut if re.search(r"[a-z;]  +[a-z]*…", line)]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_one_line_that_is_cut_ends_in_no_arrow_to_nothing(ascii_only: bool) -> None:
    panel = ExportModePanel(glyphs=Glyphs(ascii_only))
    panel.show(WRONG)
    lines = {plain(panel.lines(width, 1)[0]).rstrip() for width in range(20, 260)}
    assert any(line.endswith(("…", "~")) for line in lines)
    assert not [line for line in lines if re.search(r"(→|>) ?[…~]", line)]


async def test_a_wrong_type_shows_both_types() -> None:
    shown = await drawn(MISTYPED, 120)
    assert "≠ ws_frame" in shown
    assert "is (i32)→i32, the host calls (i32,i32)→i32" in shown
    assert "go:wasmexport ws_frame" in shown


async def test_no_build_asks_for_one() -> None:
    assert "· unbuilt" in (await drawn(ABSENT)).splitlines()[0]
    assert "b builds it" in await drawn(ABSENT)
    assert "b builds it" in await drawn(ABSENT, 80, "line")


async def test_a_stale_module_qualifies_the_picture() -> None:
    stale = replace(RIGHT, staleness=Staleness("stale", "function.go changed since the build"))
    first = (await drawn(stale, 140)).splitlines()[0]
    assert first.rstrip().endswith("↻ stale  function.go changed since the build")
    for width, level in ((80, "line"), (76, "medium"), (60, "full")):
        assert "↻ stale" in (await drawn(stale, width, level)).splitlines()[0]  # type: ignore[arg-type]


async def test_a_build_under_way_shows() -> None:
    building = replace(WRONG, progress=BuildProgress("building"))
    assert "◐ building" in (await drawn(building)).splitlines()[0]
    assert "◌ queued" in await drawn(replace(WRONG, progress=BuildProgress("queued", 3)), 80, "line")


@pytest.mark.parametrize("phase", ["queued", "building", "cancelling"])
@pytest.mark.parametrize("record", [WRONG, ABSENT, HOLLOW])
async def test_a_build_under_way_is_not_asked_for(record: FunctionRecord, phase: BuildPhase) -> None:
    assert "builds it" in await drawn(record)
    under_way = replace(record, progress=BuildProgress(phase))
    for width, level in ((80, "line"), (76, "medium"), (120, "full")):
        shown = await drawn(under_way, width, level)  # type: ignore[arg-type]
        assert "builds it" not in shown
        assert "→ b" not in shown


async def test_no_life_yet_says_why() -> None:
    error = ConfigError("parse", "failed: line 3: bad [/x]", (ConfigProblem("bad", 3),))
    refused = replace(ABSENT, life=None, reading=ConfigReading(None, error))
    assert "✗ refused   function.yaml:3: failed: line 3: bad [/x]" in await drawn(refused)
    unreadable = replace(ABSENT, life=None, module_error="function.wasm: permission denied")
    assert "permission denied" in await drawn(unreadable, 60, "line")
    assert "reading" in await drawn(replace(ABSENT, life=None))
    assert "no function is chosen" in await drawn(None)


async def test_a_malformed_module_is_told() -> None:
    from tui.wasm.module import DecodeNote

    broken = Module(10, "core", "library", errors=(DecodeNote(9, "section cut short"),))
    shown = await drawn(make_record(broken, WEBSOCKET))
    assert "section cut short" in shown


@pytest.mark.parametrize("record", ALL)
@pytest.mark.parametrize("level", ["full", "medium", "line"])
async def test_ascii_draws_nothing_else(record: FunctionRecord, level: Level) -> None:
    stale = replace(record, staleness=Staleness("stale", "é changed…"))
    for width in (38, 76, 120):
        assert (await drawn(stale, width, level, ascii_only=True)).isascii()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_names_are_shown_harmlessly(text: str) -> None:
    module = make_module("reactor", {text: FuncType(), **WS})
    stale = Staleness("stale", text)
    error = ConfigReading(None, ConfigError("parse", text, (ConfigProblem(text, 1),)))
    records = (
        replace(make_record(module, WEBSOCKET), staleness=stale),
        replace(ABSENT, life=None, module_error=text),
        replace(ABSENT, life=None, reading=error),
    )
    for record in records:
        for width in (38, 120):
            assert not UNSAFE & set(await drawn(record, width))


async def test_a_click_opens_the_verdict_and_the_picture_can_be_copied() -> None:
    app = PanelApp(WRONG)
    async with app.run_test(size=(88, 14)) as pilot:
        await pilot.click(ExportModePanel)
        assert app.asked == ["pane-verdict"]
        target = app.panel.copy_target()
        assert target is not None
        assert "✗ mismatch" in target.text
        app.panel.show(RIGHT)
        await pilot.pause()
        assert "✓ fits" in shot_text(app)
        app.panel.show(None)
        assert app.panel.copy_target() is None

from __future__ import annotations

import shlex
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.samples import CONTRACT, HOSTILE, PERSISTENT, PERSISTENT_AS_COMMAND, UNSAFE, make_record
from tests.app.screens import PaneApp, pane_text, rows_copied, texts_in_turn
from tui.app.desk.record import FunctionRecord
from tui.app.messages import EditRequested
from tui.app.panes.export_mode.panel import ExportModePanel
from tui.app.panes.overview import BUILDS, OverviewContent
from tui.app.panes.record_pane import RecordPane
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.building.events import BuildResult, Diagnostic
from tui.building.inputs.freshness import Staleness
from tui.building.plan.plan import plan_build
from tui.building.record.history import BuildRecord
from tui.building.record.runs import RunRecord
from tui.gateway.life.life import life
from tui.gateway.verdict import Finding, Place, Verdict
from tui.wasm.decode.decode import decode
from tui.wasm.module import DecodeNote, Module
from tui.workspace.function import ConfigError, ConfigProblem, ConfigReading, FunctionConfig

WEBSOCKET = FunctionConfig("chat", ws_persistent=True)
FINDING = Finding(
    "mode", "error", "chat is a command", "unreachable", "b rebuilds it as a reactor", Place("function.yaml", 3)
)
BLOCKED = make_record(
    PERSISTENT_AS_COMMAND,
    WEBSOCKET,
    verdict=Verdict("blocked", (FINDING,)),
    staleness=Staleness("stale", "function.go changed since the build"),
    previous_size=110_000,
    history=tuple(BuildRecord(1e9 + n, 3.0, "built", size=size) for n, size in enumerate((100_000, 110_000, 118_204))),
)
FAILURE = Diagnostic("error", "undefined: oops", "function.go", 12, 3, explanation="a name that is declared nowhere")
FAILED_BUILD = BuildResult(Path("/w/chat"), "failed", 1, 0.4, None, "function.go:12:3: undefined: oops", (FAILURE,))
FAILED = replace(BLOCKED, last=FAILED_BUILD, finished=2e9)


async def test_what_the_picture_tells_is_not_said_again() -> None:
    shown = await pane_text(OverviewContent(), BLOCKED)
    assert BLOCKED.life is not None
    assert BLOCKED.life.arrives is False
    for words in ("blocked", "chat is a command", "To do"):
        assert words not in shown
    unbuilt = await pane_text(OverviewContent(), make_record(None, WEBSOCKET), 120)
    for words in ("unbuilt", "builds it", "no build"):
        assert words not in unbuilt


async def test_what_the_picture_does_not_tell_comes_first_with_one_step() -> None:
    held = replace(BLOCKED, life=life(WEBSOCKET, PERSISTENT, CONTRACT), module=PERSISTENT, staleness=Staleness("fresh"))
    lines = (await pane_text(OverviewContent(), held)).splitlines()
    assert "Error       chat is a command" in lines[0]
    assert "To do       b rebuilds it as a reactor" in lines[1]
    warned = replace(held, verdict=Verdict("warnings", (FINDING._replace(severity="warning"),)))
    assert "To know     chat is a command" in await pane_text(OverviewContent(), warned)
    stale = replace(held, verdict=Verdict("ready"), staleness=Staleness("stale", "function.go changed since the build"))
    shown = await pane_text(OverviewContent(), stale)
    assert "Stale       function.go changed since the build" in shown
    assert "To do       b builds it again" in shown


async def test_the_module_is_summed_up() -> None:
    shown = await pane_text(OverviewContent(), BLOCKED)
    assert "✓ well-formed   118 KB  +8.2 KB (+7.5 %) since the one before" in shown
    assert "▁▅█" in shown
    assert "Builds      ✓ built" in shown
    assert shown.count("✓ built") == 3
    assert "H shows what each of them said" in shown
    assert "TinyGo 0.35.0   stripped of names" in shown
    assert "2 pages (128 KiB), at most 16 (1 MiB)" in shown


@pytest.mark.parametrize("error", [None, *HOSTILE[:4], "out of memory"])
async def test_the_last_run_here_is_shown(error: str | None) -> None:
    ran = RunRecord((1, 2, 3), time.time(), 3.2, 12, "done" if error is None else "call", error)
    app = await pane_text(OverviewContent(), replace(BLOCKED, ran=ran))
    moment = time.strftime("%H:%M", time.localtime(ran.at))
    assert f"Last run    {'✓ ran' if error is None else '✗ failed here'} {moment}" in app
    assert "3 ms, 12 host calls" in app or error is not None
    assert not UNSAFE - {"\n"} & set(app)
    assert "Last run" not in await pane_text(OverviewContent(), BLOCKED)


async def test_the_planned_argv_is_tinygos_whatever_builds() -> None:
    directory = Path("/w/it's here")
    record = make_record(None, WEBSOCKET, directory=directory, plan=plan_build(directory, WEBSOCKET, "go"))
    shown = await pane_text(OverviewContent(), record, 120)
    assert "tinygo build -o '…/it'\\''s here/function.wasm' -target wasi -buildmode=c-shared ." in shown
    assert "Planned     tinygo build" in shown
    assert "Runs now    GOOS=wasip1 GOARCH=wasm GOFLAGS=" in shown
    copied = await rows_copied(OverviewContent(), record, 120)
    words = shlex.split(copied["the planned command"])
    assert words[-8:] == ["tinygo", "build", "-o", f"{directory}/function.wasm", "-target", "wasi", *words[-2:]]
    assert shlex.split(copied["the stand-in's command"])[-6:-3] == ["go", "build", "-o"]


async def test_the_reason_for_the_mode_is_said() -> None:
    shown = await pane_text(OverviewContent(), make_record(None, WEBSOCKET), 120)
    assert "reactor  ws_persistent: true needs a reactor" in shown


async def test_a_failed_build_shows_its_first_error_and_opens_it() -> None:
    shown = await pane_text(OverviewContent(), FAILED)
    assert "Error       function.go:12:3: undefined: oops" in shown
    assert shown.count("undefined: oops") == 1
    assert "To do       a name that is declared nowhere" in shown
    app = PaneApp(OverviewContent(), FAILED)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("enter")
        places = [(m.place.path, m.place.line, m.place.column) for m in app.asked if isinstance(m, EditRequested)]
        assert places == [(Path("/w/chat/function.go"), 12, 3)]


async def test_of_many_builds_the_last_ones_are_listed() -> None:
    many = tuple(BuildRecord(1e9 + n, 3.14, "built" if n else "failed", "go", size=n or None) for n in range(9))
    shown = await pane_text(OverviewContent(), replace(BLOCKED, history=many))
    assert shown.count("✓ built") == BUILDS
    assert "3.1 s      8 B  go" in shown
    assert "H shows 6 more, and what each of them said" in shown


async def test_of_a_refused_config_the_step_is_said_and_the_picture_tells_the_rest() -> None:
    reading = ConfigReading(None, ConfigError("parse", "yaml: line 3: bad", (ConfigProblem("bad", 3),)))
    refused = replace(make_record(), reading=reading, life=None)
    shown = await pane_text(OverviewContent(), refused)
    assert "To do       e opens function.yaml at line 3" in shown
    assert "bad" not in shown
    panel = ExportModePanel()
    panel.show(refused)
    assert "✗ refused   function.yaml:3: yaml: line 3: bad" in "\n".join(plain(line) for line in panel.lines(80, 9))


async def test_an_older_module_is_called_so() -> None:
    shown = await pane_text(OverviewContent(), FAILED)
    assert "from an earlier build" in shown
    reading = ConfigReading(None, ConfigError("parse", "bad"))
    assert "from an earlier build" in await pane_text(
        RecordPane(OverviewContent()), replace(BLOCKED, reading=reading, life=None)
    )
    assert "from an earlier build" not in await pane_text(OverviewContent(), BLOCKED)


async def test_a_failed_build_is_no_difference() -> None:
    shown = await pane_text(OverviewContent(), replace(FAILED, previous_size=118_204, history=()))
    assert "since the one before" not in shown


async def test_broken_modules_are_named() -> None:
    broken = Module(10, "core", errors=(DecodeNote(9, "section cut short"),))
    assert "✗ malformed at 0x09: section cut short" in await pane_text(
        RecordPane(OverviewContent()), make_record(broken)
    )
    assert "✗ a component, not a core module" in await pane_text(
        RecordPane(OverviewContent()), make_record(Module(10, "component"))
    )
    unreadable = make_record(None, module_error="permission denied", modified=1.0)
    assert "permission denied" in await pane_text(OverviewContent(), unreadable)


async def test_a_real_module(echo_command: bytes) -> None:
    module = decode(echo_command)
    shown = await pane_text(OverviewContent(), make_record(module, FunctionConfig("echo")))
    assert "✓ well-formed" in shown
    assert str(module.toolchain) in shown
    assert f"{module.functions.defined:,} functions" in shown


@pytest.mark.parametrize("width", [38, 76, 120])
async def test_every_width_tells_the_state(width: int) -> None:
    for record in (BLOCKED, FAILED):
        assert "118 KB" in await pane_text(OverviewContent(), record, width)
    assert "no function is chosen" in await pane_text(OverviewContent(), None, width)


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_text_is_shown_harmlessly(ascii_only: bool) -> None:
    records = [record for text in HOSTILE for record in hostile_records(text)]
    for shown in await texts_in_turn(OverviewContent(Glyphs(ascii_only)), records, 38):
        assert not UNSAFE & set(shown)
        assert shown.isascii() or not ascii_only


def hostile_records(text: str) -> tuple[FunctionRecord, ...]:
    failed = FAILED_BUILD._replace(diagnostics=(FAILURE._replace(message=text, path=text or None),))
    return (
        make_record(None, module_error=text, modified=1.0),
        replace(BLOCKED, verdict=Verdict("blocked", (FINDING._replace(message=text, remedy=text),))),
        replace(FAILED, last=failed),
        replace(BLOCKED, module=PERSISTENT_AS_COMMAND._replace(toolchain=text, errors=(DecodeNote(1, text),))),
        replace(BLOCKED, staleness=Staleness("stale", text)),
    )

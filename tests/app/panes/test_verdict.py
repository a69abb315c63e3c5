from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.samples import CONTRACT, HOSTILE, PERSISTENT_AS_COMMAND, UNSAFE, make_record
from tests.app.screens import PaneApp, pane_text, rows_copied, shot_text, texts_in_turn
from tui.app.desk.record import BuildProgress
from tui.app.messages import EditRequested, FullTextRequested
from tui.app.panes.record_pane import RecordPane
from tui.app.panes.verdict import VerdictContent
from tui.app.rows.glyphs import Glyphs
from tui.gateway.check import check
from tui.gateway.life.words import REBUILD
from tui.gateway.subject import Subject
from tui.gateway.verdict import Finding, Place, Verdict
from tui.wasm.decode.decode import decode
from tui.workspace.config import load_config

ERROR = Finding(
    "mode", "error", "chat is a command", "wasm error: unreachable", "b rebuilds it", Place("function.wasm")
)
WARNING = Finding("timeout", "warning", "timeout is 90", "refused", "set timeout: 60", Place("function.yaml", 3, 10))
NOTE = Finding("note", "info", "just so", "", "")
RECORD = make_record(PERSISTENT_AS_COMMAND, verdict=Verdict("blocked", (ERROR, WARNING, NOTE)))


async def test_the_verdict_stands_on_top_and_findings_follow_worst_first() -> None:
    shown = await pane_text(VerdictContent(), RECORD)
    assert shown.splitlines()[0].strip().startswith("✗ blocked   1 error, 1 warning, 1 note")
    assert shown.index("✗ chat is a command") < shown.index("▲ timeout is 90") < shown.index("● just so")
    assert "at run time  wasm error: unreachable" in shown
    assert "→ set timeout: 60" in shown
    assert "function.yaml:3:10  timeout" in shown


async def test_a_build_under_way_is_not_asked_for() -> None:
    asked = ERROR._replace(remedy=f"add `x: true` to function.yaml; or {REBUILD}")
    idle = replace(RECORD, verdict=Verdict("blocked", (ERROR._replace(remedy=REBUILD), asked)))
    app = PaneApp(VerdictContent(), idle)
    async with app.run_test(size=(100, 20)) as pilot:
        assert shot_text(app).count("b rebuilds it") == 2
        app.pane.show(replace(idle, progress=BuildProgress("building")))
        await pilot.pause()
        assert "rebuilds" not in shot_text(app)
        assert "→ add `x: true` to function.yaml\n" in "\n".join(map(str.rstrip, shot_text(app).splitlines()))


async def test_enter_edits_at_the_place_and_shows_the_rest_whole() -> None:
    app = PaneApp(VerdictContent(), RECORD)
    async with app.run_test(size=(80, 30)) as pilot:
        await pilot.press("enter", "j", "enter")
        whole, edit = app.asked
        assert isinstance(whole, FullTextRequested)
        assert "unreachable" in whole.text
        assert isinstance(edit, EditRequested)
        assert (edit.place.path, edit.place.line, edit.place.column) == (Path("/w/chat/function.yaml"), 3, 10)
    assert (await rows_copied(VerdictContent(), RECORD))["the finding"] == "just so\n[note]"


async def test_good_and_unknown_functions_say_so() -> None:
    assert "✓ ready" in await pane_text(VerdictContent(), replace(RECORD, verdict=Verdict("ready")))
    assert "▲ warnings" in await pane_text(
        RecordPane(VerdictContent()), replace(RECORD, verdict=Verdict("warnings", (WARNING,)))
    )
    assert "being checked" in await pane_text(VerdictContent(), replace(RECORD, verdict=None))


async def test_a_real_module_of_the_wrong_mode(persistent_command: bytes, tmp_path: Path) -> None:
    (tmp_path / "function.yaml").write_text("name: chat\nws_persistent: true\n")
    module = decode(persistent_command)
    reading = load_config((tmp_path / "function.yaml").read_bytes())
    verdict = check(Subject(directory=tmp_path, reading=reading, module=module, wasm=persistent_command), CONTRACT)
    record = make_record(module, reading.config, directory=tmp_path, verdict=verdict)
    for width in (38, 76, 120):
        shown = " ".join((await pane_text(VerdictContent(), record, width, 90)).split())
        assert "✗ blocked" in shown
        assert "unreachable" in shown


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_hostile_text_is_shown_harmlessly(ascii_only: bool) -> None:
    findings = (Finding(text, "error", text, text, text, Place(text, 1)) for text in HOSTILE)
    records = (replace(RECORD, verdict=Verdict("blocked", (finding,))) for finding in findings)
    for shown in await texts_in_turn(VerdictContent(Glyphs(ascii_only)), records, 38):
        assert not UNSAFE & set(shown)
        assert shown.isascii() or not ascii_only


async def test_a_function_without_a_module_is_never_ready() -> None:
    notes = Verdict("warnings", (WARNING, NOTE))
    for verdict in (Verdict("ready", ()), notes):
        record = replace(make_record(None, verdict=verdict), modified=None)
        shown = await pane_text(VerdictContent(), record)
        assert "· unbuilt" in shown
        assert "nothing to judge yet" in shown
        assert "ready" not in shown
    assert "timeout is 90" in shown
    refused = replace(make_record(None, verdict=Verdict("blocked", (ERROR,))), modified=None)
    assert "✗ blocked" in await pane_text(VerdictContent(), refused)

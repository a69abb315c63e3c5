from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.samples import HOSTILE, UNSAFE
from tests.app.screens import StyledApp, shot_text
from tui.app.desk.builds.recalling import Said
from tui.app.dialogs.builds import BuildsScreen, SaidScreen, build_rows, said_rows
from tui.app.messages import EditRequested
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.building.events import BuildResult, Diagnostic
from tui.building.log.log_file import build_log
from tui.building.log.transcript import Transcript
from tui.building.record.history import BuildRecord
from tui.building.record.outcomes import keep_outcome, outcome_of

FOUND = Diagnostic("error", "undefined: x", "function.go", 3, 2)
BUILDS = (
    BuildRecord(1e9, 3.14, "built", size=100_000, argv=("tinygo", "build")),
    BuildRecord(1e9 + 60, 2.0, "failed", error="function.go:3:2: undefined: x"),
    BuildRecord(1e9 + 120, 3.0, "built", size=104_100, trigger="function.go changed"),
)


class BuildsApp(StyledApp):
    """Stands in for the program."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self.edits: list[EditRequested] = []

    def on_mount(self) -> None:
        self.push_screen(BuildsScreen("fn", self.directory, BUILDS, Glyphs()))

    def on_edit_requested(self, message: EditRequested) -> None:
        self.edits.append(message)


def kept(directory: Path) -> Transcript:
    transcript = Transcript(file=build_log(directory))
    transcript.note("$ tinygo build", 0.0)
    transcript.extend("stderr", ("./function.go:3:2: undefined: x",), 1.0)
    transcript.close(2.0)
    outcome = outcome_of(
        BuildResult(directory, "failed", 1, 2.0, diagnostics=(FOUND,), finished=BUILDS[1].finished), transcript
    )
    assert outcome is not None
    keep_outcome(directory, outcome)
    return transcript


async def test_the_newest_stands_first_and_enter_shows_errors_and_log(tmp_path: Path) -> None:
    kept(tmp_path)
    app = BuildsApp(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        lines = shot_text(app).splitlines()
        rows = [line for line in lines if "2001-09-09" in line]
        assert [word for word in ("+4.1 KB", "undefined: x", "asked for") if word in "\n".join(rows)] == [
            "+4.1 KB",
            "undefined: x",
            "asked for",
        ]
        assert "104 KB" in rows[0]
        assert "function.go changed" in rows[0]
        await pilot.press("j", "enter")
        for _ in range(200):
            if isinstance(app.screen, SaidScreen):
                break
            await pilot.pause(0.02)
        await pilot.pause()
        text = shot_text(app)
        assert (
            text.index("function.go:3:2  undefined: x") < text.index("$ tinygo build") < text.index("./function.go:3:2")
        )
        await pilot.press("enter")
        assert app.edits[0].place.line == 3


def test_a_build_without_a_log_says_so() -> None:
    rows = said_rows(BUILDS[1], Said(), Path("/w"), Glyphs(), 80)
    text = "\n".join(plain(line) for row in rows for line in row.lines)
    assert "function.go:3:2: undefined: x" in text
    assert "no log of this build was kept" in text
    assert plain(build_rows((), Glyphs(), 80)[0].lines[0]) == "no build of this function is on record"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_harmlessly(text: str) -> None:
    transcript = Transcript()
    transcript.extend("stderr", text.split("\n"), 0.0)
    failed = BUILDS[1]._replace(error=text, trigger=text, argv=(text,))
    for width in (20, 80):
        rows = [*said_rows(failed, Said(None, transcript), Path("/w"), Glyphs(), width)]
        shown = "".join(plain(line) for row in rows for line in row.lines)
        assert not UNSAFE & set(shown)
        assert all(width_of(line) <= width for row in rows for line in row.lines)
        cells = "".join(part.text for row in build_rows((failed,), Glyphs(), width) for c in row.cells for part in c)
        assert not UNSAFE & set(cells)

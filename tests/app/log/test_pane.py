"""The log pane as a person uses it, fed as a build feeds it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from tests.app.screens import StyledApp, shot_text
from tui.app.colours.roles import Line, Part
from tui.app.log.bar import LogBar
from tui.app.log.pane import LogPane
from tui.app.log.switches import LogSwitches
from tui.app.messages import CopyRequested
from tui.building.log.log_file import LogFile
from tui.building.log.transcript import Transcript

WAIT = 20.0


class LogApp(StyledApp):
    """A log pane alone on a screen, and what it asked for."""

    CSS = "LogPane { border: round $primary; }"

    def __init__(self) -> None:
        super().__init__()
        self.log_pane = LogPane()
        self.asked: list[CopyRequested] = []

    def compose(self) -> ComposeResult:
        yield self.log_pane

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.asked.append(message)

    def on_mount(self) -> None:
        self.log_pane.view.focus()


def do(pane: LogPane, action_id: str) -> bool | None:
    """Do an action of the table."""
    return pane.handlers()[action_id]()


@asynccontextmanager
async def showing(transcript: Transcript, height: int = 12) -> AsyncIterator[tuple[LogApp, LogPane, Pilot[Any]]]:
    app = LogApp()
    async with app.run_test(size=(60, height), notifications=True) as pilot:
        app.log_pane.read(transcript, "chat")
        await pilot.pause()
        yield app, app.log_pane, pilot


async def until(pilot: Pilot[Any], wanted: Callable[[], bool]) -> None:
    """Wait for a fact."""
    end = time.monotonic() + WAIT
    while not wanted():
        assert time.monotonic() < end, shot_text(pilot.app)
        await pilot.pause(0.02)
    await pilot.pause()


def numbered(count: int, limit: int = 100_000) -> Transcript:
    transcript = Transcript(limit)
    transcript.feed("stderr", b"".join(b"line %d\n" % number for number in range(count)), 1.5)
    return transcript


def lines_of(app: LogApp) -> list[str]:
    """The rows of the log, without the border, the cursor's bar and the scroll bar."""
    return [line[2:-2].strip() for line in shot_text(app).splitlines()[1:-1]]


def cursor_row(app: LogApp) -> tuple[int, str]:
    """The row of the log that the cursor is in (the first of several), and what it says."""
    marked = [(row, line) for row, line in enumerate(shot_text(app).splitlines()[1:-1]) if line[1:2] == "▌"]
    assert marked, shot_text(app)
    return marked[0]


async def test_it_follows_what_comes_and_has_no_timer_when_all_is_told() -> None:
    transcript = numbered(100)
    async with showing(transcript) as (app, pane, pilot):
        assert "line 99" in lines_of(app)[-1]
        assert "FOLLOW" in pane.title_text
        transcript.feed("stdout", b"more\nno newline", 2)
        await until(pilot, lambda: "more" in lines_of(app)[-1])
        transcript.close(3)
        await until(pilot, lambda: pane.view._timer is None)
        assert lines_of(app)[-1] == "no newline"


async def test_scrolling_up_holds_and_the_end_takes_hold_again() -> None:
    transcript = numbered(100)
    async with showing(transcript) as (app, pane, pilot):
        do(pane, "cursor-up")
        do(pane, "cursor-up")
        await pilot.pause()
        assert "HOLD" in pane.title_text
        shown = lines_of(app)
        transcript.feed("stderr", b"x\n" * 1204, 2)
        await until(pilot, lambda: "1,204 new lines" in pane.title_text)
        assert lines_of(app) == shown
        do(pane, "cursor-bottom")
        await pilot.pause()
        assert "FOLLOW" in pane.title_text
        assert lines_of(app)[-1].endswith("x")


async def test_the_wheel_lets_go_of_the_end_and_finds_it_again() -> None:
    async with showing(numbered(100)) as (_app, pane, pilot):
        pane.view.scroll_to(y=10, animate=False)
        await pilot.pause()
        assert not pane.view.follow
        pane.view.scroll_to(y=pane.view.max_scroll_y, animate=False)
        await pilot.pause()
        assert pane.view.follow


async def test_held_lines_stay_in_place_while_the_oldest_leave_memory() -> None:
    transcript = numbered(5_000, limit=5_000)
    async with showing(transcript) as (app, pane, pilot):
        pane.view.go(4_500)
        await pilot.pause()
        shown = lines_of(app)
        assert any("line 4500" in line for line in shown)
        transcript.feed("stderr", b"x\n" * 4_200, 2)
        await until(pilot, lambda: transcript.first > 0 and pane.view.rows is not None and not pane.view.rows.behind)
        await until(pilot, lambda: "new lines" in pane.title_text)
        assert lines_of(app) == shown


async def test_stderr_is_told_apart_by_a_sign() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"out\n", 0)
    transcript.feed("stderr", b"err\n", 0)
    async with showing(transcript) as (app, _pane, _pilot):
        assert lines_of(app)[:2] == ["out", "┃ err"]


async def test_what_tries_the_terminal_is_harmless() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"\x1b[2J\x1b]0;title\x07[/x] [bold]\xff\x9b31m\x08 \xe2\x80\xae.\n", 0)
    async with showing(transcript) as (app, _pane, _pilot):
        assert lines_of(app)[0] == "[/x] [bold]\ufffd\ufffd31 \\u202e."


async def test_search_goes_to_matches_round_the_end() -> None:
    async with showing(numbered(300)) as (app, pane, pilot):
        do(pane, "filter")
        await pilot.pause()
        await pilot.press(*"line 42", "enter")
        await until(pilot, lambda: pane.view.cursor.place == 42)
        assert any("line 42" in line for line in lines_of(app))
        assert not pane.view.follow
        do(pane, "previous-error")
        do(pane, "back")
        assert not pane.view.search.is_usable


async def test_next_and_previous_match() -> None:
    async with showing(numbered(300)) as (_app, pane, pilot):
        pane._search.typed("search", "/line .7$")
        for step, expected in ((1, 17), (1, 27), (-1, 17), (-1, 97), (1, 17)):
            do(pane, "next-error" if step > 0 else "previous-error")
            await until(pilot, lambda expected=expected: pane.view.cursor.place == expected)  # type: ignore[misc]


async def test_a_bad_pattern_is_told_in_place_and_changes_nothing() -> None:
    async with showing(numbered(30)) as (app, pane, pilot):
        do(pane, "log-only")
        await pilot.pause()
        await pilot.press(*"/(")
        await until(pilot, lambda: "bad pattern" in shot_text(app))
        assert "line 29" in shot_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert pane.query_one(LogBar).display
        await pilot.press("escape")
        await until(pilot, lambda: not pane.query_one(LogBar).display)


async def test_the_filter_keeps_matching_lines_and_counts_what_it_hides() -> None:
    transcript = numbered(1_000)
    async with showing(transcript) as (app, pane, pilot):
        do(pane, "log-only")
        await pilot.pause()
        await pilot.press(*"99", "enter")
        await until(pilot, lambda: "19 of 1,000 lines" in pane.title_text)
        transcript.feed("stderr", b"another 99\nnot this\n", 2)
        await until(pilot, lambda: "20 of 1,002 lines" in pane.title_text)
        assert "another 99" in lines_of(app)[-1]
        assert do(pane, "back") is not False
        await until(pilot, lambda: "not this" in shot_text(app))


async def test_the_cursor_is_on_a_line_that_the_filter_keeps() -> None:
    async with showing(numbered(1_000)) as (app, pane, pilot):
        pane.view.go(420)
        await pilot.pause()
        pane._search.typed("only", "/9.9$")
        await until(pilot, lambda: "10 of 1,000 lines" in pane.title_text)
        assert pane.view.cursor.place == 909
        assert "line 909" in cursor_row(app)[1]
        do(pane, "copy")
        await until(pilot, lambda: bool(app.asked))
        assert app.asked[0].text == "line 909"
        do(pane, "back")
        await pilot.pause()
        assert "line 909" in cursor_row(app)[1]


async def test_a_filter_that_finds_nothing_says_so_and_forgets_no_place() -> None:
    async with showing(numbered(1_000)) as (app, pane, pilot):
        pane.view.go(420)
        pane._search.typed("only", "nowhere [/x]")
        await until(pilot, lambda: 'no line matches "nowhere [/x]"   esc: all' in shot_text(app))
        assert not pane.view.follow
        do(pane, "back")
        await pilot.pause()
        assert pane.view.cursor.place == 420
        assert "line 420" in cursor_row(app)[1]
        assert "no line matches" not in shot_text(app)


@pytest.mark.parametrize("action_id", ["log-times", "log-wrap"])
async def test_the_cursor_keeps_its_row_where_lines_are_laid_out_anew(action_id: str) -> None:
    transcript = Transcript()
    for number in range(3_000):
        transcript.feed("stderr", b"line %d %s\n" % (number, b"x" * (number % 150)), number)
    async with showing(transcript) as (app, pane, pilot):
        pane.view.go(2_000)
        pane.view.go(1_996)
        for _ in range(2):
            await pilot.pause()
            before = cursor_row(app)[0]
            do(pane, action_id)
            await until(pilot, lambda: pane.view.rows is not None and not pane.view.rows.behind)
            await pilot.pause()
            assert cursor_row(app)[0] == before
            assert "line 1996" in lines_of(app)[before]


async def test_the_cursor_stays_in_sight_above_the_bar() -> None:
    async with showing(numbered(1_000)) as (_app, pane, pilot):
        pane.view.go(990)
        pane.view.go(993)
        pane.view.go(998)  # in the last row
        await pilot.pause()
        do(pane, "filter")
        await until(pilot, lambda: pane.query_one(LogBar).display)
        await pilot.pause()
        view = pane.view
        assert 0 <= 998 - view.scroll_offset.y < view.page
        view.scroll_to(y=500, animate=False, force=True)  # by hand: there one stays
        await pilot.press("escape")
        await pilot.pause()
        assert view.scroll_offset.y == 500


async def test_what_there_is_none_of_is_neither_copied_nor_saved() -> None:
    app = LogApp()
    async with app.run_test(size=(60, 12), notifications=True) as pilot:
        app.log_pane.read(None, "", "chat")
        for action_id in ("log-copy-all", "log-copy-path", "copy"):
            do(app.log_pane, action_id)
            await until(pilot, lambda: "nothing to copy here" in shot_text(app))
            app.clear_notifications()
        do(app.log_pane, "log-save")
        await until(pilot, lambda: "nothing to save here" in shot_text(app))


async def test_wrap_and_times() -> None:
    transcript = Transcript()
    transcript.feed("stderr", b"a" * 70 + b"b" * 10 + b"\n", 12.3456)
    async with showing(transcript) as (app, pane, pilot):
        assert "b" not in "".join(lines_of(app))
        LogSwitches(pane.view).toggle_wrap()
        await pilot.pause()
        assert lines_of(app)[1].endswith("b" * 10)
        do(pane, "log-times")
        await pilot.pause()
        assert lines_of(app)[0].startswith("12.346s ┃ aaa")
        await pilot.resize_terminal(100, 12)
        await until(pilot, lambda: lines_of(app)[0].endswith("b"))


async def test_copying_a_line_a_selection_and_all() -> None:
    transcript = Transcript()
    transcript.feed("stderr", b"\x1b[31mone\x1b[0m\ntwo\nthree\n", 0)
    async with showing(transcript) as (app, pane, pilot):
        do(pane, "copy")
        do(pane, "log-select")
        do(pane, "cursor-up")
        do(pane, "copy")
        do(pane, "log-copy-all")
        await until(pilot, lambda: len(app.asked) == 3)
        assert app.asked == [
            CopyRequested("three", "the line"),
            CopyRequested("two\nthree", "2 lines"),
            CopyRequested("one\ntwo\nthree\n", "3 lines of the log"),
        ]


async def test_selecting_with_the_mouse() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"first line\nsecond line\n", 0)
    async with showing(transcript) as (app, pane, pilot):
        await pilot.mouse_down(pane.view, offset=(3 + 6, 0))
        await pilot.hover(pane.view, offset=(3 + 5, 1))
        await pilot.mouse_up(pane.view, offset=(3 + 5, 1))
        await pilot.pause()
        assert app.screen.get_selected_text() == "line\nsecond"


async def test_saving_never_writes_over_a_file(tmp_path: Path) -> None:
    async with showing(numbered(10_000)) as (app, pane, pilot):
        target = tmp_path / "saved.log"
        for expected in ("", "File exists"):
            do(pane, "log-save")
            await pilot.pause()
            pane.query_one(LogBar).query_one("Input").value = str(target)  # type: ignore[attr-defined]
            await pilot.press("enter")
            await until(pilot, lambda: target.exists() and target.stat().st_size > 90_000)
            await until(pilot, lambda expected=expected: expected in shot_text(app))  # type: ignore[misc]
        assert target.read_text() == "".join(f"line {number}\n" for number in range(10_000))


async def test_clearing_hides_what_came() -> None:
    transcript = numbered(50)
    async with showing(transcript) as (app, pane, pilot):
        do(pane, "log-clear")
        await pilot.pause()
        assert "".join(lines_of(app)).strip() == "cleared"
        transcript.feed("stderr", b"after\n", 2)
        await until(pilot, lambda: "after" in lines_of(app)[0])


async def test_the_title_says_which_match_of_how_many() -> None:
    async with showing(numbered(100)) as (_app, pane, pilot):
        pane.view.go(0)
        pane._search.typed("search", "/line .7$")
        do(pane, "next-error")
        await until(pilot, lambda: "match 1 of 9" in pane.title_text)
        do(pane, "next-error")
        await until(pilot, lambda: "match 2 of 9" in pane.title_text)
        pane._search.typed("search", "")
        assert "match" not in pane.title_text


async def test_each_function_keeps_its_search_and_place() -> None:
    first, second = numbered(500), numbered(10)
    async with showing(first) as (app, pane, pilot):
        pane._search.typed("search", "line 7")
        pane.view.go(123)
        await pilot.pause()
        shown = lines_of(app)
        pane.read(second, "echo")
        await pilot.pause()
        assert (pane.view.search.is_usable, pane.view.follow) == (False, True)
        pane.read(first, "chat")
        await pilot.pause()
        assert (pane.view.search.is_usable, pane.view.follow, pane.view.cursor.place) == (True, False, 123)
        assert any("line 123" in line for line in lines_of(app))
        assert len(shown) == len(lines_of(app))
        pane.read(None, "")
        await pilot.pause()
        assert not "".join(lines_of(app))


async def test_the_log_file_is_named(tmp_path: Path) -> None:
    transcript = Transcript(file=LogFile(tmp_path / "chat.log"))
    transcript.feed("stderr", b"x\n", 0)
    async with showing(transcript) as (app, pane, pilot):
        do(pane, "log-copy-path")
        await until(pilot, lambda: bool(app.asked))
        assert app.asked == [CopyRequested(str(tmp_path / "chat.log"), "the path of the log file")]


async def test_a_line_of_ten_megabytes_can_be_looked_at() -> None:
    transcript = Transcript()
    for _ in range(160):
        transcript.feed("stderr", b"\x1b[31mx" * 10_000, 0)
    transcript.feed("stderr", b"\n", 0)
    async with showing(transcript) as (app, pane, pilot):
        assert lines_of(app)[0].startswith("┃ xxx")
        LogSwitches(pane.view).toggle_wrap()
        await pilot.pause()
        assert pane.view.rows is not None
        assert pane.view.rows.rows > 100


def compile_search(text: str) -> Any:
    from tui.app.log.search import compile_pattern

    return compile_pattern(text)


async def test_a_search_can_be_asked_for_in_the_moment_in_which_the_log_is() -> None:
    app = StyledApp()
    async with app.run_test() as pilot:
        pane = LogPane()
        app.mount(pane)
        pane.handlers()["log-only"]()  # by a key of the same write as the one that opened the pane
        await pilot.pause()
        await pilot.press(*"abc")
        assert isinstance(app.focused, Input)
        assert app.focused.value == "abc"


@pytest.mark.parametrize("size", [(20, 4), (3, 3), (200, 60)])
async def test_any_size(size: tuple[int, int]) -> None:
    app = LogApp()
    async with app.run_test(size=size) as pilot:
        app.log_pane.read(numbered(50), "chat")
        await pilot.pause()
        LogSwitches(app.log_pane.view).toggle_wrap()
        await pilot.pause()
        assert app.log_pane.view.rows is not None


async def test_lines_of_ours_are_told_apart_and_copied_like_any_other() -> None:
    transcript = Transcript()
    transcript.note("$ tinygo build [/x] \x1b[2J.", 0.0)
    transcript.extend("stderr", ("# example.com/fn",), 0.5)
    transcript.note("tinygo build failed: exit status 1", 1.0)
    transcript.close(1.0)
    async with showing(transcript) as (app, pane, pilot):
        lines = lines_of(app)
        assert lines[0].startswith("· $ tinygo build [/x]")
        assert lines[1] == "┃ # example.com/fn"
        assert lines[2] == "· tinygo build failed: exit status 1"
        assert "\x1b" not in shot_text(app)
        do(pane, "log-copy-all")
        await until(pilot, lambda: bool(app.asked))
        assert app.asked[0].text.endswith("tinygo build failed: exit status 1\n")
        muted, plain_line = (pane.view.render_line(row)._segments[1].style for row in (0, 1))
        assert muted != plain_line


async def test_without_a_transcript_it_says_what_to_do_instead() -> None:
    app = LogApp()
    async with app.run_test(size=(60, 8)) as pilot:
        words = "not read yet"

        def instead() -> list[Line]:
            return [(Part(f" {words} [/x]"),)]

        app.log_pane.read(None, "", "chat", instead)
        await pilot.pause()
        assert "not read yet [/x]" in shot_text(app)
        words = "no build yet"  # more is known of the same function
        app.log_pane.read(None, "", "chat", instead)
        await pilot.pause()
        assert "no build yet [/x]" in shot_text(app)
        app.log_pane.read(numbered(3), "", "chat", instead)
        await pilot.pause()
        assert "no build yet" not in shot_text(app)

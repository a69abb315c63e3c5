from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.app.records import ended, record, refused
from tests.app.screens import PaneApp, pane_text, shot_text
from tui.app.desk.error_book import ErrorBook
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.app.messages import CopyRequested, EditRequested, FullTextRequested
from tui.app.panes.errors.pane import ErrorsPane
from tui.building.events import Diagnostic
from tui.workspace.function import Function

MANY = 9  # functions with errors
UNDEFINED = Diagnostic("error", "undefined: [/x]", "function.go", 3, 2)
MISSING = Diagnostic("error", "no module provides a.b/c", "function.go", 1, fix="go get a.b/c")
LINKER = Diagnostic("error", "wasm-ld: error: \x1b[2J", details=("referenced by main",))


def store_of(*records: FunctionRecord) -> Store:
    """A store that knows these."""
    store = Store()
    store.find(known.function for known in records)
    for known in records:
        store.change(known.path, reading=known.reading, last=known.last, finished=known.finished)
    return store


def book_of(*records: FunctionRecord) -> ErrorBook:
    return ErrorBook(store_of(*records))


async def laid_out(app: PaneApp, pilot: Pilot[None]) -> None:
    """Wait until the rows are made, which a thread does."""
    pane, end = app.pane, time.monotonic() + 40
    assert isinstance(pane, ErrorsPane)
    while pane.row is None:
        assert time.monotonic() < end, shot_text(app)
        await pilot.pause()


async def errors_text(book: ErrorBook, known: FunctionRecord, width: int = 80) -> str:
    app = PaneApp(ErrorsPane(book), known)
    async with app.run_test(size=(width, 40)) as pilot:
        await laid_out(app, pilot)
        return shot_text(app)


@pytest.fixture
def failed(tmp_path: Path) -> FunctionRecord:
    (tmp_path / "function.go").write_text("package main\n\n\tx()\n")
    base = replace(record("chat"), function=Function("chat", tmp_path, has_yaml=True, has_go=True))
    return ended(base, "failed", UNDEFINED, MISSING, LINKER)


async def test_a_function_s_errors_with_source_and_caret(failed: FunctionRecord) -> None:
    shown = await errors_text(book_of(failed), failed)
    assert "chat  3 errors" in shown
    assert "function.go:3:2  undefined: [/x]" in shown
    assert "3 │         x()" in shown
    assert "│         ^" in shown
    assert "\\e[2J" in shown


async def test_e_on_an_error_without_a_place_edits_its_function(failed: FunctionRecord) -> None:
    """The last line offers it there; it did nothing."""
    app = PaneApp(ErrorsPane(book_of(failed, record("other"))), failed)
    async with app.run_test(size=(80, 30)) as pilot:
        await laid_out(app, pilot)
        await pilot.press("G", "e")
        (edit,) = app.asked
        assert isinstance(edit, EditRequested)
        assert edit.place.path == failed.function.directory / "function.go"


async def test_enter_edits_and_y_copies_the_fix(failed: FunctionRecord) -> None:
    app = PaneApp(ErrorsPane(book_of(failed)), failed)
    async with app.run_test(size=(80, 30)) as pilot:
        await laid_out(app, pilot)
        await pilot.press("enter")
        await pilot.press("j")
        pane = app.pane
        assert isinstance(pane, ErrorsPane)
        assert pane.copy_target() == CopyRequested("go get a.b/c", "the command that mends it")
        await pilot.press("j", "enter")
        await pilot.press("g", "e")
        await pilot.press("G")
        assert pane.row is not None
        assert "wasm-ld" in pane.row.full
        edit, whole, again = app.asked
        assert isinstance(edit, EditRequested)
        assert (edit.place.path, edit.place.line, edit.place.column) == (
            failed.function.directory / "function.go",
            3,
            2,
        )
        assert isinstance(whole, FullTextRequested)
        assert "referenced by main" in whole.text
        assert again == edit


async def test_all_functions_in_one_list(tmp_path: Path, failed: FunctionRecord) -> None:
    store = store_of(*(ended(record(f"fn{number}"), "failed", UNDEFINED) for number in range(3)), failed)
    pane = ErrorsPane(ErrorBook(store))
    app = PaneApp(pane, None)
    async with app.run_test(size=(80, 40)) as pilot:
        await laid_out(app, pilot)
        text = shot_text(app)
        assert [name for name in ("fn0", "fn1", "fn2", "chat") if name in text] == ["fn0", "fn1", "fn2", "chat"]
        assert pane.book.count("error") == 6
        pane.show(failed)
        await pilot.pause()
        assert pane.row is not None
        assert pane.row.key.startswith("chat:")
        store.change("chat", last=None)
        pane.show(store["chat"])
        await pilot.pause()
        assert pane.book.count("error") == 3
        assert "chat" not in shot_text(app)


async def test_nothing_to_tell() -> None:
    assert "no errors" in await pane_text(ErrorsPane(book_of()), None)
    built = ended(record("fn"), "built")
    assert "no errors" in await pane_text(ErrorsPane(book_of(built)), built)


async def test_a_failure_without_diagnostics_still_shows() -> None:
    silent = ended(record("fn"), "failed")
    assert "tinygo build failed: exit status 1" in await errors_text(book_of(silent), silent)


async def test_narrow(failed: FunctionRecord) -> None:
    assert "undefined" in await errors_text(book_of(failed), failed, width=24)


async def test_a_thousand_errors_are_one_widget() -> None:
    many = ended(record("fn"), "failed", *(UNDEFINED._replace(line=number) for number in range(1, 1001)))
    pane = ErrorsPane(book_of(many))
    app = PaneApp(pane, None)
    async with app.run_test(size=(80, 24)) as pilot:
        await laid_out(app, pilot)
        await pilot.press("G")
        assert "function.go:1000:2" in shot_text(app)
        assert not list(pane.query("*"))


async def test_the_function_that_is_looked_at_comes_first_then_the_next_ones_round_the_end(
    failed: FunctionRecord,
) -> None:
    silent = ended(record("zoo"), "failed")
    store = store_of(ended(record("abacus"), "failed", UNDEFINED), silent, refused("digest"), failed)
    pane = ErrorsPane(ErrorBook(store))
    app = PaneApp(pane, None)
    async with app.run_test(size=(80, 40)) as pilot:
        await laid_out(app, pilot)
        pane.show(failed)
        await pilot.pause()
        text = shot_text(app)
        order = [
            text.index(name) for name in ("chat  3 errors", "digest  1 error", "zoo  tinygo build", "abacus  1 error")
        ]
        assert order == sorted(order)
        assert pane.standing == "2 of 6"  # as they stand by path
        seen = []
        for _ in range(6):
            assert pane.place is not None
            seen.append(pane.place.path)
            await pilot.press("j")
        assert seen == ["chat", "chat", "chat", "digest", "zoo", "abacus"]
        store.find([store.function("abacus"), store.function("digest")], whole=True)
        end = time.monotonic() + 10
        while "chat  3 errors" in shot_text(app):  # it looks at what changed by itself
            assert time.monotonic() < end, shot_text(app)
            await pilot.pause()
        assert pane.book.count("error") == 2


async def test_a_refused_config_is_an_error_with_its_place() -> None:
    digest = refused("digest", line=3)
    app = PaneApp(ErrorsPane(book_of(digest)), digest)
    async with app.run_test(size=(80, 20)) as pilot:
        await laid_out(app, pilot)
        await pilot.press("enter")
        (edit,) = app.asked
        assert isinstance(edit, EditRequested)
        assert (edit.place.path.name, edit.place.line) == ("function.yaml", 3)


async def test_the_lines_of_many_files_are_read_beside_the_keys(tmp_path: Path) -> None:
    records = []
    for number in range(MANY):
        directory = tmp_path / f"fn{number}"
        directory.mkdir()
        (directory / "function.go").write_text(f"package main\n\n\tx{number}()\n")
        base = replace(record(f"fn{number}"), function=Function(f"fn{number}", directory, has_yaml=True, has_go=True))
        records.append(ended(base, "failed", UNDEFINED))
    store = store_of(*records)
    app = PaneApp(ErrorsPane(ErrorBook(store)), None)
    async with app.run_test(size=(80, 60)) as pilot:
        end = time.monotonic() + 40
        while not all(f"x{number}()" in shot_text(app) for number in range(MANY)):
            assert time.monotonic() < end, shot_text(app)
            await pilot.pause()
        store.change("fn0", last=None)
        while "x0()" in shot_text(app):
            assert time.monotonic() < end, shot_text(app)
            await pilot.pause()
        assert f"x{MANY - 1}()" in shot_text(app)


async def test_in_another_width_the_rows_are_made_anew(failed: FunctionRecord) -> None:
    app = PaneApp(ErrorsPane(book_of(failed)), failed)
    async with app.run_test(size=(80, 30)) as pilot:
        end = time.monotonic() + 40
        while "no module provides a.b/c" not in shot_text(app):
            assert time.monotonic() < end, shot_text(app)
            await pilot.pause()
        await pilot.resize_terminal(30, 30)
        while "no module provides a.b/c" in shot_text(app) or "a.b/c" not in shot_text(app):
            assert time.monotonic() < end, shot_text(app)
            await pilot.pause()

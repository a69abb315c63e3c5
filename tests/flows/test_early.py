"""The first frame before the toolkit, on real pseudo-terminals: taken over in place, and never left behind."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.emulator import Cell, Emulator
from tests.flows.pseudo_terminal import ALTERNATE_OFF, ALTERNATE_ON, Terminal

pytestmark = pytest.mark.slow
SYNC_ASKED, SYNC_END = b"\x1b[?2026$p", b"\x1b[?2026l"
PIECE = 1024  # bytes
NAMES = [f"{folder}/fn{number}" for folder in ("billing", "catalog") for number in range(7)]
# A frame of its own is kept, and nothing comes after it is drawn but what `then` says.
HELD = """
import os, sys, time
from tui.cli import main
from tui.cli.commands import screen
from tui.cli.early import opening_of
then = sys.argv.pop(1)
opening_of(sys.argv[1:]).keep({(100, 30): [[("1", "EARLY")]] * 30})
screen.run = lambda args: exec(then)
sys.exit(main())
"""
# The curtain stays down for as long as it may, and reading takes its time or, with `never`, does not begin.
SLOW = """
import sys, time
from tui.app.terminal import curtain
from tui.app.desk.reading import reader
from tui.cli import main
curtain.HELD = curtain.SECONDS = 60
if sys.argv.pop(1) == "never":
    reader.Reader.begin = lambda self: None
read = reader.read
reader.read = lambda *words: time.sleep(0.05) or read(*words)
sys.exit(main())
"""


@pytest.fixture
def functions(tmp_path: Path) -> Path:
    """Fourteen functions in two folders: enough that their states are kept."""
    root = tmp_path / "functions"
    for name in NAMES:
        add_function(root, name, f"name: {name[-3:]}\n", ECHO_SOURCE)
    return root


class Watched:
    """fn-tui on a terminal whose screen is looked at after every few bytes."""

    def __init__(
        self, rows: int, columns: int, *words: str, start: Sequence[str] = ("-m", "tui"), **environment: Any
    ) -> None:
        argv = [sys.executable, *start, *words]
        self.terminal = Terminal(argv, os.environ["PATH"], size=(rows, columns), **environment)
        self.screen = Emulator(rows, columns)
        self._fed = 0

    def early(self) -> list[list[Cell]]:
        """The frame before Textual."""
        self.terminal.until(SYNC_END)
        assert SYNC_ASKED not in self.terminal.seen  # Textual has not begun
        self._fed = self.terminal.seen.index(SYNC_END) + len(SYNC_END)
        self.screen.feed(self.terminal.seen[: self._fed])
        return [[*row] for row in self.screen.cells]

    def until(self, fact: Callable[[list[str]], object], looked_at: Callable[[], None] = lambda: None) -> None:
        """Wait until the screen is so; `looked_at` is called with each piece of what is written until then."""
        end = time.monotonic() + 40
        while not fact(self.screen.text):
            assert time.monotonic() < end, "\n".join(self.screen.text)
            if self._fed == len(self.terminal.seen):
                self.terminal._read()
            piece = self.terminal.seen[self._fed : self._fed + PIECE]
            self._fed += len(piece)
            self.screen.feed(piece)
            looked_at()

    @property
    def cursor(self) -> str:
        """The row of the list that the cursor is on."""
        return next((row for row in self.screen.text[1:] if row[1] in ("▌", ">")), "")

    def quit(self) -> None:
        """Leave, and be gone."""
        self.terminal.press(b"q")
        assert self.terminal.exit_code() == 0
        self.terminal.close()


def text_of(row: list[Cell]) -> str:
    """A row as text."""
    return "".join(letter for letter, _ in row)


def list_rows(frame: list[list[Cell]], corner: str) -> list[list[Cell]]:
    """The box of the list in a frame, its edges with it. Without the rows that `j` leaves and comes to, since it may
    have been heard already, and those of folders, which tell of the first function that is read.
    """
    top = next(row for row in frame[:2] if row[0][0] in "╭.")
    width = next(place for place, (letter, _) in enumerate(top) if place and letter == corner) + 1
    rows = [row[:width] for row in frame[frame.index(top) : -1]]
    return [row for row in rows if not any(name in text_of(row) for name in ("fn3", "fn4", "billing", "catalog"))]


def all_read(text: list[str]) -> bool:
    """Whether the list says of all functions what they are."""
    return len(re.findall(r"fn\d +unbuilt ", "\n".join(text))) == len(NAMES)


def unread(text: list[str]) -> bool:
    """Whether header and list say of no function more than was known before."""
    listed = len(re.findall(r"fn\d +unbuilt[?]", "\n".join(text)))
    return listed == len(NAMES) and re.search(rf"[….] {len(NAMES)}\b", text[0]) is not None


@pytest.mark.parametrize(
    ("rows", "columns", "words", "environment"),
    [
        pytest.param(24, 80, ("--theme", "fn-tui-light"), {"COLORTERM": "truecolor"}, marks=pytest.mark.long),
        (30, 100, (), {"NO_COLOR": "1"}),
        (40, 120, ("--ascii",), {}),
    ],
    ids=["80x24 light", "100x30 without colours", "120x40 ascii"],
)
def test_it_is_taken_over_without_a_gap_and_what_is_typed_on_it_arrives(
    functions: Path, rows: int, columns: int, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    corner = "." if "--ascii" in words else "╮"
    first = Watched(rows, columns, *words, str(functions), **environment)
    if "--theme" not in words:  # else it may end with a sentence
        stands_still(first, ".-" if "--ascii" in words else "╭─")
    first.until(all_read)
    first.terminal.press(b"jjj")
    first.until(lambda _: "fn3" in first.cursor)
    first.quit()

    second = Watched(rows, columns, *words, str(functions), **environment)
    early = second.early()
    second.terminal.press(b"j")
    shown = [*second.screen.text]
    assert shown[0].startswith(" fn-tui ")
    assert "fn3" in second.cursor
    assert sum("unbuilt?" in row for row in shown) == len(NAMES)
    frames: list[list[list[Cell]]] = []

    def look() -> None:
        if unread(second.screen.text):
            frames.append(list_rows(second.screen.cells, corner))
            assert second.screen.cells[-1] == early[-1]  # the keys
            assert second.screen.text[0].startswith(" fn-tui ")

    second.until(lambda text: all_read(text) and "fn4" in second.cursor, look)
    # What is read may begin to be drawn, and a piece may end within a row: each cell is as before or as at the end.
    before, after = list_rows(early, corner), list_rows(second.screen.cells, corner)
    assert len(frames) > 3
    for frame in frames:
        assert [*map(len, frame)] == [*map(len, before)]
        assert all(
            cell in cells for row in zip(frame, before, after, strict=True) for cell, *cells in zip(*row, strict=True)
        )
    assert (second.screen.entered, second.screen.cleared) == (1, 0)
    second.quit()
    assert second.terminal.seen.count(ALTERNATE_ON) == second.terminal.seen.count(ALTERNATE_OFF) == 1

    if not words:  # and of a size that was not seen
        third = Watched(rows + 6, columns + 30, str(functions), **environment)
        stands_still(third, "╭─")
        third.quit()
        assert third.screen.cleared == 0


def stands_still(watched: Watched, edge: str) -> None:
    """The names come first, and are where they were until the boxes are there too."""
    watched.early()
    text = [*watched.screen.text]
    assert sum("fn" in row for row in text[1:]) == len(NAMES)
    assert edge not in "".join(text)
    names = [(place, at.span(), at[0]) for place, row in enumerate(text) for at in re.finditer(r"[\w/-]+", row)]

    def look() -> None:
        for place, (start, end), name in names:
            assert watched.screen.text[place][start:end] == name

    watched.until(lambda text: edge in text[1] and watched.cursor, look)


def test_of_few_functions_all_that_is_known_is_in_the_first_frame_after_it(functions: Path) -> None:
    watched = Watched(40, 120, "slowly", str(functions), start=("-c", SLOW))
    watched.early()
    shown: set[str] = set()  # how many functions the header says are not read yet

    def look() -> None:
        shown.update(re.findall(r"[….] (\d+)", watched.screen.text[0]))

    watched.until(all_read, look)
    assert shown <= {str(len(NAMES))}
    watched.quit()


def test_the_demo_has_one_too_once_it_is_copied(tmp_path: Path) -> None:
    watched = Watched(24, 80, "demo", str(tmp_path / "demo"))
    frame = watched.early()
    assert any("wallet" in text_of(row) for row in frame)
    watched.until(lambda text: any("stale" in row for row in text))
    watched.quit()


def test_words_that_are_wrong_are_told_of_with_no_frame_before(functions: Path) -> None:
    terminal = Terminal([sys.executable, "-m", "tui", "--compiler", "gcc", str(functions)], os.environ["PATH"])
    assert terminal.exit_code() == 2
    assert b"invalid choice: 'gcc'" in terminal.seen
    assert ALTERNATE_ON not in terminal.seen
    terminal.close()


def test_what_is_typed_is_answered_though_not_all_is_known(functions: Path) -> None:
    watched = Watched(40, 120, "never", str(functions), start=("-c", SLOW))
    watched.early()
    watched.terminal.press(b"jj")
    watched.until(lambda text: "╭─" in text[1] and "fn2" in watched.cursor)
    assert not all_read(watched.screen.text)
    watched.quit()


def test_ctrl_z_is_heard_by_the_screen_that_took_an_early_frame_over(functions: Path) -> None:
    watched = Watched(40, 120, str(functions))
    watched.early()
    watched.until(all_read)
    watched.terminal.press(b"\x1a")
    watched.until(lambda text: "no shell waits" in "\n".join(text))  # gave the terminal back, and took it again
    watched.quit()


Held = Iterator[tuple[Terminal, list[object]]]


@pytest.fixture
def held(request: pytest.FixtureRequest, functions: Path) -> Held:
    """fn-tui after its first frame, at what `then` says; and how its terminal was before."""
    terminal = Terminal([sys.executable, "-c", HELD, request.param, str(functions)], os.environ["PATH"])
    before = terminal.modes
    terminal.until(b"EARLY")
    yield terminal, before
    terminal.close()


@pytest.mark.parametrize("held", ["while True: time.sleep(0.01)"], indirect=True, ids=[""])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.long)])
def test_a_signal_before_textual_restores_the_terminal(held: tuple[Terminal, list[object]], number: int) -> None:
    terminal, before = held
    terminal.until(SYNC_END)
    terminal.until_so(lambda: terminal.modes != before, "raw")
    os.kill(terminal.pid, number)
    assert terminal.exit_code() == (130 if number == signal.SIGINT else -number)
    assert terminal.modes == before
    assert terminal.seen.rindex(ALTERNATE_OFF) > terminal.seen.rindex(b"EARLY")


@pytest.mark.parametrize("held", ["import tui.nothing_of_that_name"], indirect=True, ids=[""])
def test_a_fault_before_textual_is_told_on_the_terminal_as_it_was(held: tuple[Terminal, list[object]]) -> None:
    terminal, before = held
    assert terminal.exit_code() == 70
    assert terminal.modes == before
    assert b"nothing_of_that_name" in terminal.seen[terminal.seen.rindex(ALTERNATE_OFF) :]


@pytest.mark.parametrize(
    "held", ["import signal; os.kill(os.getpid(), signal.SIGTSTP); print('on')"], indirect=True, ids=[""]
)
def test_who_stops_it_before_textual_gets_the_terminal(held: tuple[Terminal, list[object]]) -> None:
    terminal, before = held  # no shell is behind it: the system does not stop it
    assert terminal.exit_code() == 0
    assert terminal.modes == before
    assert b"on" in terminal.seen[terminal.seen.rindex(ALTERNATE_OFF) :]

"""The first frame before the toolkit, on real pseudo-terminals: taken over in place, and never left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.emulator import Cell, Emulator
from tests.flows.pseudo_terminal import ALTERNATE_OFF, ALTERNATE_ON, Terminal

pytestmark = pytest.mark.slow
SYNC_ASKED, SYNC_KNOWN, SYNC_END = b"\x1b[?2026$p", b"\x1b[?2026;2$y", b"\x1b[?2026l"
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


@pytest.fixture
def functions(tmp_path: Path) -> Path:
    """Fourteen functions in two folders: enough that their states are kept."""
    root = tmp_path / "functions"
    for name in NAMES:
        add_function(root, name, f"name: {name[-3:]}\n", ECHO_SOURCE)
    return root


class Watched:
    """fn-tui on a terminal that draws whole frames at once, and each of them."""

    def __init__(self, rows: int, columns: int, *words: str, **environment: Any) -> None:
        argv = [sys.executable, "-m", "tui", "--compiler", "go", *words]
        self.terminal = Terminal(argv, os.environ["PATH"], size=(rows, columns), **environment)
        self.screen = Emulator(rows, columns)
        self.frames: list[list[list[Cell]]] = []
        self._fed = 0
        self._answered = False

    def next_frame(self) -> list[str]:
        """Wait for one; its text."""
        before = len(self.frames)
        self.terminal.until_so(lambda: self._take() > before, "a frame")
        return self.screen.text

    def _take(self) -> int:
        if SYNC_ASKED in self.terminal.seen and not self._answered:
            self._answered = True
            self.terminal.press(SYNC_KNOWN)
        end = self.terminal.seen.find(SYNC_END, self._fed)
        if end >= 0:
            end += len(SYNC_END)
            self.screen.feed(self.terminal.seen[self._fed : end])
            self._fed = end
            self.frames.append([[*row] for row in self.screen.cells])
        return len(self.frames)

    def until(self, fact: Callable[[list[str]], object]) -> None:
        """Wait until a frame is so."""
        end = time.monotonic() + 40
        while not fact(self.screen.text):
            assert time.monotonic() < end, "\n".join(self.screen.text)
            self.next_frame()

    @property
    def cursor(self) -> str:
        """The row of the list that the cursor is on."""
        return next((row for row in self.screen.text[1:] if row[1] in ("▌", ">")), "")

    def quit(self) -> None:
        """Leave, and be gone."""
        self.terminal.press(b"q")
        assert self.terminal.exit_code() == 0
        self.terminal.close()


def list_rows(frame: list[list[Cell]], corner: str) -> list[list[Cell]]:
    """The box of the list in a frame, its edges with it, without the rows that `j` leaves and comes to: it may have
    been heard already.
    """
    top = next(row for row in frame[:2] if row[0][0] in "╭.")
    width = next(place for place, (letter, _) in enumerate(top) if place and letter == corner) + 1
    rows = [row[:width] for row in frame[frame.index(top) : -1]]
    return [row for row in rows if not any(name in "".join(letter for letter, _ in row) for name in ("fn3", "fn4"))]


@pytest.mark.parametrize(
    ("rows", "columns", "words", "environment"),
    [
        (24, 80, ("--theme", "fn-tui-light"), {"COLORTERM": "truecolor"}),
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
    first.until(lambda text: "unbuilt" in "".join(text) and "reading" not in "".join(text))
    first.terminal.press(b"jjj")
    first.until(lambda _: "fn3" in first.cursor)
    first.quit()

    second = Watched(rows, columns, *words, str(functions), **environment)
    shown = [*second.next_frame()]
    assert SYNC_ASKED not in second.terminal.seen  # Textual has not begun
    second.terminal.press(b"j")
    assert shown[0].startswith(" fn-tui ")
    assert sum("unbuilt?" in row for row in shown) == sum("fn" in row for row in shown[1:-1]) > 10
    assert "fn3" in second.cursor
    second.next_frame()
    early, taken_over = second.frames
    assert list_rows(taken_over, corner) == list_rows(early, corner)
    assert taken_over[-1] == early[-1]  # the keys
    assert second.screen.text[0].startswith(" fn-tui ")
    second.until(lambda text: "reading" not in "".join(text))
    assert "fn4" in second.cursor
    assert (second.screen.entered, second.screen.cleared) == (1, 0)
    second.quit()
    assert second.terminal.seen.count(ALTERNATE_ON) == second.terminal.seen.count(ALTERNATE_OFF) == 1


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
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
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

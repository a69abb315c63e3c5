"""Terminals that take nothing, go away, are another program's for a while, or never were one: real pseudo-terminals.

Whatever they do, fn-tui ends when it is told to, with its builds, and leaves the terminal as it was.
"""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ECHO_SOURCE
from tests.flows.conftest import add_function
from tests.flows.pseudo_terminal import ALTERNATE_OFF, ALTERNATE_ON, Terminal
from tests.flows.test_building import alive, slow_go

pytestmark = pytest.mark.slow
LONG = pytest.mark.long  # what another case of the same test asks of the same code
PROGRAM = (sys.executable, "-m", "tui", "--compiler", "go")
READ = b"Planned"  # on screen once the first function is read
LATEST = 3.0  # seconds from a signal to our end, as promised
SLACK = 1.5  # ... on a machine that is busy with other tests
STUBBORN_EDITOR = "#!/bin/sh\ntrap '' HUP TERM INT\necho EDITOR-SHOWS\nsleep {seconds}\n"
Open = Callable[..., Terminal]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Three functions that were never built."""
    root = tmp_path / "plain"
    for name in ("one", "three", "two"):
        add_function(root, name, f"name: {name}\n", ECHO_SOURCE)
    return root


@pytest.fixture
def on_terminal(plain: Path) -> Iterator[Open]:
    """Opens fn-tui on `plain`, read; closes all when the test is over."""
    opened: list[Terminal] = []

    def start(*argv: str, path: str = os.environ["PATH"], read: bool = True, **others: object) -> Terminal:
        terminal = Terminal(argv or (*PROGRAM, str(plain)), path, **others)  # type: ignore[arg-type]
        opened.append(terminal)
        if read:
            terminal.until(READ)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture
def builds(tmp_path: Path) -> tuple[str, Path]:
    """A compiler that never ends: PATH with it, and the file that names its grandchild."""
    folder, pids = slow_go(tmp_path)
    return f"{folder}:{os.environ['PATH']}", pids


def build(terminal: Terminal, pids: Path) -> int:
    """Start a build; the pid of its grandchild."""
    terminal.press(b"b")
    terminal.until_so(lambda: pids.exists() and pids.read_text().strip(), "the compiler runs")
    return int(pids.read_text())


def editor(folder: Path, seconds: float) -> str:
    """An editor that hears no signal and ends after so many seconds."""
    program = folder / "ed.sh"
    program.write_text(STUBBORN_EDITOR.format(seconds=seconds))
    program.chmod(0o755)
    return str(program)


def assert_left(terminal: Terminal, before: list[object]) -> None:
    """The terminal is as it was."""
    assert terminal.seen.rindex(ALTERNATE_OFF) > terminal.seen.rindex(ALTERNATE_ON)
    assert terminal.seen.rindex(b"\x1b[?1000l") > terminal.seen.rindex(b"\x1b[?1000h")
    assert terminal.modes == before


def assert_listens(terminal: Terminal) -> None:
    """It is there, does what keys say, and leaves when asked to."""
    terminal.press(b"?")
    terminal.until(b"Here: ")
    mark = len(terminal.seen)
    terminal.press(b"q")
    terminal.until_so(lambda: READ in terminal.seen[mark:], "the help is away")
    terminal.press(b"q")
    assert terminal.exit_code() == 0


def heard(terminal: Terminal) -> set[int]:
    """The signals that the program has a handler for."""
    (mask,) = re.findall(r"SigCgt:\s*(\w+)", Path(f"/proc/{terminal.pid}/status").read_text())
    return {number for number in signal.valid_signals() if int(mask, 16) >> (number - 1) & 1}


def pause() -> None:
    """Between two looks at what the program does, leave the machine to it."""
    select.select([], [], [], 0.01)


def ends_within(terminal: Terminal, seconds: float, *, reading: bool = True) -> int:
    began = time.monotonic()
    code = terminal.exit_code(seconds + 40, reading=reading)
    assert time.monotonic() - began < seconds + SLACK + os.getloadavg()[0]
    return code


# -- a terminal that takes nothing


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=LONG)])
def test_nobody_reads_the_terminal(on_terminal: Open, builds: tuple[str, Path], number: int) -> None:
    path, pids = builds
    terminal = on_terminal(path=path, size=(80, 300))
    grandchild = build(terminal, pids)
    for _ in range(40):  # more frames than any terminal keeps for its reader
        terminal.press(b"jk12345670")
        pause()
    os.kill(terminal.pid, number)
    assert ends_within(terminal, LATEST, reading=False) == 128 + number
    assert not alive(grandchild)


def test_nobody_reads_from_the_first_frame_on(on_terminal: Open, plain: Path) -> None:
    for number in range(400):
        (plain / f"more{number:03}").mkdir()
        (plain / f"more{number:03}" / "function.yaml").write_text(f"name: more{number:03}\n")
    terminal = on_terminal(size=(100, 400), read=False)
    terminal.until(ALTERNATE_ON)
    # Its own clock is the fact to wait for: it is at work once it has used CPU for the screen's furniture.
    stat = Path(f"/proc/{terminal.pid}/stat")
    end = time.monotonic() + 20
    while sum(map(int, stat.read_text().rpartition(")")[2].split()[11:13])) < 80 and time.monotonic() < end:
        pause()
    os.kill(terminal.pid, signal.SIGTERM)
    assert ends_within(terminal, LATEST, reading=False) == 143


def test_a_terminal_stopped_by_ctrl_s_holds_nobody_and_shows_all_when_it_goes_on(
    on_terminal: Open, builds: tuple[str, Path]
) -> None:
    path, pids = builds
    terminal = on_terminal(path=path, size=(60, 200))
    slave = os.open(Path(f"/proc/{terminal.pid}/fd/0").readlink(), os.O_RDWR | os.O_NOCTTY)
    try:
        termios.tcflow(slave, termios.TCOOFF)
        grandchild = build_unseen(terminal, pids)
        for _ in range(20):
            terminal.press(b"12345671")
        terminal.press(b"j")
        mark = len(terminal.seen)
        termios.tcflow(slave, termios.TCOON)
        terminal.until_so(lambda: b"compiling slowly" in terminal.seen[mark:], "the log, written while stopped")
        assert alive(grandchild)
        termios.tcflow(slave, termios.TCOOFF)
        os.kill(terminal.pid, signal.SIGHUP)
        assert ends_within(terminal, LATEST, reading=False) == 129
    finally:
        os.close(slave)
    assert not alive(grandchild)


def build_unseen(terminal: Terminal, pids: Path) -> int:
    """As `build`, on a terminal that shows nothing."""
    terminal.press(b"b")
    end = time.monotonic() + 20
    while not (pids.exists() and pids.read_text().strip()):
        assert time.monotonic() < end
        pause()
    return int(pids.read_text())


# -- a terminal that goes away


@pytest.mark.parametrize("nohup", [pytest.param(False, marks=LONG), True])
def test_the_terminal_is_closed(on_terminal: Open, builds: tuple[str, Path], nohup: bool) -> None:
    path, pids = builds
    ignore = (lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)) if nohup else (lambda: None)
    terminal = on_terminal(path=path, before=ignore)
    grandchild = build(terminal, pids)
    terminal.hang_up()
    assert ends_within(terminal, LATEST, reading=False) == 129
    assert not alive(grandchild)


@pytest.mark.parametrize("how", [pytest.param("closed", marks=LONG), "TERM"])
def test_an_editor_that_hears_nothing_holds_nobody(on_terminal: Open, tmp_path: Path, how: str) -> None:
    terminal = on_terminal(EDITOR=editor(tmp_path, 20))
    terminal.press(b"e")
    terminal.until(b"EDITOR-SHOWS")
    if how == "closed":
        terminal.hang_up()
    else:
        os.kill(terminal.pid, getattr(signal, f"SIG{how}"))
    assert ends_within(terminal, LATEST, reading=how != "closed") == (143 if how == "TERM" else 129)


# -- a terminal that is another program's for a while


def test_what_was_typed_into_the_editor_is_not_meant_for_us(on_terminal: Open, tmp_path: Path) -> None:
    terminal = on_terminal(EDITOR=editor(tmp_path, 1))
    before = len(terminal.seen)
    terminal.press(b"e")
    terminal.until(b"EDITOR-SHOWS")
    terminal.press(b"xq")
    terminal.press(b"\x03")  # the editor's own
    terminal.until_so(lambda: READ in terminal.seen[before:].partition(ALTERNATE_ON)[2], "the screen is back")
    assert_listens(terminal)


@pytest.fixture
def shell(on_terminal: Open, plain: Path, builds: tuple[str, Path]) -> Terminal:
    """fn-tui, started from an interactive shell."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    terminal = on_terminal(bash, "--norc", "--noediting", "-i", path=builds[0], read=False, PS1="PROMPT ")
    terminal.until(b"PROMPT ")
    terminal.press(f"{shlex.join((*PROGRAM, str(plain)))}\n".encode())
    terminal.until(READ)
    return terminal


def test_ctrl_z_gives_the_shell_back_and_fg_the_screen(shell: Terminal, builds: tuple[str, Path]) -> None:
    grandchild = build(shell, builds[1])
    raw = shell.modes
    shell.press(b"\x1a")
    shell.until(b"Stopped")
    assert shell.modes[3] & termios.ECHO
    assert shell.modes[3] & termios.ICANON
    assert shell.seen.rindex(b"\x1b[?1000l") > shell.seen.rindex(b"\x1b[?1000h")
    assert shell.seen.rindex(ALTERNATE_OFF) > shell.seen.rindex(ALTERNATE_ON)
    assert alive(grandchild)
    shell.press(b"echo SHELL-$((40+2))\n")
    shell.until(b"SHELL-42")
    mark = len(shell.seen)
    shell.press(b"fg\n")
    shell.until_so(lambda: READ in shell.seen[mark:].partition(ALTERNATE_ON)[2], "the screen is back")
    assert shell.modes == raw
    assert alive(grandchild)
    shell.press(b"q")
    shell.until(b"under way")
    shell.press(b"y")
    shell.until_so(lambda: shell.seen.count(b"PROMPT ") >= 4, "the shell again")
    assert not alive(grandchild)


def test_a_stopped_job_can_be_killed(shell: Terminal) -> None:
    shell.press(b"\x1a")
    shell.until(b"Stopped")
    shell.press(b"kill %1; while kill -0 %1; do sleep 0.1; done 2> /dev/null; echo GONE-$((40+2))\n")
    shell.until(b"GONE-42", LATEST + 40)


def test_ctrl_z_without_a_shell_says_so_and_goes_on(on_terminal: Open) -> None:
    terminal = on_terminal()
    terminal.press(b"\x1a")
    terminal.until(b"no shell waits")
    terminal.press(b"q")
    assert terminal.exit_code() == 0


def test_stopped_from_outside_the_screen_comes_back_and_the_terminal_is_left_as_it_was(on_terminal: Open) -> None:
    terminal = on_terminal(before=lambda: None, read=False)
    before = terminal.modes
    terminal.until(READ)
    os.kill(terminal.pid, signal.SIGSTOP)
    mark = len(terminal.seen)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.until_so(lambda: READ in terminal.seen[mark:].partition(ALTERNATE_ON)[2], "the screen is back")
    terminal.press(b"q")
    assert terminal.exit_code() == 0
    assert_left(terminal, before)


# One that is typed, one that is sent, one that C knows, one of no name: all are heard by one handler.
@pytest.mark.parametrize("name", [pytest.param("INT", marks=LONG), pytest.param("TERM", marks=LONG), "ABRT", "RTMIN"])
def test_every_signal_that_ends_us_leaves_the_terminal_as_it_was(on_terminal: Open, name: str) -> None:
    terminal = on_terminal(read=False)
    before = terminal.modes
    terminal.until(READ)
    number = getattr(signal, f"SIG{name}")
    others = ("INT", "QUIT", "TERM", "HUP", "USR1", "USR2", "ALRM", "VTALRM", "PROF", "XCPU", "SYS", "TRAP", "ABRT")
    assert {getattr(signal, f"SIG{other}") for other in others} | {signal.SIGRTMIN, signal.SIGRTMAX} <= heard(terminal)
    os.kill(terminal.pid, number)
    assert ends_within(terminal, LATEST) == 128 + number
    assert_left(terminal, before)


# -- a terminal that says strange things


def test_what_is_no_utf_8_or_no_number_for_a_key_is_passed_over(on_terminal: Open) -> None:
    terminal = on_terminal()
    terminal.press(b"\xff\xfe\xc3(\x80")
    terminal.press(b"\x1b[1114112u\x1b[99999999999999999999u\x1b[4294967296;1u")
    terminal.press(b"\x1b[<0;99999999;99999999M\x1b[<0;99999999;99999999m\x1b[<35;0;0M")
    assert_listens(terminal)


# -- what is no terminal, or half of one


@pytest.mark.parametrize("redirection", ["2>{folder}/words", pytest.param("2>&-", marks=LONG)])
def test_the_screen_is_drawn_on_stdout_wherever_stderr_leads(
    on_terminal: Open, plain: Path, tmp_path: Path, redirection: str
) -> None:
    words = redirection.format(folder=shlex.quote(str(tmp_path)))
    terminal = on_terminal("/bin/sh", "-c", f"exec {shlex.join((*PROGRAM, str(plain)))} {words}")
    terminal.press(b"q")
    assert terminal.exit_code() == 0
    assert not (tmp_path / "words").exists() or not (tmp_path / "words").read_bytes()


@pytest.mark.parametrize("term", ["dumb", "", pytest.param("vt52", marks=LONG)])
def test_a_terminal_that_cannot_move_its_cursor_gets_the_list(on_terminal: Open, term: str) -> None:
    terminal = on_terminal(read=False, TERM=term)
    assert terminal.exit_code() == 0
    assert b"fn-tui list" in terminal.seen
    assert b"three" in terminal.seen
    assert b"\x1b" not in terminal.seen


@pytest.mark.parametrize("term", [pytest.param("linux", marks=LONG), "nobody-knows-it"])
def test_other_terminals_get_the_screen(on_terminal: Open, term: str) -> None:
    terminal = on_terminal(TERM=term)
    terminal.press(b"q")
    assert terminal.exit_code() == 0


def test_without_utf_8_the_screen_is_of_ascii(on_terminal: Open) -> None:
    terminal = on_terminal(LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    terminal.press(b"?")
    terminal.until(b"Keys")
    assert terminal.seen.isascii()
    assert b"\\u" not in terminal.seen
    assert terminal.seen.count(b"-----") > 3


def test_the_size_is_the_terminals_whatever_columns_says(on_terminal: Open) -> None:
    terminal = on_terminal(COLUMNS="40", LINES="10")
    terminal.until(b"Functions")  # the list's frame: at 40x10 there is none
    assert b"\x1b[29;" in terminal.seen

"""Lines and bytes from standard input, and the signal that comes just before the read."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from tui.cli import typed
from tui.cli.typed import piped, typed_line, typed_lines


@pytest.fixture
def keyboard() -> Iterator[FileIO]:
    """What is written to it is standard input."""
    before = os.dup(0)
    read, write = os.pipe()
    os.dup2(read, 0)
    os.close(read)
    with open(write, "wb", buffering=0) as keyboard:
        yield keyboard
    os.dup2(before, 0)
    os.close(before)


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_line_is_given_before_the_next_is_there(keyboard: FileIO) -> None:
    lines = typed_lines()
    keyboard.write(b"one\ntwo\nthr")
    assert (next(lines), next(lines)) == ("one", "two")
    keyboard.write(b"ee\r\n\n\xff")
    keyboard.close()
    assert list(lines) == ["three\r", "", "\udcff"]


def test_no_input_is_an_empty_line(keyboard: FileIO) -> None:
    keyboard.close()
    assert typed_line() == ""


def test_a_line_without_an_end_comes_in_parts(keyboard: FileIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typed, "_LONGEST", 8)
    lines = typed_lines()
    keyboard.write(b"a" * 20)
    assert next(lines) == "a" * 20


@pytest.mark.parametrize(("most", "expected"), [(3, b"abc"), (6, b"abcdef"), (7, b"abcdef")])
def test_what_is_piped_is_read_up_to_a_limit(keyboard: FileIO, most: int, expected: bytes) -> None:
    keyboard.write(b"abcdef")
    if most > 6:
        keyboard.close()
    assert piped(most) == expected


def test_a_file_is_read_to_its_end(keyboard: FileIO, tmp_path: Path) -> None:
    (tmp_path / "input").write_bytes(b"x" * 200_000)
    file = os.open(tmp_path / "input", os.O_RDONLY)
    os.dup2(file, 0)
    os.close(file)
    assert piped(1 << 20) == b"x" * 200_000


def test_a_signal_just_before_the_wait_ends_it(keyboard: FileIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system takes it before `poll`, the interpreter only after: nothing is typed that would end the wait."""

    class Late:
        """`select.poll` with a signal whose handler has not run when the wait begins."""

        def __init__(self) -> None:
            self.poll_until_ready = real()
            self.register = self.poll_until_ready.register

        def poll(self) -> list[tuple[int, int]]:
            os.write(woken[-1], bytes([signal.SIGINT]))  # as the interpreter's own handler does
            ready: list[tuple[int, int]] = self.poll_until_ready.poll(30_000)
            assert ready, "the signal is not seen"
            return ready

    woken: list[int] = []
    real, set_fd = select.poll, signal.set_wakeup_fd

    def noted(fd: int, *, warn_on_full_buffer: bool = True) -> int:
        woken.append(fd)
        return set_fd(fd, warn_on_full_buffer=warn_on_full_buffer)

    def interrupted(waker: int, size: int) -> bytes:
        raise KeyboardInterrupt if waker != 0 else AssertionError(f"{size} bytes are read and nothing is there")

    monkeypatch.setattr(signal, "set_wakeup_fd", noted)
    monkeypatch.setattr(select, "poll", Late)
    monkeypatch.setattr(os, "read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        typed_line()
    assert set_fd(-1) == -1, "the descriptor of before is not set again"


def test_an_interrupt_leaves_no_descriptor_behind(keyboard: FileIO) -> None:
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    before = descriptors()
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    with pytest.raises(KeyboardInterrupt):
        typed_line()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    assert descriptors() == before

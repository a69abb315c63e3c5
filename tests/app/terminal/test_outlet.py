"""Writing to a terminal that takes it, takes nothing, or is gone: pipes stand in, real ones."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from tui.app.terminal.outlet import MOST, SHORT, WAITING, Outlet

PIPE = 64 << 10  # bytes that a pipe keeps for its reader
FRAME = b"f" * (PIPE + WAITING)


class Pipe:
    """An outlet into a pipe, and what it told."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        self.drained, self.gone = threading.Event(), threading.Event()
        self.outlet = Outlet(self.writing, self.drained.set, self.gone.set)

    def read(self, size: int) -> bytes:
        chunks = b""
        while len(chunks) < size:
            chunks += os.read(self.reading, size - len(chunks))
        return chunks


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.outlet.close()
    os.close(pipe.reading)
    os.close(pipe.writing)


def test_what_is_written_comes_out_in_order(pipe: Pipe) -> None:
    for number in range(100):
        pipe.outlet.write(b"%02d" % number)
    assert pipe.read(200) == b"".join(b"%02d" % number for number in range(100))
    assert pipe.outlet.drain(5)
    assert not pipe.drained.is_set()


def test_frames_are_left_out_while_nobody_reads_and_the_last_word_is_said_afterwards(pipe: Pipe) -> None:
    for _ in range(1000):
        pipe.outlet.write(FRAME)
    assert pipe.outlet.waiting <= 2 * len(FRAME)
    pipe.outlet.write(b"short")
    assert not pipe.outlet.drain(0)
    whole = pipe.outlet.waiting
    assert pipe.read(whole).endswith(b"fshort")
    assert pipe.drained.wait(40)
    pipe.outlet.write(FRAME)
    assert pipe.read(len(FRAME)) == FRAME


def test_short_words_wait_but_not_without_end(pipe: Pipe) -> None:
    pipe.outlet.write(FRAME)
    for _ in range(2 * MOST // SHORT):
        pipe.outlet.write(b"s" * SHORT)
    assert MOST <= pipe.outlet.waiting <= MOST + len(FRAME)


def test_a_reader_that_is_gone_is_told_and_nothing_waits(pipe: Pipe) -> None:
    os.dup2(os.open(os.devnull, os.O_RDONLY), pipe.reading)  # the last reader
    pipe.outlet.write(b"x")
    assert pipe.gone.wait(40)
    pipe.outlet.write(b"y")
    assert pipe.outlet.waiting == 0


def test_a_terminal_that_somebody_made_impatient_is_waited_for(pipe: Pipe) -> None:
    os.set_blocking(pipe.writing, False)
    pipe.outlet.write(FRAME)
    assert pipe.read(len(FRAME)) == FRAME
    assert pipe.outlet.drain(5)

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.log.log_file import LogFile
from tui.building.log.transcript import LINE_BYTES, Run, Transcript


def texts(transcript: Transcript) -> list[str]:
    return [line.text for line in transcript.lines()]


def test_order_streams_and_times() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"a\nb\n", 0.5)
    transcript.feed("stderr", b"c\n", 1.5)
    transcript.feed("stdout", b"d", 2.5)
    transcript.close(3.5)
    found = [(line.index, line.stream, line.seconds, line.text) for line in transcript.lines()]
    assert found == [(0, "stdout", 0.5, "a"), (1, "stdout", 0.5, "b"), (2, "stderr", 1.5, "c"), (3, "stdout", 3.5, "d")]
    assert transcript.closed


def test_lines_over_chunks_and_empty_lines() -> None:
    transcript = Transcript()
    for chunk in (b"a", b"b\n\nc", b"", b"\n", b"\xe6", b"\xbc\xa2\n"):
        transcript.feed("stdout", chunk, 0)
    assert texts(transcript) == ["ab", "", "c", "漢"]


def test_streams_do_not_mix_within_a_line() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"out", 0)
    transcript.feed("stderr", b"err\n", 0)
    transcript.feed("stdout", b"put\n", 0)
    assert texts(transcript) == ["err", "output"]


def test_invalid_utf8_is_replaced() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"a\xff\xfeb\n", 0)
    assert texts(transcript) == ["a\ufffd\ufffdb"]


def test_returns_are_folded() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"10%\r50%\r100%\ndone\r\n\r\n", 0)
    transcript.extend("stderr", ["1%\r2%", "x\r"], 0)
    assert texts(transcript) == ["100%", "done", "", "2%", "x"]


def test_escapes_are_kept_until_shown() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"\x1b[31mred\x1b[0m\x1b[2J\n", 0)
    assert transcript.text(0) == "\x1b[31mred\x1b[0m\x1b[2J"
    assert transcript.plain(0) == "red"
    assert transcript.longest == 3


def test_the_oldest_lines_go_and_are_counted() -> None:
    transcript = Transcript(limit=100)
    for number in range(10_000):
        transcript.append("stdout", str(number), 0)
    assert transcript.total == 10_000
    assert 100 <= transcript.total - transcript.first <= 100 + 4096
    assert transcript.text(9_999) == "9999"
    assert transcript.texts(transcript.first, transcript.first + 2) == [
        str(transcript.first),
        str(transcript.first + 1),
    ]
    for index in (transcript.first - 1, 10_000, -1):
        with pytest.raises(IndexError):
            transcript.line(index)


def test_a_line_of_ten_megabytes(tmp_path: Path) -> None:
    transcript = Transcript(file=LogFile(tmp_path / "x.log"))
    chunk = b"x" * 65_536
    for _ in range(160):
        transcript.feed("stdout", chunk, 0)
    transcript.feed("stdout", b"yz\nafter\n", 0)
    transcript.close()
    assert len(transcript.text(0)) < LINE_BYTES + 100
    assert transcript.text(0).endswith(f"… [{160 * 65_536 + 2 - LINE_BYTES:,} more in the log file]")
    assert transcript.text(1) == "after"
    assert transcript.path is not None
    assert transcript.path.read_bytes() == chunk * 160 + b"yz\nafter\n"


def test_a_long_line_in_one_chunk_and_one_without_an_end(tmp_path: Path) -> None:
    transcript = Transcript(file=LogFile(tmp_path / "x.log"))
    transcript.feed("stdout", b"a\n" + b"x" * 200_000 + b"\nb\n" + b"y" * 100_000, 0)
    transcript.close()
    assert [line[:1] for line in texts(transcript)] == ["a", "x", "b", "y"]
    assert max(len(line) for line in texts(transcript)) < LINE_BYTES + 100
    assert transcript.path is not None
    assert transcript.path.stat().st_size == 2 + 200_001 + 2 + 100_001


def test_a_progress_bar_without_newlines_keeps_its_last_state(tmp_path: Path) -> None:
    transcript = Transcript(file=LogFile(tmp_path / "x.log"))
    for number in range(50_000):
        transcript.feed("stdout", b"%d%%\r" % number, 0)
    transcript.close()
    assert texts(transcript) == ["49999%"]
    assert transcript.path is not None
    assert transcript.path.read_bytes() == b"".join(b"%d%%\r" % number for number in range(50_000)) + b"\n"


def test_the_file_has_everything_in_order(tmp_path: Path) -> None:
    transcript = Transcript(limit=1, file=LogFile(tmp_path / "x.log"))
    assert not list(tmp_path.iterdir())  # nothing printed, no file
    transcript.feed("stdout", b"\x1b[31ma\n", 0)
    transcript.extend("stderr", ["b", "c"], 0)
    transcript.close()
    assert transcript.path is not None
    assert transcript.path.read_bytes() == b"\x1b[31ma\nb\nc\n"


def test_nothing_is_nothing() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"", 0)
    transcript.extend("stdout", [], 0)
    transcript.close()
    assert (transcript.total, transcript.path, transcript.problem, texts(transcript)) == (0, None, None, [])


CHUNKS = st.lists(st.tuples(st.sampled_from(["stdout", "stderr"]), st.binary(max_size=30)), max_size=20)


@given(CHUNKS)
def test_however_it_is_cut_the_lines_are_the_same(chunks: list[tuple[str, bytes]]) -> None:
    transcript = Transcript()
    for stream, chunk in chunks:
        transcript.feed("stdout" if stream == "stdout" else "stderr", chunk, 0)
    transcript.close()
    for name in ("stdout", "stderr"):
        whole = b"".join(chunk for stream, chunk in chunks if stream == name)
        lines = whole.decode("utf-8", "replace").split("\n") if whole else []
        if lines and lines[-1] == "":
            lines.pop()
        expected = [line.rstrip("\r").rpartition("\r")[2] for line in lines]
        assert [line.text for line in transcript.lines() if line.stream == name] == expected


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=20), max_size=20), st.integers(1, 5))
def test_append_and_extend_agree(lines: list[str], limit: int) -> None:
    one, many = Transcript(limit), Transcript(limit)
    for line in lines:
        one.append("stderr", line, 1)
    many.extend("stderr", lines, 1)
    assert texts(one) == texts(many)
    assert one.total == many.total == len(lines)


def test_a_line_of_ours_comes_after_what_the_compiler_has_begun() -> None:
    transcript = Transcript()
    transcript.note("$ tinygo build .", 0.0)
    transcript.feed("stderr", b"no newline", 1.0)
    transcript.note("Built it", 2.0)
    assert [(line.stream, line.text) for line in transcript.lines()] == [
        ("fn-tui", "$ tinygo build ."),
        ("stderr", "no newline"),
        ("fn-tui", "Built it"),
    ]


def test_the_last_runs_are_told_in_order() -> None:
    transcript = Transcript()
    transcript.feed("stdout", b"a\nb\n", 0.5)
    transcript.feed("stderr", b"c\n", 1.5)
    transcript.feed("stdout", b"d\ne\nf\n", 2.5)
    every = [Run(2, "stdout", 0.5), Run(1, "stderr", 1.5), Run(3, "stdout", 2.5)]
    assert transcript.runs(10) == every
    assert transcript.runs(2) == every[1:]

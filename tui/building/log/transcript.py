"""All that one build printed, in order of arrival, each line with its stream and time. Bounded in memory.

Lines are kept as they came (escape sequences included; `sgr` reads them when they are shown): taking in a chunk
costs a decode and a split. The newest `limit` lines stay in memory, the rest are counted; the whole goes to a file.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Final, Literal

from tui.building.log import sgr
from tui.facts import Fact

if TYPE_CHECKING:
    from pathlib import Path

    from tui.building.events import Stream
    from tui.building.log.log_file import LogFile

LINES_KEPT: Final = 100_000
LINE_BYTES: Final = 64 * 1024  # of one line; the rest of it is in the file only
_SLACK: Final = 4_096  # lines over the limit before the oldest are dropped: dropping one by one would be slow
LineOrigin = Literal["stdout", "stderr", "fn-tui"]
_STREAMS: Final[tuple[Stream, Stream]] = ("stdout", "stderr")
ORIGINS: Final[tuple[LineOrigin, ...]] = (*_STREAMS, "fn-tui")


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line. `text` may hold escape sequences; `sgr.strip` and `sgr.segments` make it harmless."""

    index: int  # counted from 0 over the whole build
    stream: LineOrigin  # "fn-tui": not the compiler's, but a line of ours about the build
    seconds: float  # since the start of the build
    text: str


class Run(Fact):
    """Lines that came together: how many, from where, and when. What a file of plain text does not tell of them."""

    lines: int
    origin: LineOrigin
    seconds: float


class Transcript:
    """What a build printed so far. One writer and any number of readers, all on one thread."""

    def __init__(self, limit: int = LINES_KEPT, file: LogFile | None = None) -> None:
        self.limit = max(limit, 1)
        self.file = file
        self.first = 0  # index of the oldest line kept
        self.closed = False  # nothing more will come
        self.longest = 0  # characters of the longest line so far, escape sequences not counted (a good guess)
        self._lines: list[str] = []
        self._seconds = array("f")
        self._streams = bytearray()
        self._pending: dict[Stream, bytes] = {"stdout": b"", "stderr": b""}
        self._too_long: dict[Stream, int] = {}  # streams in a line over LINE_BYTES -> bytes of it that are not kept

    @classmethod
    def restored(cls, lines: Sequence[str], runs: Sequence[Run], limit: int, file: LogFile) -> Transcript:
        """The transcript of a build that ended before, from the lines of its file; `runs` tell of the last of them."""
        transcript = cls(limit)
        for run, part in _dealt(lines, runs):
            transcript._add(run.origin, [_shortened(line) for line in part], run.seconds)
        transcript.file, transcript.closed = file, True
        return transcript

    def runs(self, most: int) -> list[Run]:
        """The last `most` runs of the lines in memory, in order."""
        newest_first = groupby(zip(reversed(self._streams), reversed(self._seconds), strict=True))
        found = [
            Run(sum(1 for _ in group), ORIGINS[code], round(seconds, 3))
            for (code, seconds), group in islice(newest_first, most)
        ]
        return found[::-1]

    # -- writing ------------------------------------------------------------------------------------------------------

    def feed(self, stream: Stream, chunk: bytes, seconds: float) -> None:
        """Take in bytes as read from the compiler; `seconds` since the start. A line may span any number of chunks."""
        if stream in self._too_long:
            chunk = self._end_long_line(stream, chunk, seconds)
        cut = chunk.rfind(b"\n")
        if cut >= 0:
            whole = self._pending[stream] + chunk[:cut]
            self._pending[stream] = b""
            self._write(whole + b"\n", seconds)
            self._take_text(stream, whole, seconds)
            chunk = chunk[cut + 1 :]
        if chunk:
            self._hold(stream, chunk, seconds)

    def _hold(self, stream: Stream, chunk: bytes, seconds: float) -> None:
        """Keep the start of a line until its end comes."""
        pending = self._pending[stream] + chunk
        if len(pending) > LINE_BYTES:
            # A progress bar without newlines: only what comes after the last return would still show on a terminal.
            shown = pending.rfind(b"\r", 0, -1) + 1
            self._write(pending[:shown], seconds)
            pending = pending[shown:]
        if len(pending) > LINE_BYTES:
            self._write(pending, seconds)
            self._too_long[stream] = len(pending) - LINE_BYTES
            pending = pending[:LINE_BYTES]
        self._pending[stream] = pending

    def _end_long_line(self, stream: Stream, chunk: bytes, seconds: float) -> bytes:
        """Count what belongs to a line that is too long; returns what comes after it."""
        end = chunk.find(b"\n")
        rest = chunk if end < 0 else chunk[: end + 1]
        self._write(rest, seconds)
        self._too_long[stream] += len(rest) - (end >= 0)
        if end < 0:
            return b""
        self._take_long_line(stream, seconds)
        return chunk[end + 1 :]

    def _take_long_line(self, stream: Stream, seconds: float) -> None:
        kept = self._pending[stream].decode("utf-8", "replace")
        self._pending[stream] = b""
        self._add(stream, [_noted(_fold(kept), self._too_long.pop(stream))], seconds)

    def append(self, stream: Stream, line: str, seconds: float) -> None:
        """Take in one line, decoded, without its newline. Not to be mixed with `feed` on one stream."""
        self.extend(stream, (line,), seconds)

    def extend(self, stream: Stream, lines: Sequence[str], seconds: float) -> None:
        """Take in lines that arrived together, decoded, without newlines. Not to be mixed with `feed` on one stream."""
        if not lines:
            return
        text = "\n".join(lines)
        self._write(text.encode("utf-8", "replace") + b"\n", seconds)
        if "\r" in text or _any_too_long(text, lines):
            lines = [_shortened(line) for line in lines]
        self._add(stream, lines, seconds)

    def note(self, line: str, seconds: float) -> None:
        """Take in a line of ours: the command, how the build ended. What the compiler has begun comes before it."""
        self._end_lines(seconds)
        self._write(line.encode("utf-8", "replace") + b"\n", seconds)
        self._add("fn-tui", [_shortened(line)], seconds)

    def close(self, seconds: float = 0.0) -> None:
        """The build is over: a last line without newline is taken in, the file is closed."""
        self._end_lines(seconds)
        if self.file is not None:
            self.file.close()
        self.closed = True

    def _end_lines(self, seconds: float) -> None:
        """Take in what has no newline yet."""
        for stream in _STREAMS:
            if stream in self._too_long:
                self._write(b"\n", seconds)
                self._take_long_line(stream, seconds)
            elif self._pending[stream]:
                rest, self._pending[stream] = self._pending[stream], b""
                self._write(rest + b"\n", seconds)
                self._take_text(stream, rest, seconds)

    def _take_text(self, stream: Stream, whole: bytes, seconds: float) -> None:
        """Split whole lines, the last one without its newline."""
        text = whole.decode("utf-8", "replace")
        lines = text.split("\n")
        if "\r" in text or _any_too_long(text, lines):
            lines = [_shortened(line) for line in lines]
        self._add(stream, lines, seconds)

    def _add(self, stream: LineOrigin, lines: Sequence[str], seconds: float) -> None:
        self._lines += lines
        count = len(lines)
        self._seconds += array("f", (seconds,)) * count
        self._streams += bytes((ORIGINS.index(stream),)) * count
        longest = max(lines, key=len)
        if len(longest) > self.longest:
            self.longest = max(self.longest, len(sgr.strip(longest)))
        if len(self._lines) > self.limit + _SLACK:
            self._drop(len(self._lines) - self.limit)

    def _drop(self, count: int) -> None:
        del self._lines[:count]
        del self._seconds[:count]
        del self._streams[:count]
        self.first += count

    def _write(self, content: bytes, seconds: float) -> None:
        if self.file is not None and content:
            self.file.write(content, seconds)

    # -- reading ------------------------------------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """Lines that came so far, those no longer in memory included; also the index of the next line."""
        return self.first + len(self._lines)

    @property
    def path(self) -> Path | None:
        """The file with the whole text; None where nothing was printed or no file could be made."""
        return self.file.path if self.file is not None else None

    @property
    def problem(self) -> str | None:
        """Why the file does not hold the whole text, if so."""
        return self.file.problem if self.file is not None else None

    def line(self, index: int) -> TranscriptLine:
        """The line with this index. Raises `IndexError` where it is not in memory (any more)."""
        place = self._place(index)
        return TranscriptLine(index, ORIGINS[self._streams[place]], self._seconds[place], self._lines[place])

    def text(self, index: int) -> str:
        """The text of a line, escape sequences included. Raises `IndexError` where it is not in memory."""
        return self._lines[self._place(index)]

    def plain(self, index: int) -> str:
        """The text of a line without escape sequences. Raises `IndexError` where it is not in memory."""
        return sgr.strip(self._lines[self._place(index)])

    def texts(self, start: int, stop: int | None = None) -> Sequence[str]:
        """The texts from `start` to before `stop`, as far as they are in memory, escape sequences included."""
        end = self.total if stop is None else stop
        return self._lines[max(start - self.first, 0) : max(end - self.first, 0)]

    def lines(self, start: int = 0, stop: int | None = None) -> Iterator[TranscriptLine]:
        """The lines from `start` to before `stop`, as far as they are in memory."""
        end = self.total if stop is None else min(stop, self.total)
        return (self.line(index) for index in range(max(start, self.first), end))

    def _place(self, index: int) -> int:
        if not self.first <= index < self.total:
            raise IndexError(f"line {index} is not in memory")
        return index - self.first


def _dealt(lines: Sequence[str], runs: Sequence[Run]) -> Iterator[tuple[Run, Sequence[str]]]:
    """The lines of each run, the last line being the last one's; those before the first run came from the compiler."""
    before = len(lines) - sum(run.lines for run in runs)
    if before > 0:
        yield Run(before, "stdout", 0.0), lines[:before]
    start = before
    for run in runs:
        end = start + run.lines
        if end > 0 and lines[max(start, 0) : end]:
            yield run, lines[max(start, 0) : end]
        start = end


def _any_too_long(text: str, lines: Sequence[str]) -> bool:
    return len(text) > LINE_BYTES and max(map(len, lines)) > LINE_BYTES


def _shortened(line: str) -> str:
    """A line as it is kept: carriage returns folded, not longer than `LINE_BYTES`."""
    if "\r" in line:
        line = _fold(line)
    return _noted(line[:LINE_BYTES], len(line) - LINE_BYTES) if len(line) > LINE_BYTES else line


def _fold(line: str) -> str:
    """What a terminal would show of a line with carriage returns: its last segment."""
    line = line.rstrip("\r")
    return line[line.rfind("\r") + 1 :]


def _noted(line: str, lost: int) -> str:
    return f"{line} … [{lost:,} more in the log file]"

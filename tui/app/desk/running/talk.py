"""One session with a persistent function: a client that connects, hands frames in, hears what comes, and goes.

A thread of its own waits for the process that the function runs in. What happened is kept as far as it is shown: the
last entries, and how many there were; `view` takes a picture of it, whichever thread asks.
"""

from __future__ import annotations

import base64
import queue
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import time
from typing import Any, Final, Literal

from tui.app.desk.running.model import Draft, Report
from tui.app.desk.running.one import bytes_of, call_of, find_target, host_settings, light, note, report_of
from tui.building.record.runs import stamp_of
from tui.running.answer import HostCall, Phase
from tui.running.gather import WASM
from tui.running.host.settings import HostSetupError
from tui.running.inputs import MOST_INPUTS, remember_input
from tui.running.process.guest_process import GuestProcess, GuestProcessError
from tui.running.process.wire import read_answer
from tui.settings.xdg import cache_home

KEPT: Final = 200  # entries of one session
LIVE: Final = 100  # frames and host calls of one step that are looked at
LONGEST: Final = 4_096  # bytes of a frame that are shown
REMEMBERED: Final = 100  # frames that are kept with the call, should it be kept
Way = Literal["in", "out", "said"]  # to the function, from it, about it
Standing = Literal["opening", "compiling", "open", "closed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One frame, or a word on what happened."""

    way: Way
    text: str
    number: int = 0
    at: float = field(default_factory=time)  # POSIX time
    size: int = 0  # bytes of the frame
    ms: float | None = None  # that the function took for it
    calls: tuple[HostCall, ...] = ()
    called: int = 0  # host calls, those that are not among `calls` too
    bad: bool = False


@dataclass(frozen=True, slots=True)
class TalkView:
    """A session as it stands at one moment."""

    number: int
    standing: Standing
    entries: tuple[Entry, ...]
    frames_in: int
    frames_out: int
    hidden: int  # entries that are not shown any more
    waiting: int  # frames that the function has not taken yet
    memory: int


class Talk:
    """A session. `go` is the thread's; `send`, `close` and `kill` come from the loop and wait for nothing."""

    def __init__(self, number: int, folder: Path, workspace: Path, tell: Callable[[], None]) -> None:
        """`tell` is called, in the thread, when something has happened."""
        self.number = number
        self.folder = folder
        self.workspace = workspace
        self._tell = tell
        self._asked: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._process: GuestProcess | None = None
        self._killed = False
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._standing: Standing = "opening"
        self._counts = {"in": 0, "out": 0, "said": 0}
        self._memory = 0
        self._sent: list[str] = []
        self._view: TalkView | None = None
        self.pending = False  # the loop has been told that something happened, and has not looked yet
        self.closing = False

    # -- from the loop

    def send(self, text: str) -> None:
        """Hand a frame in, when those before it were."""
        self._asked.put(text)
        self._changed()

    def close(self) -> None:
        """The client goes, once the frames before are through."""
        self.closing = True
        self._asked.put(None)

    def kill(self) -> None:
        """End it now."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()
        self._asked.put(None)

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self._standing == "closed"

    @property
    def is_compiling(self) -> bool:
        """Whether the module is not machine code yet."""
        return self._standing == "compiling"

    @property
    def is_opening(self) -> bool:
        """Whether the function has not let the client in yet."""
        return self._standing == "opening"

    def view(self) -> TalkView:
        """A picture of it; the same one until something happens."""
        with self._lock:
            if self._view is None:
                total = sum(self._counts.values())
                self._view = TalkView(
                    self.number,
                    self._standing,
                    tuple(self._entries),
                    self._counts["in"],
                    self._counts["out"],
                    total - len(self._entries),
                    self._asked.qsize(),
                    self._memory,
                )
            return self._view

    # -- in the thread

    def go(self, remember: bool) -> Report:
        """The whole session; gives what became of it."""
        try:
            return self._whole(remember)
        finally:
            self._stands("closed")

    def _whole(self, remember: bool) -> Report:
        target, draft = find_target(self.folder), Draft("")
        if isinstance(target, str):
            self._say(target, bad=True)
            return Report(draft, time(), target)
        call, stamp = call_of(draft), stamp_of(self.folder / WASM)
        try:
            fields = self._conversation(target, call, remember=remember)
        except (HostSetupError, GuestProcessError) as error:
            words = "ended: its process was ended" if self._killed else str(error)
            self._say(words, bad=not self._killed)
            return Report(draft, time(), words, call=call, target=light(target))
        answer = read_answer(fields)
        draft = Draft("", frames=tuple(self._sent))
        note(self.folder, answer, stamp)
        report = report_of(draft, target, call_of(draft), answer, self.folder)
        for line in report.why:
            self._say(line.strip(), bad=True)
        if answer.ws_close is not None:
            self._say(f"ws_close gave {answer.ws_close.partition(chr(10))[0]}")
        return report

    def _conversation(self, target: Any, call: Any, *, remember: bool) -> Mapping[str, Any]:
        """Connect, hand in what is sent, and go; the fields of the answer."""
        with self._lock:
            if self._killed:
                raise GuestProcessError("ended")
            settings = host_settings(self.folder, self.workspace, Draft(""))
            process = GuestProcess(cache_home() / "compiled", settings, self._is_at)
            self._process = process
        try:
            opened = process.open(target, call, live=LIVE)
            if "answer" in opened:
                return opened["answer"]  # type: ignore[no-any-return]
            self._hear(opened)
            self._stands("open")
            while (text := self._asked.get()) is not None:
                if self._frame(process.frame(call.client_id, bytes_of(text), target, live=LIVE), text):
                    break
            return process.hang_up(call.client_id, target)["answer"]  # type: ignore[no-any-return]
        finally:
            process.close()
            for text in dict.fromkeys(self._sent[-MOST_INPUTS:] if remember else ()):
                remember_input(self.folder, text)

    def _frame(self, reply: Mapping[str, Any], text: str) -> bool:
        """Note a frame and what it led to; whether the function takes no more of them."""
        if len(self._sent) < REMEMBERED:
            self._sent.append(text)
        calls = tuple(HostCall(name, tuple(args), result, ms) for name, args, result, ms in reply["calls"])
        self._add(Entry("in", text[:LONGEST], size=len(text), ms=reply["ms"], calls=calls, called=reply["called"]))
        self._hear(reply)
        said = reply["frame"]
        if reply["ended"]:
            self._say(f"ws_frame: {str(said).partition(chr(10))[0]}: it takes no more frames", bad=said != "1")
        elif said not in ("0", None):
            self._say(f"ws_frame gave {said}")
        self._tell()
        return bool(reply["ended"])

    def _hear(self, reply: Mapping[str, Any]) -> None:
        """Note what was sent to the client."""
        with self._lock:
            self._counts["out"] += reply["frames"] - len(reply["delivered"])
            self._memory = reply["memory"]
        for data in reply["delivered"]:
            frame = base64.b64decode(data)
            self._add(Entry("out", frame[:LONGEST].decode("utf-8", "replace"), size=len(frame)))

    def _add(self, entry: Entry) -> None:
        with self._lock:
            self._counts[entry.way] += 1
            self._entries.append(replace(entry, number=sum(self._counts.values())))
            self._view = None

    def _say(self, words: str, *, bad: bool = False) -> None:
        """Note a word on what happened."""
        self._add(Entry("said", words, bad=bad))

    def _is_at(self, phase: Phase) -> None:
        """What its process is at before the client is in; frames are not told one by one."""
        if self._standing in ("opening", "compiling"):
            self._stands("compiling" if phase == "compiling" else "opening")

    def _stands(self, standing: Standing) -> None:
        with self._lock:
            self._standing = standing
            self._view = None
        self._tell()

    def _changed(self) -> None:
        with self._lock:
            self._view = None

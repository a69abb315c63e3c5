"""The calls that lie beside a function: read, added to, run and compared. All of it waits: it is for a thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from tui.app.desk.running.model import Draft, Report
from tui.building.record.runs import note_run, stamp_of
from tui.running.answer import Target
from tui.running.availability import EXTRA, is_available
from tui.running.calls.compare import expectation
from tui.running.calls.keep import name_fault
from tui.running.calls.read import read_calls
from tui.running.calls.run import Outcome, run_calls
from tui.running.calls.saved_call import FILE, CallsFault, SavedCall
from tui.running.calls.write import add_call
from tui.running.gather import WASM, gather
from tui.running.inputs import recent_inputs
from tui.running.process.guest_process import GuestProcess
from tui.running.record import record_of
from tui.settings.xdg import cache_home


@dataclass(frozen=True, slots=True)
class Remembered:
    """What may be sent again."""

    inputs: tuple[str, ...]
    calls: tuple[Draft, ...]
    problem: str = ""  # why there are no calls, where there should be


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a function's kept calls, or why none was run."""

    at: float  # mtime of the module, seconds
    outcomes: tuple[Outcome, ...] = ()
    problem: str = ""

    @property
    def failed(self) -> int:
        """How many did not come as expected."""
        return sum(not one.passed for one in self.outcomes)

    @property
    def passed(self) -> bool:
        """Whether all were run and came as expected."""
        return not self.problem and not self.failed


def remembered(folder: Path) -> Remembered:
    """The last inputs, and the kept calls."""
    calls = read_calls(folder)
    inputs = recent_inputs(folder)
    if isinstance(calls, CallsFault):
        return Remembered(inputs, (), calls.text(FILE))
    return Remembered(inputs, tuple(draft_of(call) for call in calls or ()))


def draft_of(call: SavedCall) -> Draft:
    """A kept call as it is sent."""
    frames = tuple(_text(frame) for frame in call.frames)
    return Draft(_text(call.input), call.name, frames, call.caller, call.seed, call.http)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def keep(folder: Path, name: str, report: Report) -> str | None:
    """Keep a call and what came of it under a name; the sentence of what went wrong, or None."""
    fault = name_fault(folder, name)
    if fault is not None or report.answer is None:
        return fault or "nothing came of it that could be kept"
    draft, call = report.draft, report.call
    kept = SavedCall(
        name,
        input=call.input,
        frames=call.frames,
        caller=draft.caller,
        seed=draft.seed,
        http=draft.http,
        expect=expectation(report.answer),
    )
    return add_call(folder, kept)


class Watched:
    """The processes that kept calls run in: ended with the screen, those that start later, too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: list[GuestProcess] = []
        self._ended = False

    def add(self, process: GuestProcess) -> None:
        """Called in the thread that runs the calls."""
        with self._lock:
            self._processes = [one for one in self._processes if one.is_open]
            self._processes.append(process)
            if self._ended:
                process.kill()

    def end(self) -> None:
        """End them all."""
        with self._lock:
            self._ended = True
            for process in self._processes:
                process.kill()


def tested(folder: Path, workspace: Path, watched: Watched) -> Tested:
    """Run all kept calls of a function, as `fn-tui test` does."""
    calls = read_calls(folder)
    if isinstance(calls, CallsFault):
        return Tested(0, problem=calls.text(FILE))
    if not calls:
        return Tested(0, problem=f"there is no {FILE} here" if calls is None else f"{FILE} holds no call")
    if not is_available():
        return Tested(0, problem=EXTRA)
    target = gather(str(folder))
    if not isinstance(target, Target):
        return Tested(0, problem=target.words)
    stamp = stamp_of(folder / WASM)
    cache = cache_home() / "compiled"
    outcomes = tuple(run_calls(folder, target, calls, workspace, cache, watch=watched.add))
    answers = [one.answer for one in outcomes if one.answer is not None]
    answers = [one for one in answers if one.ok] or answers
    if stamp is not None and answers:
        note_run(folder, record_of(answers[-1], stamp))
    return Tested(stamp[0] / 1e9 if stamp is not None else 0, outcomes)

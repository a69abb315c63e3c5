"""Kept calls, run: each on a host of its own that keeps nothing, so that none sees what another left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from tui.facts import Fact
from tui.running.answer import Answer, Call, Target
from tui.running.calls.compare import differences
from tui.running.calls.saved_call import CLIENT_ID, REQUEST_ID, SavedCall
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.process.guest_process import GuestProcess, GuestProcessError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call. There is no answer where it could not be run; then `differs` says why."""

    call: SavedCall
    answer: Answer | None
    differs: tuple[str, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return not self.differs


Watch = Callable[[GuestProcess], None]


class HostPlace(Fact):
    """The workspace that calls belong to, and where compiled code is kept."""

    workspace: Path
    cache: Path


def run_calls(
    folder: Path,
    target: Target,
    calls: tuple[SavedCall, ...],
    workspace: Path,
    cache: Path,
    *,
    watch: Watch = lambda _: None,
) -> Iterator[Outcome]:
    """Run a function's calls one after the other; never raises for what a function does. `watch` is given the process
    of each, to end it should nobody wait any more.
    """
    for call in calls:
        began = perf_counter()
        answer = _answer(folder, target, call, HostPlace(workspace, cache), watch)
        differs = (answer,) if isinstance(answer, str) else differences(call.expect, answer)
        yield Outcome(call, None if isinstance(answer, str) else answer, differs, perf_counter() - began)


def _answer(folder: Path, target: Target, call: SavedCall, place: HostPlace, watch: Watch) -> Answer | str:
    """The answer, or why there is none."""
    if call.frames and not target.persistent:
        return "frames are for functions with ws_persistent: true"
    settings = HostSettings(
        workspace=str(place.workspace),
        fresh=True,
        seed=str(folder / call.seed) if call.seed else "",
        http=str(folder / call.http) if call.http else "",
    )
    process = GuestProcess(place.cache, settings)
    watch(process)
    try:
        return process.run(target, _call(call))
    except (HostSetupError, GuestProcessError) as error:
        return str(error)
    finally:
        process.close()


def _call(call: SavedCall) -> Call:
    return Call(call.input, call.frames, call.caller, client_id=CLIENT_ID, request_id=REQUEST_ID)

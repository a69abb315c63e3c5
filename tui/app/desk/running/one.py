"""One call from the screen, from its draft to its report. All of this is for a thread: it waits for processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Final

from tui.app.desk.running.bodies import body_of
from tui.app.desk.running.model import Draft, Report
from tui.app.messages import EditPlace
from tui.building.record.runs import Stamp, note_run, stamp_of
from tui.running.answer import Answer, Call, Phase, Target
from tui.running.availability import EXTRA, is_available
from tui.running.gather import WASM, NotBuilt, Unusable, gather
from tui.running.host.settings import HostSettings, HostSetupError, usual_settings
from tui.running.ids import new_id
from tui.running.inputs import remember_input
from tui.running.outcome.explain import explained
from tui.running.process.guest_process import GuestProcess, GuestProcessError
from tui.running.record import record_of
from tui.settings.xdg import cache_home
from tui.wasm.decode.read import read_bytes

if TYPE_CHECKING:
    from tui.running.trap import Trap

CUT_AT: Final = 1 << 20  # bytes of a request's body that the gateway reads
CANCELLED: Final = "cancelled: its process was ended"
NOT_BUILT: Final = "not built yet"


class OneRun:
    """A call under way. `go` is the thread's; `cancel` may come from another."""

    def __init__(
        self,
        folder: Path,
        workspace: Path,
        draft: Draft,
        *,
        before: Path | None = None,
        tell: Callable[[OneRun, Phase], None],
    ) -> None:
        """`before`: the module that runs in place of the one that is there. `tell` is called, in the thread, with what
        the call waits for.
        """
        self._tell = tell
        self.folder = folder
        self.workspace = workspace
        self.draft = draft
        self.before = before
        self.cancelled = False
        self._process: GuestProcess | None = None
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """End it now."""
        with self._lock:
            self.cancelled = True
            if self._process is not None:
                self._process.kill()

    def go(self, remember: bool) -> Report:
        """Run it. `remember`: what was sent is kept for the next time."""
        target = find_target(self.folder, self.before)
        if isinstance(target, str):
            return Report(self.draft, time(), target)
        call = call_of(self.draft)
        stamp = stamp_of(self.folder / WASM) if self.before is None else None
        try:
            answer = self._answer(target, call)
        except (HostSetupError, GuestProcessError) as error:
            words = CANCELLED if self.cancelled else str(error)
            return Report(self.draft, time(), words, call=call, target=light(target))
        sentences = [answer.unkept, *note(self.folder, answer, stamp)]
        if remember and not self.draft.is_kept:
            sentences.append(remember_input(self.folder, self.draft.text))
        unkept = tuple(words for words in sentences if words is not None)
        report = report_of(self.draft, target, call, answer, self.folder)
        return replace(report, unkept=unkept, before=self.before is not None)

    def _answer(self, target: Target, call: Call) -> Answer:
        with self._lock:
            if self.cancelled:
                raise GuestProcessError(CANCELLED)
            settings = host_settings(self.folder, self.workspace, self.draft)
            process = GuestProcess(cache_home() / "compiled", settings, partial(self._tell, self))
            self._process = process
        try:
            return process.run(target, call)
        finally:
            process.close()


def find_target(folder: Path, before: Path | None = None) -> Target | str:
    """What runs, or why nothing does. `before`: the module that runs in place of the one that is there."""
    target = gather(str(folder))
    if isinstance(target, NotBuilt):
        return NOT_BUILT
    if isinstance(target, Unusable):
        return target.words
    if not is_available():
        return EXTRA
    if before is None:
        return target
    try:
        return replace(target, wasm=read_bytes(before))
    except OSError as error:
        return f"the module from before: {error.strerror or error}"


def note(folder: Path, answer: Answer, stamp: Stamp | None) -> list[str | None]:
    """Keep that the module of that stamp ran; what went wrong, if anything."""
    return [] if stamp is None else [note_run(folder, record_of(answer, stamp))]


def report_of(draft: Draft, target: Target, call: Call, answer: Answer, folder: Path) -> Report:
    """What came of a call, made ready to be shown."""
    why = tuple(explained(target, call, answer, frames=False)) if answer.error is not None else ()
    places = frame_places(answer.trap, folder) if answer.trap is not None else {}
    return Report(draft, time(), "", answer, call, light(target), body_of(answer), why, places)


def light(target: Target) -> Target:
    """What is to be known of a target afterwards: not its bytes."""
    return replace(target, wasm=b"")


def host_settings(folder: Path, workspace: Path, draft: Draft) -> HostSettings:
    """The host of a call: the workspace's store, as `fn-tui run` has it; of a kept call a fresh one, as in a test."""
    if not draft.is_kept:
        return usual_settings(str(workspace))
    seed, http = (str(folder / name) if name else "" for name in (draft.seed, draft.http))
    return HostSettings(workspace=str(workspace), fresh=True, seed=seed, http=http)


def call_of(draft: Draft) -> Call:
    """The call that a draft makes."""
    frames = tuple(bytes_of(frame) for frame in draft.frames)
    return Call(bytes_of(draft.text)[:CUT_AT], frames, draft.caller, client_id=new_id(), request_id=new_id())


def bytes_of(text: str) -> bytes:
    """A text as it was typed, or as it was read."""
    return text.encode("utf-8", "surrogateescape")


def frame_places(trap: Trap, folder: Path) -> dict[int, EditPlace]:
    """Where the frames of a trap can be looked at: those whose file is there."""
    found = {}
    for number, frame in enumerate(trap.frames):
        name, _, rest = frame.place.partition(":")
        line, _, column = rest.partition(":")
        path = _source(name, folder) if name and _is_number(line) else None
        if path is not None:
            found[number] = EditPlace(path, int(line), int(column) if _is_number(column) else None)
    return found


def _is_number(text: str) -> bool:
    """Whether int() takes it, and an editor: a module's names may hold anything, digits of other scripts too."""
    return text.isascii() and text.isdigit() and len(text) < 10


def _source(name: str, folder: Path) -> Path | None:
    """The file that a module names, where it is there. In one that a worker built it lies below a root of the worker's,
    which stands for the folder here or for one above it.
    """
    from tui.cluster.trees import CALLED

    below = name.removeprefix(f"{CALLED}/")
    roots = (folder, *folder.parents) if below != name else (folder,)
    # Not Path.is_file, which raises where a name is too long, or a folder on the way may not be entered.
    return next((path for root in roots if os.path.isfile(path := root / below)), None)

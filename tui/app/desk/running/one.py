"""One call from the screen, from its draft to its report. All of this is for a thread: it waits for processes."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Final

from tui.app.desk.running.bodies import body_of
from tui.app.desk.running.model import Draft, Report
from tui.app.messages import EditPlace
from tui.building.record.runs import note_run, stamp_of
from tui.running.answer import Answer, Call, Target
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

    def __init__(self, folder: Path, workspace: Path, draft: Draft, *, before: Path | None = None) -> None:
        """`before`: the module that runs in place of the one that is there."""
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
        target = self._target()
        if isinstance(target, str):
            return Report(self.draft, time(), target)
        call = call_of(self.draft)
        stamp = stamp_of(self.folder / WASM) if self.before is None else None
        try:
            answer = self._answer(target, call)
        except (HostSetupError, GuestProcessError) as error:
            words = CANCELLED if self.cancelled else str(error)
            return Report(self.draft, time(), words, call=call, target=_light(target))
        sentences = [answer.unkept]
        if stamp is not None:
            sentences.append(note_run(self.folder, record_of(answer, stamp)))
        if remember and not self.draft.is_kept:
            sentences.append(remember_input(self.folder, self.draft.text))
        unkept = tuple(words for words in sentences if words is not None)
        return replace(self._report(target, call, answer), unkept=unkept)

    def _target(self) -> Target | str:
        """What runs, or why nothing does."""
        target = gather(str(self.folder))
        if isinstance(target, NotBuilt):
            return NOT_BUILT
        if isinstance(target, Unusable):
            return target.words
        if not is_available():
            return EXTRA
        if self.before is None:
            return target
        try:
            return replace(target, wasm=read_bytes(self.before))
        except OSError as error:
            return f"the module from before: {error.strerror or error}"

    def _answer(self, target: Target, call: Call) -> Answer:
        with self._lock:
            if self.cancelled:
                raise GuestProcessError(CANCELLED)
            process = GuestProcess(cache_home() / "compiled", host_settings(self.folder, self.workspace, self.draft))
            self._process = process
        try:
            return process.run(target, call)
        finally:
            process.close()

    def _report(self, target: Target, call: Call, answer: Answer) -> Report:
        why = tuple(explained(target, call, answer, frames=False)) if answer.error is not None else ()
        return Report(
            self.draft,
            time(),
            answer=answer,
            call=call,
            target=_light(target),
            body=body_of(answer),
            why=why,
            places=frame_places(answer.trap, self.folder) if answer.trap is not None else {},
            before=self.before is not None,
        )


def _light(target: Target) -> Target:
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
    frames = tuple(_bytes(frame) for frame in draft.frames)
    return Call(_bytes(draft.text)[:CUT_AT], frames, draft.caller, client_id=new_id(), request_id=new_id())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def frame_places(trap: Trap, folder: Path) -> dict[int, EditPlace]:
    """Where the frames of a trap can be looked at: those whose file is there."""
    found = {}
    for number, frame in enumerate(trap.frames):
        name, _, rest = frame.place.partition(":")
        line, _, column = rest.partition(":")
        path = folder / name
        if name and line.isdigit() and path.is_file():
            found[number] = EditPlace(path, int(line), int(column) if column.isdigit() else None)
    return found

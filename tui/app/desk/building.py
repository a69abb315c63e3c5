"""Builds on screen: asks the queue, and turns what it tells into records. No widget is touched here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.app.desk.store import Store
from tui.building.model import (
    BuildCancelling,
    BuildEnded,
    BuildOutputBatch,
    BuildPhase,
    BuildQueued,
    BuildResult,
    BuildStarted,
    BuildWaiting,
    QueueChanged,
    QueueEvent,
)
from tui.building.record.previous import known_previous

if TYPE_CHECKING:
    from tui.building.log.transcript import Transcript
    from tui.building.model import BuildOrigin, BuildPlan
    from tui.building.process.queue import BuildQueue

IDLE = BuildProgress()


@dataclass(frozen=True, slots=True)
class BuildNews:
    """A build ended: what the screen says about it."""

    path: str
    result: BuildResult
    trigger: str | None  # the change that watch rebuilt it for


class Builder:
    """Owns the queue. `on_end` is told of each build that ended, `on_change` when what builds has changed."""

    def __init__(self, store: Store, queue: BuildQueue, log_lines: int) -> None:
        self.store = store
        self.queue = queue
        self.log_lines = log_lines
        self.on_end: Callable[[BuildNews], None] = lambda _: None
        self.on_start: Callable[[str], None] = lambda _: None
        self.on_output: Callable[[str], None] = lambda _: None
        self.on_change: Callable[[], None] = lambda: None
        self._paths: dict[Path, str] = {}
        self._sizes: dict[str, int] = {}  # bytes of the module that a build under way would replace
        self._skipped: str | None = None  # the function whose build was skipped last: asked again, it is forced

    # -- asked for

    def build(self, paths: Iterable[str], *, origin: BuildOrigin = "person", trigger: str | None = None) -> int:
        """Ask for builds; how many were asked for. A function just skipped as up to date is built when asked again."""
        asked = [record for path in paths if (record := self.store.get(path)) is not None]
        for record in asked:
            directory = record.function.directory
            self._paths[directory] = record.path
            force = origin == "person" and len(asked) == 1 and self._skipped == record.path
            self.queue.submit(directory, origin=origin, force=force, trigger=trigger)
        return len(asked)

    def cancel(self, path: str) -> bool:
        """Cancel one build; asked again while it is being cancelled, kill it. False where there is none."""
        record = self.store.get(path)
        return record is not None and self.queue.cancel(record.function.directory)

    def cancel_all(self) -> int:
        """Cancel all builds; how many."""
        return self.queue.cancel_all()

    @property
    def busy(self) -> int:
        """Builds queued or running."""
        state = self.queue.state
        return len(state.queued) + len(state.building)

    @property
    def building(self) -> list[str]:
        """Paths of the functions that are building now."""
        return [path for directory in self.queue.state.building if (path := self._paths.get(directory)) is not None]

    async def follow(self) -> None:
        """Take in what the queue tells, until it is shut down."""
        async for event in self.queue.events():
            self.take(event)

    async def shutdown(self) -> None:
        """Kill what runs; returns when nothing of it is left."""
        await self.queue.shutdown()

    # -- told

    def take(self, event: QueueEvent) -> None:
        """Take in one event."""
        if isinstance(event, QueueChanged):
            self._positions(event)
            self.on_change()
            return
        path = self._paths.get(event.directory)
        record = self.store.get(path)
        if path is None or record is None:
            return  # the function is gone from disk; its build is only waited for
        if isinstance(event, BuildOutputBatch):
            self._output(record, event)
        elif isinstance(event, BuildEnded):
            self._ended(record, event.result)
        elif isinstance(event, BuildPhase):
            self._progress(record.path, replace(record.progress, doing=event.phase))
        else:
            self._moved(record, event)

    def _moved(
        self, record: FunctionRecord, event: BuildQueued | BuildStarted | BuildCancelling | BuildWaiting
    ) -> None:
        progress = record.progress
        if isinstance(event, BuildQueued):
            if progress.phase == "idle":
                self._progress(record.path, BuildProgress("queued", event.position, trigger=event.trigger))
        elif isinstance(event, BuildStarted):
            self._started(record, event.plan)
        elif isinstance(event, BuildWaiting):
            self._progress(record.path, replace(progress, phase="building", started=time.monotonic()))
        else:
            deadline = None if event.next_in is None else time.monotonic() + event.next_in
            self._progress(record.path, replace(progress, phase="cancelling", signal=event.signal, deadline=deadline))

    def _progress(self, path: str, progress: BuildProgress) -> None:
        self.store.change(path, progress=progress)

    def _positions(self, state: QueueChanged) -> None:
        for place, directory in enumerate(state.queued, 1):
            record = self.store.get(self._paths.get(directory))
            if record is not None and record.progress.phase == "queued" and record.progress.position != place:
                self._progress(record.path, replace(record.progress, position=place))

    def _started(self, record: FunctionRecord, plan: BuildPlan) -> None:
        # Another compiler's time says nothing: stock Go takes a fraction of TinyGo's.
        good = (b for b in reversed(record.history) if b.status == "built" and b.compiler == plan.compiler)
        last_good = next(good, None)
        progress = BuildProgress(
            "building",
            started=time.monotonic(),
            expected=last_good.seconds if last_good is not None else None,
            trigger=record.progress.trigger,
            usual=last_good.phases if last_good is not None else (),
        )
        if record.module is not None:
            self._sizes[record.path] = record.module.size
        transcript = self._transcript(record.function.directory)
        transcript.note(command_line(plan), 0.0)
        self.store.change(record.path, progress=progress, transcript=transcript)
        self.on_start(record.path)

    def _transcript(self, directory: Path) -> Transcript:
        from tui.building.log.log_file import build_log
        from tui.building.log.transcript import Transcript

        return Transcript(self.log_lines, build_log(directory))

    def _output(self, record: FunctionRecord, event: BuildOutputBatch) -> None:
        transcript = record.transcript
        if transcript is None:
            return
        transcript.extend(event.stream, event.lines, event.seconds)
        self.on_output(record.path)

    def _ended(self, record: FunctionRecord, result: BuildResult) -> None:
        trigger = record.progress.trigger
        if record.transcript is not None and not record.transcript.closed:
            record.transcript.note(ending_line(record.wasm, result), result.seconds)
            record.transcript.close(result.seconds)
        again = any(directory == record.function.directory for directory in self.queue.state.queued)
        progress = BuildProgress("queued", trigger=trigger) if again else IDLE
        self._skipped = record.path if result.status == "skipped" else None
        if result.status == "skipped":
            self.store.change(record.path, progress=progress)
        else:
            replaced = self._sizes.pop(record.path, None)
            size = replaced if result.status == "built" and replaced is not None else record.previous_size
            previous = known_previous(record.wasm.parent)
            self.store.change(
                record.path,
                progress=progress,
                last=result,
                finished=time.time(),
                previous=previous,
                previous_size=size,
                validation=None,
            )
        self.on_output(record.path)
        self.on_end(BuildNews(record.path, result, trigger))


def command_line(plan: BuildPlan) -> str:
    """The first line of a build's log: what runs, as one would type it in a shell."""
    from tui.building.plan.plan import shell_line

    return f"$ {shell_line(plan)}"


def ending_line(wasm: Path, result: BuildResult) -> str:
    """The last line of a build's log, in the deploy tool's words where it has some. Not escaped."""
    if result.status == "built":
        size = f" ({result.size} bytes)" if result.size is not None else ""
        return f"Built {wasm}{size}"
    return result.error or {"skipped": "up to date: nothing to build", "cancelled": "cancelled"}.get(
        result.status, "the build failed"
    )

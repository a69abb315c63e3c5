"""Builds on screen: asks the queue, and turns what it tells into records. No widget is touched here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tui.app.desk.builds.under_way import UnderWay
from tui.app.desk.record import IDLE, BuildProgress, FunctionRecord
from tui.app.desk.store import Store
from tui.building.events import (
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
from tui.building.statuses import WORDS
from tui.facts import Fact
from tui.text import exact_bytes

if TYPE_CHECKING:
    from tui.building.events import BuildOrigin, BuildPlan, CompilerName
    from tui.building.log.transcript import Transcript
    from tui.building.process.queue import BuildQueue
    from tui.building.record.history import BuildRecord
    from tui.lines.progress import Progress
    from tui.settings.keys import Settings


class BuildNews(Fact):
    """A build ended: what the screen says about it."""

    path: str
    result: BuildResult
    trigger: str | None  # the change that watch rebuilt it for
    began: bool = True  # whether its turn had come: else nothing of it was looked at, and nothing made


class BuildsListener(Protocol):
    """Who is told of builds."""

    def build_ended(self, news: BuildNews) -> None:
        """A build ended."""

    def builds_changed(self) -> None:
        """What builds, or waits to, is another."""

    def run(self, work: Coroutine[Any, Any, None]) -> object:
        """Run a coroutine as long as the screen is open; a fault in it reaches the boundary."""


_NOTHING_MADE: dict[str, object] = {"began": False, "validation": None}
NUMBERED = 50  # builds next in turn whose place in the queue is told: every place changes with every build
NUMBERING = 0.25  # seconds in which that is told once, while more than these wait
SLICE = 0.0015  # seconds of taking in events, after which others have a turn: a key takes its way in about ten turns


class Builds:
    """The builds of a screen: asked for by path, carried out by a queue, told into the store."""

    def __init__(self, store: Store, settings: Settings, compiler: CompilerName, listener: BuildsListener) -> None:
        self.store = store
        self.settings = settings
        self.listener = listener
        self.compiler = compiler
        self._queue: BuildQueue | None = None
        self._paths: dict[Path, str] = {}
        self._dropped: list[tuple[FunctionRecord, BuildResult]] = []  # cancelled before they began; not told yet
        self._sizes: dict[str, int] = {}  # bytes of the module that a build under way would replace
        self.under_way = UnderWay(lambda record: usual_seconds(record, self.compiler))
        self._numbered: set[str] = set()  # functions whose place in the queue is told
        self._skipped: str | None = None  # the function whose build was skipped last: asked again, it is forced
        self._told_places = 0.0  # time.monotonic() of when that was last done
        self._numbering: asyncio.TimerHandle | None = None  # of when they will be

    @property
    def queue(self) -> BuildQueue:
        """The queue; made with the first build, so that opening a workspace costs less."""
        if self._queue is None:
            from tui.building.inputs.need import NeedByHistory
            from tui.building.process.options import BuildOptions
            from tui.building.process.queue import BuildQueue

            timeout = self.settings.timeout or None
            options = BuildOptions(self.compiler, timeout=timeout, need_check=NeedByHistory(), keep_previous=True)
            self._queue = BuildQueue(options, self.settings.jobs or None)
            self.listener.run(self.follow(self._queue))
        return self._queue

    # -- asked for

    def use(self, compiler: CompilerName) -> None:
        """Builds that start from now on use this compiler."""
        self.compiler = compiler
        if self._queue is not None:
            self._queue.options = replace(self._queue.options, compiler=compiler)

    def build(self, paths: Iterable[str], *, origin: BuildOrigin = "person", trigger: str | None = None) -> int:
        """Ask for builds; how many were asked for. A function just skipped as up to date is built when asked again."""
        asked = [record for path in paths if (record := self.store.get(path)) is not None]
        self._paths |= {record.function.directory: record.path for record in asked}
        force = origin == "person" and len(asked) == 1 and self._skipped == asked[0].path
        directories = [record.function.directory for record in asked]
        self.queue.submit_all(directories, origin=origin, force=force, trigger=trigger)
        return len(asked)

    def path_of(self, directory: Path) -> str | None:
        """The path of a function whose build was asked for."""
        return self._paths.get(directory)

    def cancel(self, path: str) -> bool:
        """Cancel one build; asked again while it is being cancelled, kill it. False where there is none."""
        record = self.store.get(path)
        return record is not None and self._queue is not None and self._queue.cancel(record.function.directory)

    def cancel_all(self) -> int:
        """Cancel all builds; how many."""
        return self._queue.cancel_all() if self._queue is not None else 0

    def change_jobs(self, by: int) -> int:
        """More or fewer builds at once; how many now."""
        self.queue.set_jobs(self.queue.jobs + by)
        return self.queue.jobs

    @property
    def progress(self) -> Progress | None:
        """How far the builds under way have come; None where nothing builds."""
        return self.under_way.progress(self._queue.jobs, time.monotonic()) if self._queue is not None else None

    @property
    def busy(self) -> int:
        """Builds queued or running."""
        return len(self._queue.state.queued) + len(self._queue.state.building) if self._queue is not None else 0

    def forget_unrecorded(self) -> None:
        """Believe no more what of builds is on no record: a person asks what the disk says."""
        gone = [
            record.path
            for record in self.store
            if record.last is not None and not record.last.recorded and record.last.status != "built"
        ]
        self.store.change_all({path: {"last": None, "finished": None} for path in gone})

    async def follow(self, queue: BuildQueue) -> None:
        """Take in what the queue tells, until it is shut down."""
        until = time.monotonic() + SLICE
        async for event in queue.events():
            self.handle(event)
            if time.monotonic() > until:
                self._take_dropped()
                await asyncio.sleep(0)  # thousands may have come at once: keys and frames have their turn
                until = time.monotonic() + SLICE
        self._take_dropped()

    async def shutdown(self) -> None:
        """Kill what runs; returns when nothing of it is left."""
        if self._queue is not None:
            await self._queue.shutdown()

    # -- told

    def handle(self, event: QueueEvent) -> None:
        """Take in one event. Of builds that are cancelled together nothing is told before the last of them is."""
        if not isinstance(event, BuildEnded):
            self._take_dropped()
        if isinstance(event, QueueChanged):
            self._positions(event)
            self.listener.builds_changed()
            return
        path = self._paths.get(event.directory)
        record = self.store.get(path)
        if path is not None:
            self.under_way.handle(path, event, record)
        if path is None or record is None:
            return  # the function is gone from disk; its build is only waited for
        if isinstance(event, BuildOutputBatch):
            self._output(record, event)
        elif isinstance(event, BuildEnded) and _never_began(record, event.result):
            self._dropped.append((record, event.result))
        elif isinstance(event, BuildEnded):
            self._take_dropped()
            self._ended(record, event.result)
        elif isinstance(event, BuildPhase):
            self._progress(record.path, record.progress._replace(doing=event.phase))
        else:
            self._moved(record, event)

    def _moved(
        self, record: FunctionRecord, event: BuildQueued | BuildStarted | BuildCancelling | BuildWaiting
    ) -> None:
        progress = record.progress
        if isinstance(event, BuildQueued):
            if progress.phase == "idle":
                place = event.position if event.position <= NUMBERED else 0
                self._progress(record.path, BuildProgress("queued", place, trigger=event.trigger))
        elif isinstance(event, BuildStarted):
            self._started(record, event.plan)
        elif isinstance(event, BuildWaiting):
            waits = BuildProgress("queued", trigger=progress.trigger, waits_for=event.waits_for)
            self._progress(record.path, waits)
        else:
            deadline = None if event.next_in is None else time.monotonic() + event.next_in
            self._progress(record.path, progress._replace(phase="cancelling", signal=event.signal, deadline=deadline))

    def _progress(self, path: str, progress: BuildProgress) -> None:
        self.store.change(path, progress=progress)

    def _positions(self, state: QueueChanged) -> None:
        """Tell who is next in turn: of a long queue now and then, since it is another with every build."""
        if self._numbering is not None:
            return
        if len(state.queued) <= NUMBERED or time.monotonic() > self._told_places + NUMBERING:
            self._number(state)
        else:
            self._numbering = asyncio.get_running_loop().call_later(NUMBERING, self._number_now)

    def _number_now(self) -> None:
        self._numbering = None
        if self._queue is not None:
            self._number(self._queue.state)

    def _number(self, state: QueueChanged) -> None:
        """Tell the places of those that are next, and none of those whose turn has come: these may wait elsewhere."""
        self._told_places = time.monotonic()
        paths = (self._paths.get(directory) for directory in state.queued[:NUMBERED])
        places = {path: place for place, path in enumerate(paths, 1) if path is not None}
        moved: dict[str, dict[str, BuildProgress]] = {}
        for path in (*places, *(self._numbered - places.keys())):
            record, place = self.store.get(path), places.get(path, 0)
            if record is not None and record.progress.phase == "queued" and record.progress.position != place:
                moved[path] = {"progress": record.progress._replace(position=place)}
        self._numbered = set(places)
        self.store.change_all(moved)

    def _started(self, record: FunctionRecord, plan: BuildPlan) -> None:
        last_good = last_good_build(record, plan.compiler)
        progress = BuildProgress(
            "building",
            started=time.monotonic(),
            expected=last_good.seconds if last_good is not None else None,
            trigger=record.progress.trigger,
            usual=last_good.phases if last_good is not None else (),
        )
        size = record.told.size
        if size is not None:
            self._sizes[record.path] = size
        transcript = self._transcript(record.function.directory)
        transcript.note(command_line(plan), 0.0)
        self.store.change(record.path, progress=progress, transcript=transcript)

    def _transcript(self, directory: Path) -> Transcript:
        from tui.building.log.log_file import build_log
        from tui.building.log.transcript import Transcript

        return Transcript(self.settings.log_lines, build_log(directory))

    def _output(self, record: FunctionRecord, event: BuildOutputBatch) -> None:
        transcript = record.transcript
        if transcript is None:
            return
        transcript.extend(event.stream, event.lines, event.seconds)

    def _take_dropped(self) -> None:
        """Take in builds that ended before they began: thousands at once, in one change."""
        dropped, self._dropped = self._dropped, []
        self.store.change_all(
            {
                record.path: {"progress": self._after(record)}
                | ({} if result.status == "lost" else {"last": result, "finished": time.time(), **_NOTHING_MADE})
                for record, result in dropped
            }
        )
        for record, result in dropped:
            self.listener.build_ended(BuildNews(record.path, result, record.progress.trigger, began=False))

    def _after(self, record: FunctionRecord) -> BuildProgress:
        """How a function stands whose build has ended: it may have been asked for again."""
        again = self._queue is not None and self._queue.has(record.function.directory)
        return BuildProgress("queued", trigger=record.progress.trigger) if again else IDLE

    def _ended(self, record: FunctionRecord, result: BuildResult) -> None:
        trigger = record.progress.trigger
        if record.transcript is not None and not record.transcript.closed:
            record.transcript.note(ending_line(record.wasm, result), result.seconds)
            record.transcript.close(result.seconds)
        progress = self._after(record)
        self._skipped = record.path if result.status == "skipped" else None
        replaced = self._sizes.pop(record.path, None)
        if result.status in ("skipped", "lost"):  # nothing new is known of the function
            self.store.change(record.path, progress=progress)
        else:
            size = replaced if result.status == "built" and replaced is not None else record.previous_size
            self.store.change(
                record.path,
                progress=progress,
                last=result,
                finished=time.time(),
                began=record.progress.phase in ("building", "cancelling"),
                previous_size=size,
                validation=None,
            )
        self.listener.build_ended(BuildNews(record.path, result, trigger))


def _never_began(record: FunctionRecord, result: BuildResult) -> bool:
    """Whether a build ended while it waited for its turn: nothing ran, and there is no log to close."""
    waited = record.progress.phase == "queued" and record.progress.waits_for is None
    return waited and result.status in ("cancelled", "lost")


def last_good_build(record: FunctionRecord, compiler: CompilerName) -> BuildRecord | None:
    """The last build on record that left a module. Another compiler's time says nothing: that of stock Go is short."""
    return next((build for build in record.told.good if build.compiler == compiler), None)


def usual_seconds(record: FunctionRecord, compiler: CompilerName) -> float | None:
    """How long a build by that compiler takes, as far as is known."""
    last_good = last_good_build(record, compiler)
    return last_good.seconds if last_good is not None else None


def command_line(plan: BuildPlan) -> str:
    """The first line of a build's log: what runs, as one would type it in a shell."""
    from tui.building.plan.plan import shell_line

    return f"$ {shell_line(plan)}"


def ending_line(wasm: Path, result: BuildResult) -> str:
    """The last line of a build's log, in the deploy tool's words where it has some. Not escaped."""
    if result.status == "built":
        size = f" ({exact_bytes(result.size)})" if result.size is not None else ""
        return f"Built {wasm}{size}"
    if result.error or result.status == "failed":
        return result.error or "the build failed"
    return WORDS[result.status] + ": nothing to build" * (result.status == "skipped")

"""How `fn-tui build` tells what happens: events as JSON, or text grouped by function, also for GitHub Actions."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

from tui.building.compilers import by_name, every
from tui.building.events import (
    BuildCancelling,
    BuildEnded,
    BuildOutputBatch,
    BuildPhase,
    BuildResult,
    BuildStarted,
    BuildStatus,
    BuildWaiting,
    QueueEvent,
)
from tui.building.statuses import WORDS
from tui.cli.commands.plan import plan_record
from tui.cli.folders import place
from tui.cli.output import complain, emit, error_lines, say
from tui.cli.paint import PLAIN, Paint
from tui.lines.canvas import Line, Role
from tui.text import human_bytes, human_seconds, plural

HELD_LINES: Final = 5_000  # of one function's output while others print; the first ones go
HELD_CHARACTERS: Final = 20_000_000  # of them: one line may have megabytes
_ROLES: Final[dict[BuildStatus, Role]] = {
    "built": "good", "failed": "wrong", "skipped": "muted", "cancelled": "muted", "lost": "muted",
}  # fmt: skip
_NOT_BUILT: Final = "Not built"


class Reporter(Protocol):
    """Takes the events of a run."""

    def handle(self, event: QueueEvent) -> None:
        """Tell of one event."""

    def finish(self, results: Sequence[BuildResult], seconds: float) -> None:
        """Tell how it all ended."""


class JsonReporter:
    """One JSON object an event. `typed`: how a person names a function's directory."""

    def __init__(self, typed: Callable[[Path], str] = str) -> None:
        self._typed = typed

    def handle(self, event: QueueEvent) -> None:
        """Print the event, one object; a batch of output as one object a line."""
        if isinstance(event, BuildStarted):
            emit(self._about("start", event.directory, **plan_record(event.plan), pid=event.pid, worker=event.worker))
        elif isinstance(event, BuildOutputBatch):
            for line in event.lines:
                seconds = round(event.seconds, 3)
                emit(self._about("output", event.directory, stream=event.stream, line=line, seconds=seconds))
        elif isinstance(event, BuildPhase):
            emit(self._about("phase", event.directory, phase=event.phase, seconds=round(event.seconds, 3)))
        elif isinstance(event, BuildCancelling):
            emit(self._about("cancelling", event.directory, signal=event.signal, next_in=event.next_in))
        elif isinstance(event, BuildWaiting):
            waits = {"waits_for": event.waits_for, "pid": event.pid, "worker": event.worker}
            emit(self._about("waiting", event.directory, **waits))
        elif isinstance(event, BuildEnded):
            emit(self._about("end", event.result.directory, **end_record(event.result)))

    def finish(self, results: Sequence[BuildResult], seconds: float) -> None:
        """Nothing: every event was told."""

    def _about(self, event: str, directory: Path, **fields: object) -> dict[str, object]:
        return {"event": event, **place(self._typed(directory)), **fields}


def end_record(result: BuildResult) -> dict[str, object]:
    """What the `end` event says of a build."""
    return {
        "status": result.status,
        "exit_code": result.exit_code,
        "seconds": round(result.seconds, 3),
        "size": result.size,
        "error": result.error,
        "tool_error": result.tool_error,
        "phases": [{"phase": name, "seconds": round(seconds, 3)} for name, seconds in result.phases],
        "compiler": result.compiler,
        "diagnostics": [
            {
                "severity": each.severity,
                "message": each.message,
                "path": each.path,
                "line": each.line,
                "column": each.column,
                "details": list(each.details),
                "fix": each.fix,
                "explanation": each.explanation,
            }
            for each in result.diagnostics
        ],
        "note": result.note,
        "worker": result.worker,
    }


class TextReporter:
    """For people: each function's output in one piece. A function that builds alone is told as it goes; that a compiler
    is missing is one fact for all functions that wait for it.
    """

    def __init__(self, live: bool, endless: bool = False, paint: Paint = PLAIN) -> None:
        self._paint = paint
        self._endless = endless  # `finish` never comes: nothing can be kept for it
        self._live = live  # one build at a time: nothing to keep apart
        self._heads: dict[Path, tuple[str, ...]] = {}
        self._held: dict[Path, deque[str]] = {}
        self._sizes: dict[Path, int] = {}  # characters held
        self._lost: dict[Path, int] = {}
        self._missing_words = tuple(compiler.words.missing for compiler in every())

    def handle(self, event: QueueEvent) -> None:
        """Print it now, or hold it until its function has ended."""
        if isinstance(event, BuildStarted):
            self._begin(event)
        elif isinstance(event, BuildOutputBatch):
            self._output(event)
        elif isinstance(event, BuildCancelling):
            after = f"; {event.next_in:.0f} s until a harder one" if event.next_in is not None else ""
            complain(f"{named(event.directory)}: {event.signal} sent{after}")
        elif isinstance(event, BuildWaiting):
            self._wait(event)
        elif isinstance(event, BuildEnded):
            self._end(event.result)

    def end(self, result: BuildResult) -> None:
        """The last words on a build; that there is no compiler is kept for the end, to be said once."""
        if result.error not in self._missing_words:
            first, *others = error_lines(outcome_line(result))
            self._paint.say(_painted(first, _ROLES[result.status]))
            say(*others)
        elif self._endless:
            self._missing(result.error, [named(result.directory)])
        if result.tool_error is not None and result.tool_error != result.error:
            say(f"  {result.tool_error}")
        say(*explanation_lines(result))
        if result.note is not None:
            complain(f"{named(result.directory)}: {result.note}")

    def output(self, line: str) -> None:
        """One line of compiler output, harmless for the terminal."""
        from tui.building.log.sgr import display

        say(display(line))

    def finish(self, results: Sequence[BuildResult], seconds: float) -> None:
        """What no compiler was there for, the summary, and which failed."""
        for error in self._missing_words:
            self._missing(error, sorted(named(result.directory) for result in results if result.error == error))
        if len(results) > 1:
            say(summary(results, seconds))
            failed = [named(result.directory) for result in results if result.status == "failed"]
            if failed:
                self._paint.say(((f"  failed: {', '.join(failed)}", "error"),))

    @staticmethod
    def _missing(error: str | None, functions: Sequence[str]) -> None:
        """That a compiler is missing, in the deploy tool's words, and what was not built for it."""
        if error is None or not functions:
            return
        say(f"Failed {functions[0]}: {error}" if len(functions) == 1 else error)
        for compiler in every():
            if error == compiler.words.missing and compiler.words.instead is not None:
                say(f"  {compiler.words.instead}")
        if len(functions) > 1:
            say(f"  not built: {', '.join(functions)}")

    def _wait(self, event: BuildWaiting) -> None:
        """What it waits for. Of many that wait for a slot, the line below or the order of what is printed tells."""
        if event.waits_for == "slot" and not self._live:
            return
        other = f" (pid {event.pid})" if event.pid is not None else ""
        words = {
            "function": f"being built by another fn-tui{other}; waiting",
            "slot": "waiting for a free slot of the cluster",
            "equal": f"waiting at {event.worker}, where the same is being built",
        }
        complain(f"{named(event.directory)}: {words[event.waits_for]}")

    def _begin(self, event: BuildStarted) -> None:
        """The deploy tool's first words on a build."""
        compiler = by_name(event.plan.compiler)
        stand_in = f" with {compiler.words.title}, a stand-in for TinyGo" if compiler.stand_in else ""
        head = (
            f"Building {named(event.directory)}{stand_in}...",
            *(line for line in (event.plan.note,) if line is not None),
            f"  {event.plan.mode} mode: {event.plan.reason}",
        )
        if self._live:
            say(*head)
        else:
            self._heads[event.directory] = head

    def _output(self, event: BuildOutputBatch) -> None:
        if self._live:
            for line in event.lines:
                self.output(line)
            return
        held = self._held.setdefault(event.directory, deque())
        size = self._sizes.get(event.directory, 0)
        for line in event.lines:
            held.append(line)
            size += len(line)
            while len(held) > HELD_LINES or (size > HELD_CHARACTERS and len(held) > 1):
                size -= len(held.popleft())
                self._lost[event.directory] = self._lost.get(event.directory, 0) + 1
        self._sizes[event.directory] = size

    def _end(self, result: BuildResult) -> None:
        say(*self._heads.pop(result.directory, ()))
        lost = self._lost.pop(result.directory, 0)
        self._sizes.pop(result.directory, None)
        if lost:
            say(f"({plural(lost, 'earlier line')} left out)")
        for line in self._held.pop(result.directory, ()):
            self.output(line)
        self.end(result)


class GithubReporter(TextReporter):
    """The same in groups that fold, with annotations; compilers cannot give commands to the runner."""

    def __init__(self) -> None:
        super().__init__(live=False)
        self._token = os.urandom(16).hex()  # no compiler can guess it

    def output(self, line: str) -> None:
        """One line that is no command, whatever it begins with."""
        if "::" in line or "##[" in line:
            say(f"::stop-commands::{self._token}")
            super().output(line)
            say(f"::{self._token}::")
        else:
            super().output(line)

    def end(self, result: BuildResult) -> None:
        """The outcome, then its annotations."""
        from tui.cli.reports.github import workflow_commands

        super().end(result)
        for command in workflow_commands(result, Path.cwd()):
            say(command)


def _painted(line: str, role: Role) -> Line:
    """`Built function.wasm ...` with its first word in the colour of how it ended."""
    word = _NOT_BUILT if line.startswith(_NOT_BUILT) else line.partition(" ")[0]
    return (word, role), (line.removeprefix(word), "space")


def outcome_line(result: BuildResult) -> str:
    """One line on how a build ended, in the deploy tool's words where it has some."""
    where = named(result.directory)
    if result.status == "built":
        size = result.size or 0
        module = os.path.join(shown(result.directory), "function.wasm")  # noqa: PTH118 - keeps "./"
        return f"Built {module} ({size} bytes) in {human_seconds(result.seconds)}: {human_bytes(size)}"
    if result.status == "skipped":
        return f"Skipped {where}: unchanged (--force builds it all the same)"
    if result.status == "cancelled":
        return f"Cancelled {where}" if result.error in (None, "cancelled") else f"Cancelled {where}: {result.error}"
    if result.status == "lost":
        return f"{_NOT_BUILT} {where}: {result.error}"
    return f"Failed {where}: {result.error}"


def explanation_lines(result: BuildResult) -> list[str]:
    """What the errors mean and what mends them, each once: errors of one kind share their words."""
    told: dict[str, None] = {}
    for each in result.diagnostics:
        if each.explanation is not None:
            told[f"  {each.explanation}"] = None
        if each.fix is not None:
            told[f"  fix: {each.fix}"] = None
    return list(told)


def summary(results: Sequence[BuildResult], seconds: float) -> str:
    """`3 built, 1 failed in 4.2 s`."""
    counts = {status: sum(result.status == status for result in results) for status in WORDS}
    told = ", ".join(f"{count} {WORDS[status]}" for status, count in counts.items() if count)
    return f"{told or 'nothing to build'} in {human_seconds(seconds)}"


def shown(directory: Path) -> str:
    """A directory as a person would write it here: relative where it lies below, else absolute."""
    path, here = os.fspath(directory), os.getcwd()  # noqa: PTH109
    if path.startswith("/") and ".." not in path and path != here:  # as most are; of each build three lines name it
        return path.removeprefix(f"{here.rstrip('/')}/")
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


def named(directory: Path) -> str:
    """The same where it stands before other text: "." alone reads as if a name was missing."""
    where = shown(directory)
    return str(directory) if where == "." else where


def reporter_of(
    form: str, *, live: bool, endless: bool = False, typed: Callable[[Path], str] = str, paint: Paint = PLAIN
) -> Reporter:
    """The reporter for `--format`. `endless`: its `finish` will not be called; `typed`: how a directory was typed."""
    if form == "json":
        return JsonReporter(typed)
    return GithubReporter() if form == "github" else TextReporter(live, endless, paint)

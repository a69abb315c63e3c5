"""Finding and reading functions off the event loop: names first, then configs, then modules; what is looked at first.

One thread finds, one reads. Results go to the loop in batches that never hold it for long.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from tui.app.store import Store
from tui.app.survey import Fields, SurveyTerms, survey_config, survey_module
from tui.workspace.find import iter_functions
from tui.workspace.model import FindProblem, Function

BATCH_SECONDS: Final = 0.1  # found functions are handed on this often
DRAIN_SECONDS: Final = 0.008  # the loop is held at most this long by one batch of results
Part = Literal["config", "module", "both"]


class Reader:
    """Fills the store. Ask with `find` and `request`; `closed` for good after `close`."""

    def __init__(self, store: Store, terms: Callable[[], SurveyTerms]) -> None:
        self.store = store
        self.terms = terms
        self.problems: list[FindProblem] = []
        self.searching = False
        self.on_found: Callable[[], None] = lambda: None  # the search is over
        self.on_fault: Callable[[BaseException], None] = lambda _: None  # a fault of ours in a thread
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: contextvars.Context | None = None
        self._wanted = threading.Condition()
        self._urgent: deque[str] = deque()
        self._configs: deque[str] = deque()
        self._modules: deque[str] = deque()
        self._queued: set[str] = set()
        self._results: deque[Callable[[], None]] = deque()
        self._draining = False
        self._closed = False
        self._search = 0
        self._thread: threading.Thread | None = None

    # -- asked for, on the loop

    def find(self, root: Path) -> None:
        """Search the workspace, and read what is found. Functions that are gone leave the store at the end."""
        self._attach()
        self._search += 1
        self.searching = True
        self._start(self._find, root, self._search)

    def glance(self, root: Path, seconds: float) -> None:
        """Take in the functions that are found within so many seconds, here and now. `find` looks for all."""
        self.searching = True
        end = time.monotonic() + seconds
        found = []
        for one in iter_functions(root):
            if isinstance(one, Function):
                found.append(one)
            if time.monotonic() > end:
                break
        self.store.find(found)

    def request(self, paths: Iterable[str], *, urgent: bool = False) -> None:
        """Read these functions again, config and module; urgent ones before all others."""
        with self._wanted:
            for path in paths:
                if urgent:
                    if path in self._urgent:
                        continue
                    self._urgent.append(path)
                elif path not in self._queued:
                    self._queued.add(path)
                    self._configs.append(path)
            self._wanted.notify()
        if self._thread is None and not self._closed:
            self._attach()
            self._thread = self._start(self._read)

    def prefer(self, paths: Iterable[str]) -> None:
        """Read those of these functions first that are not read yet."""
        unread = [p for p in paths if p in self.store and self.store.state(p) == "loading"]
        if unread:
            self.request(unread, urgent=True)

    @property
    def pending(self) -> int:
        """How many functions wait to be read."""
        return len(self._urgent) + len(self._configs) + len(self._modules)

    def close(self) -> None:
        """Stop both threads; what they are at is given up."""
        with self._wanted:
            self._closed = True
            self._wanted.notify_all()

    def _attach(self) -> None:
        """Remember the loop, and the context in which its callbacks run: Textual's app is in a context variable."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._context = contextvars.copy_context()

    def _start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*arguments)
            except BaseException as fault:  # noqa: BLE001 - carried to the loop's boundary, never swallowed
                self._hand_on(lambda fault=fault: self.on_fault(fault))  # type: ignore[misc]

        thread = threading.Thread(target=guarded, name=f"fn-tui {work.__name__}", daemon=True)
        thread.start()
        return thread

    # -- done, in the threads

    def _find(self, root: Path, search: int) -> None:
        functions: list[Function] = []
        problems: list[FindProblem] = []
        sent, handed = 0, time.monotonic()
        for found in iter_functions(root):
            if self._closed or search != self._search:
                return
            if isinstance(found, FindProblem):
                problems.append(found)
                continue
            functions.append(found)
            if time.monotonic() - handed > BATCH_SECONDS:
                batch, sent, handed = functions[sent:], len(functions), time.monotonic()
                self._hand_on(lambda batch=batch: self._take(batch))  # type: ignore[misc]
        self._hand_on(lambda: self._finish(functions, problems, search))

    def _read(self) -> None:
        while (step := self._next()) is not None:
            path, part = step
            record = self.store.get(path)  # one lookup in a dict: safe from here
            if record is None:
                continue
            terms = self.terms()
            if part != "module" or record.reading is None:
                fields = survey_config(record.function, terms)
                record = replace(record, **fields)
                self._tell(path, fields)
            if part == "config":
                with self._wanted:
                    self._modules.append(path)
            else:
                self._tell(path, survey_module(record, terms))

    def _next(self) -> tuple[str, Part] | None:
        """What to read next; waits where there is nothing. None: closed."""
        with self._wanted:
            while not (self._closed or self._urgent or self._configs or self._modules):
                self._wanted.wait()
            if self._closed:
                return None
            if self._urgent:
                return self._urgent.popleft(), "both"
            if self._configs:
                path = self._configs.popleft()
                self._queued.discard(path)
                return path, "config"
            return self._modules.popleft(), "module"

    def _tell(self, path: str, fields: Fields) -> None:
        self._hand_on(lambda: self._apply(path, fields))

    def _apply(self, path: str, fields: Fields) -> None:
        self.store.change(path, **fields)

    # -- back on the loop

    def _hand_on(self, result: Callable[[], None]) -> None:
        self._results.append(result)
        if not self._draining and self._loop is not None:
            self._draining = True
            try:
                self._loop.call_soon_threadsafe(self._drain, context=self._context)
            except RuntimeError:
                self._draining = False  # the loop closed in between: nobody is left to tell

    def _drain(self) -> None:
        end = time.monotonic() + DRAIN_SECONDS
        self._draining = False
        if self._closed:
            self._results.clear()  # nobody is left to tell
        while self._results:
            self._results.popleft()()
            if time.monotonic() > end and self._results and self._loop is not None:
                self._draining = True
                # Keys and frames come between two batches.
                self._loop.call_later(0.004, self._drain)
                return

    def _take(self, functions: list[Function]) -> None:
        # Names first: what they hold is read when all are found.
        self.store.find(functions)

    def _finish(self, functions: list[Function], problems: list[FindProblem], search: int) -> None:
        if search != self._search:
            return
        known = set(self.store.paths)
        self.store.find(functions, whole=True)
        self.problems = problems
        self.searching = False
        self.request(path for path in self.store.paths if path not in known or self.store.state(path) == "loading")
        self.on_found()

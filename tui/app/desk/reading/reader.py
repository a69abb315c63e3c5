"""Finding and reading functions off the event loop: names first, then configs, then modules; what is looked at first.

One thread finds, one reads: nothing before the names are on screen. Results go to the loop in batches that never hold
it for long, and the threads step aside often: one interpreter runs one thread at a time.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from tui.app.desk.reading.keeping import Keeper
from tui.app.desk.record import FunctionRecord
from tui.app.desk.store import Store
from tui.app.terminal.interpreter import share_the_interpreter
from tui.assessment.assess import judge, read, weigh
from tui.assessment.assessment import Assessment
from tui.assessment.terms import Terms
from tui.building.record.previous import known_previous
from tui.workspace.find import iter_functions
from tui.workspace.function import FindProblem, Function

BATCH_SECONDS: Final = 0.3  # found functions are handed on this often: the first frame has a screenful already
APPLY_SECONDS: Final = 0.033  # results are taken in this often
APPLY_MOST: Final = 128  # results taken in at once: about 4 ms
SLICE_SECONDS: Final = 0.004  # a thread works this long, then rests, so that the loop gets its turn
REST_SECONDS: Final = 0.001
HELD_SECONDS: Final = 1.0  # nothing is read before the names are there, unless finding them takes this long
Part = Literal["config", "module", "both"]
Fields = dict[str, Any]  # fields of FunctionRecord
READ: Final = ("reading", "source", "plan")  # what the first step tells
JUDGED: Final = tuple(field.name for field in fields(Assessment) if field.name not in ("function", *READ))


def fields_of(record: Assessment, names: Iterable[str]) -> Fields:
    """Some fields of an Assessment, for the store to take in."""
    return {name: getattr(record, name) for name in names}


class ReaderListener(Protocol):
    """Who is told, on the loop, what the threads came to."""

    def search_ended(self) -> None:
        """The names are known."""

    def fail(self, fault: BaseException) -> None:
        """A fault of ours in a thread."""


class Reader:
    """Fills the store. Ask with `find` and `request`; `closed` for good after `close`."""

    def __init__(
        self, store: Store, terms: Callable[[], Terms], listener: ReaderListener, keep: Path | None = None
    ) -> None:
        """`keep`: the workspace of which is kept what is learned; None keeps nothing."""
        self.store = store
        self._keeper = Keeper(keep, store.__len__)
        self.terms = terms
        self.problems: list[FindProblem] = []
        self.searching = False
        self.listener = listener
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: contextvars.Context | None = None
        self._wanted = threading.Condition()
        self._urgent: deque[str] = deque()
        self._configs: deque[str] = deque()
        self._modules: deque[str] = deque()
        self._queued: set[str] = set()
        self._read_once: set[str] = set()  # though the store may not have been told yet
        self._served: set[str] = set()  # of those queued: read meanwhile, because they were urgent
        self._results: deque[Callable[[], None]] = deque()
        self._fields: deque[tuple[str, Fields]] = deque()
        self._draining = False
        self._held = True
        self._closed = False
        self._search = 0
        self._begun: _Search | None = None
        self._thread: threading.Thread | None = None

    # -- asked for, on the loop

    def find(self, root: Path) -> None:
        """Search the workspace, and read what is found. Functions that are gone leave the store at the end."""
        loop = self._attach()
        self._search += 1
        self.searching = True
        begun, self._begun = self._begun, None
        if self._held:
            loop.call_later(HELD_SECONDS, self.begin)
        self._start(self._find, begun or _Search(root), self._search)

    def glance(self, root: Path, seconds: float) -> None:
        """Take in the functions that are found within so many seconds, here and now. `find` goes on from there."""
        self.searching = True
        self._begun = search = _Search(root)
        end = time.monotonic() + seconds
        while time.monotonic() < end and search.step():
            pass
        self.store.find(search.functions)

    def begin(self) -> None:
        """Read from now on: the names are on screen."""
        with self._wanted:
            self._held = False
            self._wanted.notify_all()

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
                else:
                    self._served.discard(path)
            self._wanted.notify()
        if self._thread is None and not self._closed:
            self._attach()
            self._thread = self._start(self._read)

    def prefer(self, paths: Iterable[str]) -> None:
        """Read those of these functions first that are not read yet."""
        paths = [path for path in paths if path not in self._read_once]
        unread = [p for p in paths if p in self.store and self.store.state(p) == "reading"]
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

    def _attach(self) -> asyncio.AbstractEventLoop:
        """Remember the loop, and the context in which its callbacks run: Textual's app is in a context variable."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._context = contextvars.copy_context()
            share_the_interpreter()
        return self._loop

    def _start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*arguments)
            except BaseException as fault:  # noqa: BLE001 - carried to the loop's boundary, never swallowed
                self._hand_on(lambda fault=fault: self.listener.fail(fault))  # type: ignore[misc]

        thread = threading.Thread(target=guarded, name=f"fn-tui {work.__name__}", daemon=True)
        thread.start()
        return thread

    # -- done, in the threads

    def _find(self, search: _Search, number: int) -> None:
        sent, handed, rest = 0, time.monotonic(), _Rest()
        while search.step():
            if self._closed or number != self._search:
                return
            rest.rest()
            if time.monotonic() - handed > BATCH_SECONDS:
                batch, sent, handed = search.functions[sent:], len(search.functions), time.monotonic()
                # Names first: what they hold is read when all are found.
                self._hand_on(partial(self._take, batch))
        self._hand_on(lambda: self._finish(search, number))

    def _read(self) -> None:
        rest = _Rest()
        while (step := self._next()) is not None:
            path, part = step
            record = self.store.get(path)
            if record is None:
                continue
            terms = self.terms()
            known = self._keeper.known(record, terms) if part != "module" else None
            if known is not None:
                self._tell(path, {**fields_of(known, READ), **self._judged(known)})
                rest.rest()
            else:
                self._read_part(record, part, terms, rest)
            if part != "config" or known is not None:
                self._read_once.add(path)
            if not self.pending:
                terms.cache.save()  # what cannot be kept is worked out again next time, no more
                self._keeper.save()
        self._keeper.close()

    def _read_part(self, record: FunctionRecord, part: Part, terms: Terms, rest: _Rest) -> None:
        """Read a function's config, its module, or both."""
        path = record.path
        if part != "module" or record.reading is None:
            self._keeper.begin(record)
            record = read(record, terms)
            self._tell(path, fields_of(record, READ))
            rest.rest()
        if part == "config":
            with self._wanted:
                self._modules.append(path)
            return
        record = judge(weigh(record, terms), terms)
        self._tell(path, self._judged(record))
        self._keeper.end(record, terms)
        rest.rest()

    def _judged(self, found: Assessment) -> Fields:
        """What the later steps told of a function, and the module before its last build."""
        return {**fields_of(found, JUDGED), "previous": known_previous(found.function.directory)}

    def _next(self) -> tuple[str, Part] | None:
        """What to read next; waits where there is nothing. None: closed."""
        with self._wanted:
            while not self._closed:
                if self._held or not (self._urgent or self._configs or self._modules):
                    self._wanted.wait()
                elif self._urgent:
                    path = self._urgent.popleft()
                    if path in self._queued:
                        self._served.add(path)
                    return path, "both"
                elif self._configs:
                    path = self._configs.popleft()
                    self._queued.discard(path)
                    if path not in self._served:
                        return path, "config"
                    self._served.discard(path)
                else:
                    return self._modules.popleft(), "module"
            return None

    def _tell(self, path: str, fields: Fields) -> None:
        self._fields.append((path, fields))
        self._wake()

    def _hand_on(self, result: Callable[[], None]) -> None:
        self._results.append(result)
        self._wake()

    def _wake(self) -> None:
        if not self._draining and self._loop is not None:
            self._draining = True
            try:
                self._loop.call_soon_threadsafe(self._drain, context=self._context)
            except RuntimeError:
                self._draining = False  # the loop closed in between: nobody is left to tell

    # -- back on the loop

    def _drain(self) -> None:
        """Take in what the threads handed on; the rest, and what comes meanwhile, after keys and frames had a turn."""
        self._draining = False
        if self._closed:
            self._results.clear()  # nobody is left to tell
            self._fields.clear()
        while self._results:
            self._results.popleft()()
        self._apply()
        if self._loop is not None and self._thread is not None and not self._closed and self._working:
            self._draining = True
            self._loop.call_later(APPLY_SECONDS, self._drain)

    def _take(self, functions: list[Function]) -> None:
        self.store.find(functions)

    @property
    def _working(self) -> bool:
        """Whether more will come at once."""
        return bool(self._fields or self._results or (self.pending and not self._held))

    def _apply(self) -> None:
        """One change of the store for many results: its listeners are told once."""
        changes: dict[str, Fields] = {}
        while self._fields and len(changes) < APPLY_MOST:
            path, fields = self._fields.popleft()
            changes[path] = {**changes[path], **fields} if path in changes else fields
        self.store.change_all(changes)

    def _finish(self, search: _Search, number: int) -> None:
        if number != self._search:
            return
        known = set(self.store.paths)
        self.store.find(search.functions, whole=True)
        self.problems = search.problems
        self.searching = False
        self.request(path for path in self.store.paths if path not in known or self.store.state(path) == "reading")
        self.listener.search_ended()


class _Search:
    """A search of a workspace under way, in whichever thread takes its next step."""

    def __init__(self, root: Path) -> None:
        self.functions: list[Function] = []
        self.problems: list[FindProblem] = []
        self._found: Iterator[Function | FindProblem] = iter_functions(root)

    def step(self) -> bool:
        """Find one more; False where there is none."""
        found = next(self._found, None)
        if isinstance(found, FindProblem):
            self.problems.append(found)
        elif found is not None:
            self.functions.append(found)
        return found is not None


class _Rest:
    """Steps aside for other threads, now and then."""

    def __init__(self) -> None:
        self._until = time.monotonic() + SLICE_SECONDS

    def rest(self) -> None:
        """Rest where the slice is over."""
        if time.monotonic() > self._until:
            time.sleep(REST_SECONDS)
            self._until = time.monotonic() + SLICE_SECONDS

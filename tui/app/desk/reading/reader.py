"""Finding and reading functions off the event loop: names first, then configs, then modules; what is looked at first.

One thread finds, one reads: nothing before the names are on screen. Results go to the loop in batches that never hold
it for long, and the threads step aside often: one interpreter runs one thread at a time.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from tui.app.desk.reading.inbox import NOW, SOON, WHENEVER, Fields, Inbox, Urgency
from tui.app.desk.reading.keeping import Keeper
from tui.app.desk.record import FunctionRecord
from tui.app.desk.resting import Rest
from tui.app.desk.store import Store
from tui.app.terminal.interpreter import ASIDE, return_large_blocks, set_aside, share_the_interpreter
from tui.assessment.assess import judge, read, weigh
from tui.assessment.assessment import Assessment, outlined
from tui.assessment.terms import Terms
from tui.building.record.previous import known_previous
from tui.workspace.find import iter_functions
from tui.workspace.function import FindProblem, Function

if TYPE_CHECKING:
    from tui.app.desk.reading.helping import Helpers
    from tui.lines.states import State

BATCH_SECONDS: Final = 0.3  # found functions are handed on this often: the first frame has a screenful already
END_SECONDS: Final = 0.5  # for which the end waits until what was learned is kept
HELD_SECONDS: Final = 1.0  # nothing is read before the names are there, unless finding them takes this long
HELD_WHOLE: Final = 50  # functions up to which all that was read is held in memory
Part = Literal["config", "module", "both", "rest", "learned"]
URGENT: Final[frozenset[Part]] = frozenset({"both", "rest"})  # what is in sight, or has just changed
READ: Final = ("reading", "source", "plan")  # what the first step tells
JUDGED: Final = tuple(field.name for field in fields(Assessment) if field.name not in ("function", *READ))


def fields_of(record: Assessment, names: Iterable[str]) -> Fields:
    """Some fields of an Assessment, for the store to take in."""
    return {name: getattr(record, name) for name in names}


def _judged(found: Assessment) -> Fields:
    """What the later steps told of a function."""
    told = fields_of(found, JUDGED)
    return told if found.is_whole else {**told, "source": None}


class ReaderListener(Protocol):
    """Who is told, on the loop, what the threads came to."""

    def search_ended(self) -> None:
        """The names are known."""

    def fail(self, fault: BaseException) -> None:
        """A fault of ours in a thread."""


class Reader:
    """Fills the store. Ask with `find` and `request`; `closed` for good after `close`."""

    def __init__(
        self,
        store: Store,
        terms: Callable[[], Terms],
        listener: ReaderListener,
        keep: Path | None = None,
        contract: Path | None = None,
    ) -> None:
        """`keep`: the workspace of which is kept what is learned; None keeps nothing. `contract`: the file of terms."""
        self.store = store
        self._keep, self._contract = keep, contract
        self._keeper = Keeper(keep)
        self.terms = terms
        self.problems: list[FindProblem] = []
        self.searching = False
        self.listener = listener
        self._inbox = Inbox(store, lambda: self.pending)
        self._attached = False
        self._wanted = threading.Condition()
        self._urgent: deque[str] = deque()
        self._configs: deque[str] = deque()
        self._modules: deque[str] = deque()
        self._rests: deque[str] = deque()
        self._learned: deque[str] = deque()  # read by helpers
        self._helped = 0  # functions that helpers are at
        self._helpers: Helpers | None = None
        self.looked_at: str | None = None
        self._queued: set[str] = set()
        self._taken_up: set[str] = set()  # read or being read: the store may not have been told yet
        self._served: set[str] = set()  # of those queued: read meanwhile, because they were urgent
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
        self.store.remember(self._keeper.last_states())

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
        paths = [path for path in paths if path not in self._taken_up]
        unread = [p for p in paths if p in self.store and self.store.state(p) == "reading"]
        if unread:
            self.request(unread, urgent=True)

    def opened(self, record: FunctionRecord | None) -> None:
        """A person looks at this function: what was left where it is kept is wanted now."""
        self.looked_at = record.path if record is not None else None
        if record is not None and not record.is_whole:
            with self._wanted:
                if record.path not in self._rests:
                    self._rests.append(record.path)
                    self._wanted.notify()

    @property
    def pending(self) -> int:
        """How many functions wait to be read."""
        here = len(self._urgent) + len(self._configs) + len(self._modules)
        return here + len(self._learned) + self._helped

    def close(self) -> None:
        """Stop both threads; what they are at is given up."""
        with self._wanted:
            self._closed = True
            self._wanted.notify_all()
        self._inbox.close()
        if self._helpers is not None:
            self._helpers.close()

    async def ended(self) -> None:
        """Wait a moment until what was learned is kept."""
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, END_SECONDS)

    def _attach(self) -> asyncio.AbstractEventLoop:
        if not self._attached:
            self._attached = True
            share_the_interpreter()
        return self._inbox.open()

    def _start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*arguments)
            except BaseException as fault:  # noqa: BLE001 - carried to the loop's boundary, never swallowed
                self._inbox.hand_on(lambda fault=fault: self.listener.fail(fault))  # type: ignore[misc]

        thread = threading.Thread(target=guarded, name=f"fn-tui {work.__name__}", daemon=True)
        thread.start()
        return thread

    # -- done, in the threads

    def _find(self, search: _Search, number: int) -> None:
        sent, handed, rest = 0, time.monotonic(), Rest()
        while search.step():
            if self._closed or number != self._search:
                return
            rest.rest()
            if time.monotonic() - handed > BATCH_SECONDS:
                batch, sent, handed = search.functions[sent:], len(search.functions), time.monotonic()
                # Names first: what they hold is read when all are found.
                self._inbox.hand_on(partial(self._take, batch))
        self._inbox.hand_on(lambda: self._finish(search, number))

    def _read(self) -> None:
        return_large_blocks()
        rest, read = Rest(), 0
        while (step := self._next()) is not None:
            path, part = step
            record = self.store.get(path)
            if record is None:
                continue
            if part != "config":
                self._taken_up.add(path)
            terms = self.terms()
            known = self._known(record, part, terms)
            if known is not None:
                fields = {**fields_of(known, READ), **_judged(known)}
                if known.is_whole:
                    fields["previous"] = known_previous(record.function.directory)
                self._inbox.add(path, fields, NOW if part in URGENT else WHENEVER)
                self._taken_up.add(path)
                rest.rest()
            else:
                self._read_part(record, part, terms, rest)
            read += 1
            if not read % ASIDE:
                set_aside()
            if not self.pending:
                terms.cache.save()  # what cannot be kept is worked out again next time, no more
                self._keeper.save()
        self._keeper.close(self._states())

    @property
    def lasting(self) -> Mapping[str, State]:
        """What the next start will be told of the functions, were this the end."""
        return self._keeper.lasting(self._states())

    def _states(self) -> dict[str, State]:
        return {path: self.store.last(path) or self.store.state(path) for path in self.store.paths}

    def _known(self, record: FunctionRecord, part: Part, terms: Terms) -> Assessment | None:
        """What is kept of a function and holds now, as far as it is wanted."""
        if part == "rest":
            return self._keeper.completed(record, terms)
        if part == "module":
            return None
        if part == "learned":
            return self._keeper.learned(record, terms, whole=record.path == self.looked_at)
        return self._keeper.known(record, terms, whole=record.path == self.looked_at)

    def _read_part(self, record: FunctionRecord, part: Part, terms: Terms, rest: Rest) -> None:
        """Read a function's config, its module, or both."""
        path = record.path
        urgency: Urgency = WHENEVER if part not in URGENT else NOW if path == self.looked_at else SOON
        if part not in ("module", "learned") or record.reading is None:
            self._get_help(terms)
            self._keeper.begin(record)
            record = read(record, terms)
            self._inbox.add(path, fields_of(record, READ), urgency)
            rest.rest()
        if part == "config":
            with self._wanted:
                self._modules.append(path)
            return
        record = judge(weigh(self._keeper.with_module(record), terms), terms)
        # A module of 2 MB takes 140 KB here: of thousands of functions that stays where it is kept, or on disk.
        held = len(self.store) <= HELD_WHOLE or path == self.looked_at
        fields = _judged(record if held else outlined(record))
        fields["previous"] = known_previous(record.function.directory)
        self._inbox.add(path, fields, urgency)
        self._keeper.end(record, terms)
        rest.rest()

    def _next(self) -> tuple[str, Part] | None:
        """What to read next; waits where there is nothing. None: closed."""
        with self._wanted:
            while not self._closed:
                waiting = self._urgent or self._rests or self._configs or self._learned or self._modules
                if self._held or not waiting:
                    self._wanted.wait()
                elif self._urgent:
                    path = self._urgent.popleft()
                    if path in self._queued:
                        self._served.add(path)
                    return path, "both"
                elif self._rests:
                    return self._rests.popleft(), "rest"
                elif self._configs:
                    path = self._configs.popleft()
                    self._queued.discard(path)
                    if path not in self._served:
                        return path, "config"
                    self._served.discard(path)
                elif self._learned:
                    path = self._learned.popleft()
                    if path not in self._taken_up:  # else it was urgent meanwhile
                        return path, "learned"
                else:
                    return self._modules.popleft(), "module"
            return None

    # -- helped by other processes

    def _get_help(self, terms: Terms) -> None:
        """A function has to be read: where all that are to be read are much work, have it done on other cores too."""
        if self._helpers is not None or self._keep is None:
            return
        from tui.app.desk.reading.helping import Helpers, worth_helpers

        self._helpers = Helpers(self._keep, self._contract, self._hand_out, self._take_back)
        waiting = [self.store.function(path) for path in list(self._configs) if path in self.store]
        count = worth_helpers(waiting, self._keeper.share_unknown(waiting, terms))
        if count > 0 and not self._closed:
            self._helpers.hire(count, terms.compiler.name)

    def _hand_out(self, most: int) -> list[Function]:
        """Some of the functions that would be read last."""
        with self._wanted:
            waiting = self._modules if len(self._modules) > len(self._configs) else self._configs
            paths: list[str] = []
            left = len(waiting) // 2
            while left and len(paths) < most:
                left -= 1
                path = waiting.pop()
                self._queued.discard(path)
                if path not in self._urgent:  # else it is read here before long
                    paths.append(path)
            served, self._served = self._served.intersection(paths), self._served.difference(paths)
            functions = [self.store.function(path) for path in paths if path in self.store and path not in served]
            self._helped += len(functions)
        return functions

    def _take_back(self, functions: list[Function]) -> None:
        """They were read, and are kept; or not, and are read here."""
        with self._wanted:
            self._helped -= len(functions)
            self._learned.extend(function.path for function in functions)
            self._wanted.notify()

    # -- back on the loop

    def _take(self, functions: list[Function]) -> None:
        self.store.find(functions)

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

"""What the last line says of builds that ended: one sentence for one build, one for many."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from tui.app.desk.standing import TROUBLE, is_being_read, state_of
from tui.app.notices import Notice
from tui.building.statuses import WORDS
from tui.lines.states import in_sentence

if TYPE_CHECKING:
    from tui.app.desk.builds.builds import BuildNews
    from tui.app.desk.store import Change, Store
    from tui.building.events import BuildResult
    from tui.lines.states import State

TEXT_MOST: Final = 160  # characters of an error: two lines of a notice, three at most
# Refused is no status of a build: function.yaml is, so that none began.
_TOLD: Final = {"built": WORDS["built"], "failed": WORDS["failed"], "refused": "refused", **WORDS}


def first_error(result: BuildResult) -> str:
    """The first thing that a build which failed had to say, with its place, and how many more there are."""
    from tui.building.errors.diagnostics import headline

    errors = [found for found in result.diagnostics if found.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return _cut(headline(errors[0])) + more
    first, *rest = (result.error or "the build failed").splitlines() or ["the build failed"]
    if first.endswith(":") and rest:  # a parser's heading tells nothing without what stands below it
        first = f"{first} {rest.pop(0).strip()}"
    return _cut(first) + (f" (and {len(rest)} more)" if rest else "")


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_MOST else f"{text[: TEXT_MOST - 1]}…"


def news_notice(news: BuildNews, state: State = "ready") -> Notice:
    """What to say of one build that ended, and in which state it left its function."""
    from tui.text import human_bytes, human_seconds

    result, name = news.result, news.path
    if result.status == "built":
        size = f", {human_bytes(result.size)}" if result.size is not None else ""
        done = f"built {name} in {human_seconds(result.seconds)}{size}"
        words = f"rebuilt {name}: {news.trigger}" if news.trigger else done
        bad = state in TROUBLE
        return Notice(
            words + f", now {in_sentence(state)}" * (bad or state == "warnings"), "warning" if bad else "information"
        )
    if result.status == "skipped":
        return Notice(f"{name} is up to date: nothing to build; asked again, it is built anyway")
    if result.status == "cancelled":
        return Notice(f"{name}: {result.error or 'cancelled'}", "warning")
    if result.status == "lost":
        return Notice(f"{name} is not built: {result.error}", "warning")
    why = f"build failed after {news.trigger}: " if news.trigger else ""
    return Notice(f"{name}: {why}{first_error(result)}", "error")


class Batch:
    """The builds that a person asked for together: when the last of them has ended, they are summed up."""

    def __init__(self, store: Store, say: Callable[[Notice], None]) -> None:
        self._store = store
        self._say = say
        self._pending: set[str] = set()
        self._ended: Counter[str] = Counter()
        self._states: Counter[State] = Counter()  # of those that were built
        self._late: list[BuildNews] = []  # what they made is being read
        self._asked = 0
        self._begun = 0.0
        store.listen(self._follow)

    def ask(self, paths: Iterable[str]) -> None:
        """These are asked for now; together with those asked for before, where some of them are still under way."""
        self._forget_gone()
        if not self._pending:
            self._ended.clear()
            self._states.clear()
            self._begun, self._asked = time.monotonic(), 0
        new = set(paths) - self._pending
        self._pending |= new
        self._asked += len(new)

    def handle(self, news: BuildNews) -> None:
        """A build has ended."""
        self._late.append(news)
        self.announce()

    def _follow(self, change: Change) -> None:
        """What is known of functions is another: some may be gone from disk, of which no end is told."""
        if change.membership and self._pending:
            self._forget_gone()
        self.announce()

    def announce(self) -> None:
        """Say what builds came to, when what they made was looked at: no row contradicts it."""
        late, self._late = self._late, []
        for news in late:
            record = self._store.get(news.path)
            if record is not None and is_being_read(record):
                self._late.append(news)
                continue
            notice = self._told(news, state_of(record) if record is not None else "unbuilt")
            if notice is not None:
                self._say(notice)

    def _told(self, news: BuildNews, state: State) -> Notice | None:
        """What to say of one; nothing while others of its batch are under way."""
        if news.path not in self._pending or self._asked == 1:
            self._pending.discard(news.path)
            quiet = news.trigger and news.result.status not in ("built", "failed")  # nobody asked, nothing changed
            return None if quiet else news_notice(news, state)
        self._pending.discard(news.path)
        # A config that is refused fails its build; it is called what its row and the header call it.
        refused = news.result.status == "failed" and state == "refused"
        self._ended["refused" if refused else news.result.status] += 1
        if news.result.status == "built":
            self._states[state] += 1
        return None if self._pending else self._sum()

    def _forget_gone(self) -> None:
        """Of a function that is gone from disk no end is told."""
        self._pending = {path for path in self._pending if path in self._store}

    def _sum(self) -> Notice:
        from tui.text import human_seconds, plural

        if set(self._ended) == {"skipped"}:
            return Notice(f"{plural(self._ended['skipped'], 'function')} up to date: nothing to build")
        told = [f"{self._ended[status]:,} {word}" for status, word in _TOLD.items() if self._ended[status]]
        states: tuple[State, ...] = (*TROUBLE, "warnings")
        bad = [f"{self._states[state]:,} {in_sentence(state)}" for state in states if self._states[state]]
        words = ", ".join([told[0] + f" ({', '.join(bad)})" * bool(bad), *told[1:]])
        bad_end = self._ended["failed"] or self._ended["refused"]
        stopped = self._ended["cancelled"] or self._ended["lost"]
        severity = "error" if bad_end else "warning" if stopped else "information"
        return Notice(f"{words} in {human_seconds(time.monotonic() - self._begun)}", severity)

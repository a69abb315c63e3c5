"""The process that runs guests: `python -m tui.running.process.worker`. Requests come on stdin, replies go to stdout.

run: one call, whole. open, frame, close: a persistent connection, step by step. Before a reply it may tell what it is
at: compiling, running. It ends when stdin does.
"""

from __future__ import annotations

import base64
import os
import select
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter, sleep
from typing import Any, Final

from tui.running.answer import Answer, Phase
from tui.running.engine.cache import CodeCache
from tui.running.engine.machine import Machine
from tui.running.engine.stack import on_guest_stack
from tui.running.host.assemble import assemble
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.lives.bench import Bench
from tui.running.plan.table import host_table
from tui.running.process.bounds import MOST_COMPILING, bounded
from tui.running.process.wire import Message, WireError, answer_fields, pack, read_call, read_target, reading, unpack
from tui.running.run import run
from tui.running.session import Session, open_session

FAREWELL: Final = 0.5  # seconds from the end of whoever asked to ours, where a function still runs

Fields = Mapping[str, Any]
_read: Final = reading(partial(os.read, 0))  # standard input


class Worker:
    """The engine and the host of this process, and the connections that are open."""

    def __init__(self, cache: str, settings: HostSettings) -> None:
        machine = Machine(CodeCache(Path(cache)) if cache else None, tell=_tell)
        self._bench: Bench = assemble(settings, machine, host_table())
        self._sessions: dict[str, Session] = {}
        self._does: dict[str, Callable[[Message], Fields]] = {
            "run": self._run,
            "open": self._open,
            "frame": self._frame,
            "close": self._close,
        }

    def reply(self, request: Message) -> Fields:
        """The reply to one request."""
        try:
            return self._does[request.fields["do"]](request)
        except HostSetupError as error:  # of a part that is made for the first function that asks for it
            return {"refused": str(error)}

    def _run(self, request: Message) -> Fields:
        target = read_target(request.fields["target"], request.payload)
        call = read_call(request.fields["call"])
        if not request.fields.get("profile"):
            return {"answer": self._fields(run(self._bench, target, call))}
        counts: Counter[tuple[str, ...]] = Counter()
        answer = run(replace(self._bench, profile=counts), target, call)
        return {"answer": self._fields(replace(answer, profile=tuple(counts.items())))}

    def _open(self, request: Message) -> Fields:
        target = read_target(request.fields["target"], request.payload)
        call = read_call(request.fields["call"])
        session = open_session(self._bench, target, call)
        if isinstance(session, Answer):
            return {"answer": self._fields(session)}
        self._sessions[call.client_id] = session
        return self._heard(session, request)

    def _frame(self, request: Message) -> Fields:
        session = self._sessions[request.fields["client_id"]]
        started = perf_counter()
        code = session.frame(request.payload)
        ms = round((perf_counter() - started) * 1000, 3)
        return {"frame": code, "ended": session.ended, "ms": ms, **self._heard(session, request)}

    def _close(self, request: Message) -> Fields:
        session = self._sessions.pop(request.fields["client_id"])
        answer = self._fields(session.close())
        return {"answer": answer, "delivered": _delivered(session)}

    def _heard(self, session: Session, request: Message) -> Fields:
        """What a step gave the client. Who looks on live gets the last so many frames and the first host calls, and
        how many there were of each: a function may send a million.
        """
        most = request.fields.get("live", 0)
        if not most:
            return {"delivered": _delivered(session)}
        frames = session.take_delivered()
        calls, count = session.take_calls(most)
        shown = self._bench.shown(Answer("persistent", "done", host_calls=calls)).host_calls
        return {
            "delivered": _encoded(frames[-most:]),
            "frames": len(frames),
            "calls": [[one.name, one.args, one.result, one.ms] for one in shown],
            "called": count,
            "memory": session.memory,
        }

    def _fields(self, answer: Answer) -> Fields:
        return answer_fields(self._bench.shown(answer))


def _delivered(session: Session) -> list[str]:
    return _encoded(session.take_delivered())


def _encoded(frames: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(data).decode("ascii") for data in frames]


def main() -> int:
    """Answer requests until there are no more; gives the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    bounded(MOST_COMPILING)
    threading.Thread(target=_end_with_asker, name="asker", daemon=True).start()
    try:
        first = unpack(_read)
        if first is not None:
            worker = _worker(first.fields)
            on_guest_stack(lambda: _serve(worker))
    except (BrokenPipeError, WireError):
        return 1  # whoever asked is gone
    return 0


def _end_with_asker() -> None:
    """Whoever asked has gone: so have we, soon, though a function goes on for as long as it may."""
    poll = select.poll()
    poll.register(0, 0)  # nothing but the other side's end
    poll.poll()
    sleep(FAREWELL)
    os._exit(1)


class Refusing:
    """A host that could not be set up: every request is answered by why."""

    def __init__(self, words: str) -> None:
        self._words = words

    def reply(self, _request: Message) -> Fields:
        """The same to each request."""
        return {"refused": self._words}


def _worker(fields: Fields) -> Worker | Refusing:
    try:
        return Worker(fields["cache"], HostSettings(**fields["host"]))
    except HostSetupError as error:
        return Refusing(str(error))


def _serve(worker: Worker | Refusing) -> None:
    while (request := unpack(_read)) is not None:
        _say(worker.reply(request))


def _tell(phase: Phase) -> None:
    """Before the reply: what is waited for."""
    _say({"phase": phase})


def _say(fields: Fields) -> None:
    rest = memoryview(pack(Message(fields)))
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    os._exit(main())  # compiled code and its threads need no farewell

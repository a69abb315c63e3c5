"""A process that runs one module, a request at a time: whole calls, or one client's connection."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any, Final

from tui.running.answer import Answer, Call, Caller, LogLine, Target
from tui.running.engine.machine import Compiled
from tui.running.engine.stack import on_guest_stack
from tui.running.lives.bench import Bench
from tui.running.lives.persistent import STOP_FRAMES, Connection
from tui.running.local.guests.asking import Gateway
from tui.running.outcome.explain import explained
from tui.running.outcome.response import socket_reply
from tui.running.process.bounds import MOST_RUNNING, bounded
from tui.running.process.wire import Message, WireError
from tui.running.run import run_compiled
from tui.running.stop import Stop

MOST_LOGS: Final = 200  # lines of one request that are handed on
WHY: Final = 20  # lines that say why a call failed

Fields = dict[str, Any]


class Seat:
    """Answers the gateway's requests until it is gone."""

    def __init__(self, bench: Bench, target: Target, compiled: Compiled, gateway: Gateway) -> None:
        self._bench = bench
        self._target = target
        self._called = replace(target, persistent=False)  # how a call sees it that is no connection
        self._compiled = compiled
        self._gateway = gateway
        self._connection: Connection | None = None
        self._does: dict[str, Callable[[Message], Message]] = {
            "run": self._run,
            "open": self._open,
            "frame": self._frame,
            "close": self._close,
        }

    def serve(self) -> None:
        """Answer until there are no more requests."""
        bounded(MOST_RUNNING)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, WireError):  # the gateway is gone
            self._gateway.send(Message({"pid": os.getpid()}))
            on_guest_stack(self._serve)

    def _serve(self) -> None:
        while (request := self._gateway.receive()) is not None:
            self._gateway.send(self._does[request.fields["do"]](request))

    def _run(self, request: Message) -> Message:
        call = _call(request)
        answer = self._bench.shown(run_compiled(self._bench, self._compiled, self._called, call))
        told = self._told(answer.logs, answer.host_calls_dropped + len(answer.host_calls))
        told |= {"ms": answer.figures.duration_ms, "memory": answer.figures.memory_peak, "life": answer.driven_as}
        if not answer.ok:
            told |= self._failed(call, answer)
        return self._written(request.fields["as"], answer, call, told)

    def _written(self, form: str, answer: Answer, call: Call, told: Fields) -> Message:
        """The answer in the form that was asked for: a response, a frame, or the output alone."""
        if form == "output":
            return Message(told, answer.output if answer.ok else b"")
        if form == "socket":
            return Message(told, socket_reply(self._target, answer, call.request_id))
        assert answer.client is not None  # noqa: S101 -- only persistent lives have none
        return Message(told | {"status": answer.client.status, "headers": answer.client.headers}, answer.client.body)

    def _failed(self, call: Call, answer: Answer) -> Fields:
        why = list(explained(self._target, call, answer))[:WHY]
        return {"error": answer.error or "", "late": answer.timed_out, "why": why}

    @staticmethod
    def _told(logs: Iterable[LogLine], calls: int) -> Fields:
        return {"logs": [[one.level, one.line] for one in logs][:MOST_LOGS], "calls": calls, "error": None}

    def _open(self, request: Message) -> Message:
        call = _call(request)
        self._connection = connection = Connection(self._bench, self._compiled, self._target, call)
        self._gateway.connected = call.client_id
        started = perf_counter()
        ending = connection.open()
        told = self._after(connection, started)
        if ending is not None:
            told |= {"error": ending.error or "", "late": ending.timed_out}
        return Message(told)

    def _frame(self, request: Message) -> Message:
        assert self._connection is not None  # noqa: S101 -- the gateway opens first
        started = perf_counter()
        code = self._connection.frame(request.payload)
        told = self._after(self._connection, started)
        if isinstance(code, Stop):
            told |= {"error": f"ws_frame trap: {code.words}", "late": code.kind == "deadline", "ended": True}
        else:
            told |= {"code": code, "ended": code == STOP_FRAMES}
        return Message(told)

    def _close(self, request: Message) -> Message:
        assert self._connection is not None  # noqa: S101 -- the gateway opens first
        self._gateway.connected = ""  # the client has gone
        started = perf_counter()
        said = self._connection.close(request.payload)
        told = self._after(self._connection, started)
        if said is not None and said.startswith("trap: "):
            told["error"] = f"ws_close {said}"
        return Message(told)

    def _after(self, connection: Connection, started: float) -> Fields:
        """What a step of a connection left behind."""
        instance = connection.instance
        count = instance.binding.recorder.count
        logs = self._bench.shown(Answer("persistent", "done", logs=tuple(instance.invocation.logs))).logs
        told = self._told(logs, count)
        instance.binding.recorder.forget()
        instance.invocation.logs.clear()
        instance.invocation.sent.clear()
        ms = round((perf_counter() - started) * 1000, 3)
        return told | {"ms": ms, "memory": instance.guest.memory_size, "life": "persistent"}


def _call(request: Message) -> Call:
    fields: Mapping[str, Any] = request.fields
    return Call(
        input=request.payload,
        caller=Caller(*fields["caller"]),
        namespace=fields["ns"],
        client_id=fields["client"],
        request_id=fields["id"],
        ceiling=fields["ceiling"],
        depth=fields["depth"],
    )

"""A persistent function with its client connected: frame by frame, or a list of them at once."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from tui.running.answer import Answer, Call, Figures, HostCall, Target
from tui.running.course import Course, compile_target, finish
from tui.running.engine.machine import Compiled
from tui.running.input.control import control_answer, control_type
from tui.running.lives.bench import Bench
from tui.running.lives.ending import Ending
from tui.running.lives.persistent import STOP_FRAMES, Connection
from tui.running.stop import Stop


class Session:
    """One open connection. What is sent to its client waits to be taken."""

    def __init__(self, connection: Connection, bench: Bench, target: Target, call: Call) -> None:
        self._connection = connection
        self._sockets = bench.sockets
        self._finished = bench.finished
        self._target = target
        self._call = call
        self._frames: list[str] = []
        self._stop: Stop | None = None
        self._delivered: list[bytes] = []
        self._seconds = 0.0  # spent in the function
        self._figures = Figures()
        self.ended = False  # no further frame reaches the function
        bench.sockets.open(call.client_id, call.namespace, self._delivered.append)

    def open(self, compiled: Compiled) -> Answer | None:
        """Bring the function up and let it accept; the answer where it does not."""
        self._figures = Figures(0.0, round(compiled.ms, 3), compiled.cached)
        started = perf_counter()
        failed = self._connection.open()
        self._seconds += perf_counter() - started
        return None if failed is None else self._answer(failed)

    def frame(self, data: bytes) -> str | None:
        """Hand one frame in; gives what `ws_frame` gave, None for a frame that the gateway keeps for itself."""
        if control_type(data) is not None:
            self._delivered.append(control_answer(data))
            return None
        started = perf_counter()
        code = self._connection.frame(data)
        self._seconds += perf_counter() - started
        said = f"trap: {code.words}" if isinstance(code, Stop) else str(code)
        self._frames.append(said)
        if isinstance(code, Stop):
            self._stop = code
        self.ended = isinstance(code, Stop) or code == STOP_FRAMES
        return said

    def whole(self, frames: tuple[bytes, ...]) -> Answer:
        """All frames until one ends the loop, then the end of the connection."""
        for data in frames:
            if not self.ended:
                self.frame(data)
        received = tuple(self._delivered)  # the client is gone when ws_close runs
        return replace(self.close(), received=received)

    def close(self) -> Answer:
        """The client goes; gives what became of the whole connection."""
        started = perf_counter()
        said = self._connection.close()
        self._seconds += perf_counter() - started
        error = None if self._stop is None else f"ws_frame trap: {self._stop.words}"
        answer = self._answer(Ending("done", error, self._stop, frames=tuple(self._frames), ws_close=said))
        return self._finished(answer)

    def take_delivered(self) -> list[bytes]:
        """The frames for the client that nobody has taken yet."""
        taken = self._delivered[:]
        self._delivered.clear()
        return taken

    def take_calls(self, most: int) -> tuple[tuple[HostCall, ...], int]:
        """The first host calls since this was last asked, and how many there were. They are in no answer then."""
        recorder, invocation = self._connection.instance.binding.recorder, self._connection.instance.invocation
        taken, count = recorder.calls(most), recorder.count
        recorder.forget()
        invocation.logs.clear()
        invocation.sent.clear()
        return taken, count

    @property
    def memory(self) -> int:
        """Bytes of linear memory now."""
        return self._connection.instance.guest.memory_size

    def _answer(self, ending: Ending) -> Answer:
        self._sockets.close(self._call.client_id)
        memory = self._connection.instance.guest.memory_size
        figures = replace(self._figures, duration_ms=round(self._seconds * 1000, 3), memory_peak=memory)
        return finish(self._target, self._call, Course("persistent", self._connection.instance, ending, figures))


def open_session(bench: Bench, target: Target, call: Call) -> Session | Answer:
    """A connection that the function accepted, or the answer where it did not come to that."""
    compiled = compile_target(bench, target, call.request_id)
    if isinstance(compiled, Answer):
        return compiled
    session = Session(Connection(bench, compiled, target, call), bench, target, call)
    return session.open(compiled) or session

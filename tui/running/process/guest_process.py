"""A process that runs guests, started, asked and ended. It is ended when it does not answer in time."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from tui.running.answer import Answer, Call, Phase, Target, target_fields
from tui.running.host.settings import HostSettings, HostSetupError
from tui.running.process.start import start
from tui.running.process.wire import Message, WireError, call_fields, pack, read_answer, unpack

COMPILING: Final = 120.0  # seconds that compiling may take
GRACE: Final = 5.0  # seconds past every deadline after which the process is ended
FAREWELL: Final = 0.1  # seconds that a process is given to end by itself
CHUNK: Final = 1 << 16


class GuestProcessError(Exception):
    """The process ended, or had to be ended, before it answered. The text says how."""


class GuestProcess:
    """One such process. Not for several threads at once, but for `kill`."""

    def __init__(self, cache: Path | None, settings: HostSettings, tell: Callable[[Phase], None] | None = None) -> None:
        """`tell` is called, while an answer is waited for, with what the process is at."""
        self._tell = tell
        self._process = start()
        self._in, self._out = self._process.inlet, self._process.outlet
        self._is_open = True
        self._closing = threading.Lock()  # as long as it is open its id is nobody else's
        os.set_blocking(self._in, False)
        self._due = monotonic() + GRACE
        self._write(pack(Message({"cache": str(cache or ""), "host": asdict(settings)})))

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def run(self, target: Target, call: Call, *, profile: bool = False) -> Answer:
        """One call, whole; with `profile` it tells where time went. Raises GuestProcessError."""
        frames = len(call.frames) + 2
        patience = COMPILING + frames * (max(call.ceiling, target.timeout) + GRACE)
        request = {"do": "run", "target": target_fields(target), "call": call_fields(call), "profile": profile}
        return self._answer(self.ask(Message(request, target.wasm), patience))

    def open(self, target: Target, call: Call, *, live: int = 0) -> Mapping[str, Any]:
        """Connect a client: `delivered` to it, or the `answer` where it was not let in. Raises GuestProcessError.

        `live`: of each step at most so many frames and host calls come back, with how many there were.
        """
        request = {"do": "open", "target": target_fields(target), "call": call_fields(call), "live": live}
        return self.ask(Message(request, target.wasm), COMPILING + 3 * (target.timeout + GRACE))

    def frame(self, client_id: str, data: bytes, target: Target, *, live: int = 0) -> Mapping[str, Any]:
        """Hand in a frame: what `frame` gave, what was `delivered`, whether it `ended`. Raises GuestProcessError."""
        return self.ask(
            Message({"do": "frame", "client_id": client_id, "live": live}, data), 2 * target.timeout + GRACE
        )

    def hang_up(self, client_id: str, target: Target) -> Mapping[str, Any]:
        """The client goes: the `answer`, and what was still `delivered`. Raises GuestProcessError."""
        return self.ask(Message({"do": "close", "client_id": client_id}), 2 * target.timeout + GRACE)

    def ask(self, message: Message, patience: float) -> Mapping[str, Any]:
        """The reply to a message, waited for that many seconds. Raises GuestProcessError, HostSetupError."""
        self._due = monotonic() + patience
        self._write(pack(message))
        while (phase := (fields := self._heard()).get("phase")) is not None:
            if self._tell is not None:
                self._tell("compiling" if phase == "compiling" else "running")
        if "refused" in fields:
            raise HostSetupError(fields["refused"])
        return fields

    def _heard(self) -> Mapping[str, Any]:
        """The next message."""
        try:
            message = unpack(self._read)
        except WireError as error:
            raise self._ended(f"its answer was {error}") from error
        if message is None:
            raise self._ended("it gave no answer")
        return message.fields

    def _answer(self, fields: Mapping[str, Any]) -> Answer:
        try:
            return read_answer(fields["answer"])
        except (WireError, KeyError) as error:
            raise self._ended("its answer was not one") from error

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._in, select.POLLOUT)
            try:
                rest = rest[os.write(self._in, rest[:CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._ended("it took no more input") from error

    def _read(self, size: int) -> bytes:
        parts = []
        while size:
            self._wait(self._out, select.POLLIN)
            part = os.read(self._out, min(size, CHUNK))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self, descriptor: int, event: int) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = self._due - monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise self._ended("it did not answer in time")

    def _ended(self, why: str) -> GuestProcessError:
        """End the process; the error that tells how it ended."""
        code = self.close()
        how = f"ended by {signal.Signals(-code).name}" if code < 0 and code != -signal.SIGKILL else why
        return GuestProcessError(f"the process that ran the function was lost: {how}")

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed."""
        return self._is_open

    def kill(self) -> None:
        """End it now, from whichever thread; who waits for its answer hears that it was lost."""
        with self._closing:
            if self._is_open:
                os.kill(self._process.pid, signal.SIGKILL)

    def close(self) -> int:
        """End the process, whatever it does; gives its exit code, negative for a signal."""
        with self._closing:
            if not self._is_open:
                return 0
            self._is_open = False
        os.close(self._in)
        os.close(self._out)
        if not (ended := self._ends_by_itself()):
            os.kill(self._process.pid, signal.SIGKILL)
            ended = os.waitpid(self._process.pid, 0)
        return os.waitstatus_to_exitcode(ended[1])

    def _ends_by_itself(self) -> tuple[int, int] | None:
        """The end of a process that is ending already: its code tells why."""
        due = monotonic() + FAREWELL
        while monotonic() < due:
            pid, status = os.waitpid(self._process.pid, os.WNOHANG)
            if pid:
                return pid, status
            sleep(0.002)
        return None

"""A persistent function: one instance a connection, `ws_open`, a call for each frame, `ws_close`."""

from __future__ import annotations

from typing import Final

from tui.running.answer import Call, Stage, Target
from tui.running.engine.allocator import NAMES
from tui.running.engine.guest import GuestFunction
from tui.running.engine.machine import Compiled
from tui.running.host.gojson import go_json
from tui.running.lives.bench import DEFAULT_TIMEOUT, MOST_MEMORY, Bench, Instance, invocation_of
from tui.running.lives.ending import Ending
from tui.running.stop import INIT_SECONDS, NIL, NO_RESULT, Stop, panic

MASK32: Final = 0xFFFF_FFFF
HOOKS: Final = ("_initialize", "_start")
NEEDED: Final = ("ws_open", "ws_frame", "ws_close")
STOP_FRAMES: Final = 1  # what ws_frame gives to end the connection's loop
GONE: Final = b"client_disconnect"
REJECTED: Final = b"rejected_by_open"


class Connection:
    """One client's connection with a function. What each step gives is the Ending where it went wrong, else None."""

    def __init__(self, bench: Bench, compiled: Compiled, target: Target, call: Call) -> None:
        self.instance = Instance(bench, compiled, target, b"", MOST_MEMORY)
        self._call = call
        self._seconds = float(target.timeout or DEFAULT_TIMEOUT)
        self._functions: dict[str, GuestFunction] = {}
        self.instance.begin(invocation_of(target, call, env=False))
        # A persistent instance is built without a request, and without the function's variables.
        self.instance.invocation.request_id = ""

    def open(self) -> Ending | None:
        """Instantiate, initialise, look the exports up, and let `ws_open` decide."""
        return self._make() or self._look_up() or self._open()

    def _make(self) -> Ending | None:
        guest = self.instance.guest
        with self.instance.within(INIT_SECONDS):
            stop = self.instance.instantiate()
            if stop is not None:
                return _failed("instantiate", "InstantiatePersistent: instantiate: ", stop)
            for name in HOOKS:
                hook = guest.function(name)
                if hook is None:
                    continue
                self.instance.invocation.during = name
                stop = hook if isinstance(hook, Stop) else _stopped(guest.call(hook))
                if stop is None or stop.exited_well:
                    return None
                return _failed("init", f"InstantiatePersistent: {name}: ", stop)
        return None

    def _look_up(self) -> Ending | None:
        guest = self.instance.guest
        for name in NEEDED:
            found = guest.function(name)
            if found is None:
                return Ending("exports", f"persistent: module missing {name} export")
            if isinstance(found, Stop):
                return _failed("exports", "", found)
            self._functions[name] = found
        room = next((found for name in NAMES if (found := guest.function(name)) is not None), None)
        if room is None:
            return Ending("exports", NO_ALLOCATOR)
        if isinstance(room, Stop):
            return _failed("exports", "", room)
        self._functions["alloc"] = room
        return None

    def _open(self) -> Ending | None:
        invocation = self.instance.invocation
        payload: dict[str, object] = {"client_id": invocation.client_id}
        if invocation.caller.wallet:
            payload["wallet"] = invocation.caller.wallet
        payload["namespace"] = invocation.namespace
        code = self._deliver("ws_open", go_json(payload))
        if isinstance(code, Stop):
            return _failed("ws_open", "persistent.Open: ws_open trap: ", code)
        if code == 0:
            return None
        closed = self.close(REJECTED)
        closed = "ok" if closed is not None and closed.isdecimal() else closed
        return Ending("ws_open", f"persistent.Open: ws_open rejected (rc={code})", ws_close=closed)

    def frame(self, data: bytes) -> int | Stop:
        """Hand one frame to `ws_frame`; gives its code."""
        self.instance.invocation.next_frame()
        return self._deliver("ws_frame", data)

    def close(self, reason: bytes = GONE) -> str | None:
        """Call `ws_close`; gives its result, or how it failed: nobody else hears of that."""
        if "ws_close" not in self._functions:
            return None
        code = self._deliver("ws_close", reason)
        return f"trap: {code.words}" if isinstance(code, Stop) else str(code)

    def _deliver(self, name: str, data: bytes) -> int | Stop:
        """Copy a payload into the guest and call an export on it; no result reads as 0."""
        self.instance.invocation.during = name
        with self.instance.within(self._seconds):
            pointer = self._hand_in(data)
            if isinstance(pointer, Stop):
                return pointer
            result = self.instance.guest.call(self._functions[name], pointer, len(data))
        return result if isinstance(result, Stop) else (result or 0) & MASK32

    def _hand_in(self, data: bytes) -> int | Stop:
        if not data:
            return 0
        guest = self.instance.guest
        pointer = guest.call(self._functions["alloc"], len(data))
        if isinstance(pointer, Stop):
            return Stop(pointer.kind, f"alloc: {pointer.words}", pointer.exit_code, pointer.frames, pointer.cause)
        if pointer is None:
            return panic(NO_RESULT)
        if self.instance.prepared.outline.memory is None:
            return panic(NIL)
        return pointer if guest.memory.write(pointer & MASK32, data) else Stop("trap", OUT_OF_ROOM)


OUT_OF_ROOM: Final = "memory write failed (oom?)"
NO_ALLOCATOR: Final = (
    "persistent: module missing orama_alloc/malloc export (required to pass payload bytes)"  # the gateway's own words
)


def _stopped(result: int | Stop | None) -> Stop | None:
    return result if isinstance(result, Stop) else None


def _failed(stage: Stage, prefix: str, stop: Stop) -> Ending:
    return Ending(stage, stop.words if stop.kind == "panic" else prefix + stop.words, stop)

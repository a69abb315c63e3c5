"""What the local gateway hands on: how it is set up, what it serves, and each thing that happens there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from tui.running.answer import DrivenAs
from tui.running.host.settings import HostSettings
from tui.workspace.function import FunctionConfig

NAMESPACE = "local"
# What a function is in the gateway's eyes. failed: the last build failed; a module from before may be served.
FunctionState = Literal["waiting", "building", "ready", "failed", "refused", "twice"]
# invoke: over HTTP. message: one frame of a stateless socket. open, frame, close: of a persistent function's.
RequestKind = Literal["invoke", "message", "open", "frame", "close", "cron", "pubsub", "nested"]


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """How a local gateway is set up."""

    workspace: Path
    host: HostSettings
    cache: Path  # where compiled code is kept
    crons: tuple[tuple[str, str], ...] = ()  # function and schedule
    subscriptions: tuple[tuple[str, str], ...] = ()  # function and pattern of topics
    most_sockets: int = 500
    build_wait: float = 60.0  # seconds that a request waits for a build


@dataclass(frozen=True, slots=True)
class Serving:
    """A function as it is offered now."""

    name: str  # "" where function.yaml gives none
    directory: str  # relative to the workspace
    state: FunctionState
    kind: DrivenAs
    public: bool
    internal: bool
    build: str  # the first digits of the hash of the module that is served; "" for none
    size: int  # bytes of that module
    error: str  # why it is not as it should be: the first error of its build, what function.yaml lacks


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to tell that is no request: a build, a function that came or went, a trigger that is skipped."""

    at: float  # POSIX time
    words: str
    function: str = ""
    serving: Serving | None = None
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class RequestServed:
    """One request, whichever way it came."""

    at: float  # POSIX time of its end
    function: str
    kind: RequestKind
    status: int  # of HTTP; a frame has 200, or what an invocation would have answered
    ms: float  # from its arrival to its end
    bytes_in: int
    bytes_out: int
    host_calls: int = 0
    memory: int = 0  # bytes that the guest had
    request_id: str = ""
    client_id: str = ""
    build: str = ""
    error: str = ""
    why: tuple[str, ...] = ()  # the error explained, a line each
    logs: tuple[tuple[str, str], ...] = ()  # level and line
    note: str = ""  # "attempt 2 of 3"


Event = Happening | RequestServed
_REQUEST = tuple(field.name for field in fields(RequestServed))
_values = attrgetter(*_REQUEST)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call of a function."""

    ok: bool
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    late: bool = False
    error: str = ""
    why: tuple[str, ...] = ()
    logs: tuple[tuple[str, str], ...] = ()
    host_calls: int = 0
    memory: int = 0
    note: str = ""
    ended: bool = False  # of a frame: no further one reaches the function


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of a function beside its module: where it lies, and what its function.yaml says."""

    directory: Path
    config: FunctionConfig
    error: str = ""  # function.yaml is refused: `config` is the last that was not


def event_record(event: Event) -> dict[str, Any]:
    """An event as plain values."""
    if isinstance(event, RequestServed):  # of which there may be thousands a second
        return {"event": "request", **dict(zip(_REQUEST, _values(event), strict=True))}
    return {"event": "notice", **asdict(event)}


def event_of(record: Mapping[str, Any]) -> Event | None:
    """The event of such a record; None for any other. Raises TypeError and ValueError for one that is broken."""
    given = {name: value for name, value in record.items() if name != "event"}
    if record.get("event") == "notice":
        serving = given.pop("serving")
        return Happening(**given, serving=None if serving is None else Serving(**serving))
    if record.get("event") != "request":
        return None
    why, logs = tuple(given.pop("why")), tuple((level, line) for level, line in given.pop("logs"))
    return RequestServed(**given, why=why, logs=logs)

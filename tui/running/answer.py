"""What the running room hands on: what is run, who calls it, and all that came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tui.running.trap import Trap

DrivenAs = Literal["command", "reactor", "persistent"]
# What is done before an answer comes; compiling only where the machine code is not kept.
Phase = Literal["compiling", "running"]
# How far a run came. The first three are over before any code of the function ran.
Stage = Literal["compile", "memory_limit", "instantiate", "init", "exports", "ws_open", "run", "handle", "done"]
LogLevel = Literal["info", "error"]
# What went wrong beside a trap: bytes for the function had nowhere to go; its output had more bytes than are kept.
Hint = Literal["no allocator", "output full"]
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Target:
    """The function that is run: its module and what function.yaml says that counts at run time."""

    name: str
    wasm: bytes = field(repr=False)
    memory: int = 64  # MB; holds for commands only
    timeout: float = 30  # seconds
    persistent: bool = False  # ws_persistent
    reactor: bool = False  # how it was built; the gateway looks at the exports
    raw_response: bool = False  # raw_http_response
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> DrivenAs:
        """The kind that function.yaml asks for."""
        return "persistent" if self.persistent else "reactor" if self.reactor else "command"


def target_fields(target: Target) -> dict[str, Any]:
    """A target without its module, as it is kept, and sent with the module's bytes behind it."""
    return {
        "name": target.name,
        "memory": target.memory,
        "timeout": target.timeout,
        "persistent": target.persistent,
        "reactor": target.reactor,
        "raw_response": target.raw_response,
        "env": dict(target.env),
    }


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. Nobody, as a trigger does, where all of it is empty."""

    wallet: str = ""  # the subject of a wallet's token, or the namespace's name for an API key
    subject: str = ""  # of the verified bearer token
    device: str = ""  # a device's DID
    claims: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function: what goes in, and around it."""

    input: bytes = b""
    frames: tuple[bytes, ...] = ()  # persistent functions only
    caller: Caller = Caller()
    namespace: str = "local"
    client_id: str = ""  # of the WebSocket; persistent functions always have one
    request_id: str = ""
    ceiling: float = 60.0  # seconds that the entrance allows, whatever the function's own timeout
    depth: int = 0  # how many function_invoke lie above this call


@dataclass(frozen=True, slots=True)
class HostCall:
    """One call that the function made of its host. `args` are text (None: a pointer outside memory) and numbers."""

    name: str
    args: tuple[str | int | None, ...]
    result: str | int | None
    ms: float


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line that the function logged."""

    level: LogLevel
    line: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A frame that the function sent to a client, and the export that was running."""

    client: str
    data: bytes
    during: str


@dataclass(frozen=True, slots=True)
class Client:
    """What the invoking client sees."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run took."""

    duration_ms: float = 0.0
    compile_ms: float = 0.0
    cached: bool = False  # the compiled code came out of the cache
    memory_peak: int = 0  # bytes of linear memory


@dataclass(frozen=True, slots=True)
class Answer:
    """All that came of one run."""

    driven_as: DrivenAs | None  # None: it did not compile
    stage: Stage
    error: str | None = None  # the gateway's own words
    panicked: bool = False  # the gateway itself would panic here; `error` is the panic's text
    timed_out: bool = False
    exit_code: int | None = None
    output: bytes = b""
    frames: tuple[str, ...] | None = None  # results of ws_frame; None before the first could come
    ws_close: str | None = None
    sent: tuple[Sent, ...] = ()
    logs: tuple[LogLine, ...] = ()
    host_calls: tuple[HostCall, ...] = ()
    host_calls_dropped: int = 0
    received: tuple[bytes, ...] = ()  # by the client of a whole connection, from wherever
    trap: Trap | None = None
    hints: frozenset[Hint] = frozenset()
    client: Client | None = None
    stdout: bytes = b""  # of persistent functions and reactors, which the gateway throws away
    stderr: bytes = b""
    figures: Figures = Figures()
    # Functions outermost first, and how many looks at the stack found them; None where nobody asked.
    profile: tuple[tuple[tuple[str, ...], int], ...] | None = None

    unkept: str | None = None  # what was asked to be kept of the run and could not be

    @property
    def ok(self) -> bool:
        """Whether the function answered."""
        return self.error is None and self.stage == "done"

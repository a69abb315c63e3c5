"""Between the engine and the parts of the host: the shape of each call, and what a part may know of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import Final, Protocol

from tui.running.answer import Caller, LogLevel, LogLine, Sent

# Per call its arguments: s bytes (a pointer and a length), o the same where at a length of 0 the pointer is not looked
# at, i 32 bits, l 64 bits, both signed; behind the arrow what it gives: p bytes (packed for the guest; nothing is 0),
# i, l, or nothing.
SHAPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "get_caller_wallet": ">p",
        "get_caller_jwt_subject": ">p",
        "get_caller_device_id": ">p",
        "get_caller_capability": ">p",
        "get_caller_claim": "s>p",
        "get_request_id": ">p",
        "get_ws_client_id": ">p",
        "get_env": "s>p",
        "get_secret": "s>p",
        "log_info": "s>",
        "log_error": "s>",
        "db_query": "so>p",
        "db_query_v2": "so>p",
        "db_execute": "so>i",
        "db_execute_v2": "so>p",
        "db_transaction": "s>p",
        "db_query_batch": "s>p",
        "exec_and_publish": "sss>p",
        "cache_get": "s>p",
        "cache_set": "ssl>",
        "cache_delete": "s>i",
        "cache_incr": "s>l",
        "cache_incr_by": "sl>l",
        "http_fetch": "ssos>p",
        "anon_fetch": "ssos>p",
        "anyone_fetch": "ssos>p",
        "set_http_response": "ioo>i",
        "pubsub_publish": "ss>i",
        "pubsub_publish_batch": "s>i",
        "push_send": "ss>i",
        "push_send_v2": "ss>p",
        "push_send_topic": "ss>p",
        "turn_credentials": ">p",
        "webrtc_admit": "sssl>p",
        "webrtc_kick": "ss>i",
        "webrtc_mute": "ssi>i",
        "ws_pubsub_bridge": "ss>i",
        "ws_pubsub_unbridge": "ss>i",
        "ws_send": "ss>i",
        "ws_broadcast": "ss>i",
        "ephemeral_state_set": "ssol>i",
        "ephemeral_state_clear": "ss>i",
        "ephemeral_state_list": "s>p",
        "capability_mint": "sl>p",
        "capability_revoke": "s>i",
        "storage_fetch_cap_mint": "sil>p",
        "function_invoke": "ss>p",
        "function_invoke_async": "ss>i",
    }
)
# A line longer than this is cut before it is read, so its end may lie outside memory.
LONGEST_LINE: Final = 16_384  # bytes
CLAMPED: Final = frozenset({"log_info", "log_error"})
MOST_LINES: Final = 1_000  # kept per invocation, or per frame of a persistent function
MOST_KEPT_LINES: Final = 50_000  # of a whole session
MOST_SENT: Final = 20_000  # frames of a whole session that are listed


@dataclass(frozen=True, slots=True)
class RawResponse:
    """What set_http_response asked for last. Headers as the function gave them."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Invocation:
    """What the parts know of one run, and where they leave what is to be seen of it.

    A persistent function has one for its whole connection; `next_frame` starts its counters anew.
    """

    function: str
    namespace: str  # "": none, as in a reactor's `_initialize`; calls that need one are refused
    caller: Caller = field(default_factory=Caller)
    request_id: str = ""
    client_id: str = ""  # of the WebSocket behind this run; "" outside of one
    env: Mapping[str, str] = field(default_factory=dict)
    raw_response: bool = False  # raw_http_response of function.yaml
    deadline: float = inf  # of time.monotonic(); a call that waits waits no longer
    depth: int = 0  # how many function_invoke lie above this run
    during: str = ""  # the export that runs
    counters: dict[str, int] = field(default_factory=dict)  # per invocation or frame: "publish", "webrtc"
    response: RawResponse | None = None
    logs: list[LogLine] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    _lines: int = 0

    def next_frame(self) -> None:
        """Begin another frame: counters and the log's room are fresh."""
        self.counters.clear()
        self._lines = 0

    def count(self, what: str, most: int) -> bool:
        """Count one more of something that has a bound; False from the first one above it."""
        self.counters[what] = self.counters.get(what, 0) + 1
        return self.counters[what] <= most

    def log(self, level: LogLevel, line: bytes) -> None:
        """Keep a line of at most LONGEST_LINE bytes, as long as there is room."""
        self._lines += 1
        if self._lines <= MOST_LINES and len(self.logs) < MOST_KEPT_LINES:
            self.logs.append(LogLine(level, line.decode("utf-8", "replace")))

    def note_sent(self, client: str, data: bytes) -> None:
        """Note a frame that this run sent to a client."""
        if len(self.sent) < MOST_SENT:
            self.sent.append(Sent(client, data, self.during))


# (invocation, *arguments as SHAPES says: bytes and int) -> bytes or a number as SHAPES says; None is 0.
HostFunction = Callable[..., int | bytes | None]


class Part(Protocol):
    """Some of the 48 calls, with what they share: a database, the open sockets."""

    def calls(self) -> Mapping[str, HostFunction]:
        """The calls by name."""


def refused(_invocation: Invocation, *_: object) -> None:
    """The answer of a host that does not offer what a call needs."""


@dataclass(frozen=True, slots=True)
class Later:
    """A part that is made when a function first takes one of its calls: most take few, and each costs its loading."""

    names: tuple[str, ...]
    make: Callable[[], Part]


class Host:
    """All parts together. One for a workspace: functions that run here share it."""

    def __init__(self, *parts: Part | Later) -> None:
        made = [part for part in parts if not isinstance(part, Later)]
        self._calls = {name: call for part in made for name, call in part.calls().items()}
        self._later = {name: part for part in parts if isinstance(part, Later) for name in part.names}

    def answer(self, name: str) -> HostFunction:
        """The function that answers a call. Raises HostSetupError where its part cannot be made."""
        later = self._later.get(name)
        if later is not None:
            self._calls.update(later.make().calls())
            for each in later.names:
                del self._later[each]
        return self._calls.get(name, refused)

    @property
    def unanswered(self) -> frozenset[str]:
        """Calls that no part answers: they are refused."""
        return frozenset(SHAPES) - frozenset(self._calls) - frozenset(self._later)

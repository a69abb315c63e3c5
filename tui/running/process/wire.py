"""Messages between fn-tui and the process that runs guests: a JSON object and bytes, each with its length before it.

Nothing but plain values is read back: what comes from a process that ran foreign code is data, never code.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tui.running.answer import Answer, Call, Caller, Client, Figures, HostCall, LogLine, Sent, Target

if TYPE_CHECKING:
    from tui.running.trap import Trap

_HEAD: Final = struct.Struct("<II")
CHUNK: Final = 1 << 20  # bytes read at once
MOST_BYTES: Final = 1 << 30  # of one message: no module and no answer comes near


class WireError(Exception):
    """What came is no message."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message."""

    fields: Mapping[str, Any]
    payload: bytes = field(default=b"", repr=False)


def pack(message: Message) -> bytes:
    """The bytes of a message."""
    text = json.dumps(message.fields, separators=(",", ":")).encode("ascii")
    return _HEAD.pack(len(text), len(message.payload)) + text + message.payload


def unpack(read: Callable[[int], bytes]) -> Message | None:
    """The next message; `read` gives exactly so many bytes, or fewer at the end. None at the end. Raises WireError."""
    head = read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise WireError("cut short")
    length, size = _HEAD.unpack(head)
    if length + size > MOST_BYTES:
        raise WireError("too long")
    body = read(length + size)
    if len(body) < length + size:
        raise WireError("cut short")
    return _message(memoryview(body), length)


def _message(body: memoryview, length: int) -> Message:
    """The message of a body whose first bytes, so many, are JSON. Raises WireError."""
    try:
        fields = json.loads(bytes(body[:length]))
    except (ValueError, RecursionError) as error:
        raise WireError("not JSON") from error
    if not isinstance(fields, dict):
        raise WireError("not an object")
    return Message(fields, bytes(body[length:]))


def reading(some: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """What reads exactly so many bytes, fewer at the end, by what reads some."""

    def read(size: int) -> bytes:
        parts = []
        while size and (part := some(min(size, CHUNK))):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    return read


class Pieces:
    """Puts messages together that come in pieces."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def take(self, piece: bytes) -> Iterator[Message]:
        """The messages that this piece completes. Raises WireError."""
        self._kept += piece
        while len(self._kept) >= _HEAD.size:
            length, size = _HEAD.unpack_from(self._kept)
            if length + size > MOST_BYTES:
                raise WireError("too long")
            end = _HEAD.size + length + size
            if len(self._kept) < end:
                return
            whole = memoryview(bytes(self._kept[:end]))
            del self._kept[:end]
            yield _message(whole[_HEAD.size :], length)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def read_target(fields: Mapping[str, Any], wasm: bytes) -> Target:
    """The target of a message."""
    return Target(wasm=wasm, **fields)


def call_fields(call: Call) -> dict[str, Any]:
    """A call."""
    caller = call.caller
    return {
        "input": _b64(call.input),
        "frames": [_b64(frame) for frame in call.frames],
        "caller": [caller.wallet, caller.subject, caller.device, dict(caller.claims)],
        "namespace": call.namespace,
        "client_id": call.client_id,
        "request_id": call.request_id,
        "ceiling": call.ceiling,
    }


def read_call(fields: Mapping[str, Any]) -> Call:
    """The call of a message."""
    return Call(
        input=base64.b64decode(fields["input"]),
        frames=tuple(base64.b64decode(frame) for frame in fields["frames"]),
        caller=Caller(*fields["caller"]),
        namespace=fields["namespace"],
        client_id=fields["client_id"],
        request_id=fields["request_id"],
        ceiling=fields["ceiling"],
    )


def answer_fields(answer: Answer) -> dict[str, Any]:
    """An answer."""
    figures, client = answer.figures, answer.client
    return {
        "how": [answer.driven_as, answer.stage, answer.error, answer.panicked, answer.timed_out, answer.exit_code],
        "streams": [_b64(answer.output), _b64(answer.stdout), _b64(answer.stderr)],
        "frames": answer.frames,
        "ws_close": answer.ws_close,
        "sent": [[one.client, _b64(one.data), one.during] for one in answer.sent],
        "logs": [[one.level, one.line] for one in answer.logs],
        "host_calls": [[one.name, one.args, one.result, one.ms] for one in answer.host_calls],
        "dropped": answer.host_calls_dropped,
        "received": [_b64(data) for data in answer.received],
        "unkept": answer.unkept,
        "trap": None if answer.trap is None else _trap_fields(answer.trap),
        "hints": sorted(answer.hints),
        "profile": answer.profile,
        "client": None if client is None else [client.status, client.headers, _b64(client.body)],
        "figures": [figures.duration_ms, figures.compile_ms, figures.cached, figures.memory_peak],
    }


def read_answer(fields: Mapping[str, Any]) -> Answer:
    """The answer of a message. Raises WireError where it is none."""
    try:
        return _answer(fields)
    except (KeyError, TypeError, ValueError) as error:
        raise WireError("not an answer") from error


def _answer(fields: Mapping[str, Any]) -> Answer:
    driven, stage, error, panicked, timed_out, exit_code = fields["how"]
    output, stdout, stderr = (base64.b64decode(one) for one in fields["streams"])
    client = fields["client"]
    return Answer(
        driven_as=driven,
        stage=stage,
        error=error,
        panicked=panicked,
        timed_out=timed_out,
        exit_code=exit_code,
        output=output,
        frames=None if fields["frames"] is None else tuple(fields["frames"]),
        ws_close=fields["ws_close"],
        sent=tuple(Sent(name, base64.b64decode(data), during) for name, data, during in fields["sent"]),
        logs=tuple(LogLine(level, line) for level, line in fields["logs"]),
        host_calls=tuple(HostCall(name, tuple(args), result, ms) for name, args, result, ms in fields["host_calls"]),
        host_calls_dropped=fields["dropped"],
        received=tuple(base64.b64decode(data) for data in fields["received"]),
        unkept=fields["unkept"],
        trap=None if fields["trap"] is None else _trap(*fields["trap"]),
        hints=frozenset(fields["hints"]),
        client=None if client is None else _client(*client),
        stdout=stdout,
        stderr=stderr,
        figures=Figures(*fields["figures"]),
        profile=_profile(fields["profile"]),
    )


def _profile(fields: list[list[Any]] | None) -> tuple[tuple[tuple[str, ...], int], ...] | None:
    return None if fields is None else tuple((tuple(names), count) for names, count in fields)


def _trap_fields(trap: Trap) -> list[Any]:
    return [trap.cause, [[one.index, one.symbol, one.place] for one in trap.frames], trap.last_call]


def _trap(cause: str, frames: list[list[Any]], last_call: str) -> Trap:
    from tui.running.trap import Frame, Trap

    return Trap(cause, tuple(Frame(*one) for one in frames), last_call)


def _client(status: int, headers: list[list[str]], body: str) -> Client:
    return Client(status, tuple((name, value) for name, value in headers), base64.b64decode(body))

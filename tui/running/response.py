"""What the client of an invocation sees, and what the deploy tool's `function invoke` prints of it."""

from __future__ import annotations

import json
from typing import Final

from tui.running.host.gojson import go_json
from tui.running.host.seam import RawResponse
from tui.running.model import Answer, Client, Target

JSON: Final = ("Content-Type", "application/json")
TIMEOUT_WORDS: Final = "function execution timeout"
DROPPED: Final = frozenset(
    {
        "x-request-id",
        "x-duration-ms",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "upgrade",
    }
)
DROPPED_STARTS: Final = ("x-internal-", "x-orama-")


def client_of(
    target: Target,
    answer: Answer,
    cause: str | None = None,
    response: RawResponse | None = None,
    request_id: str = "",
) -> Client:
    """The response to the invoking client. `cause` stands in for an error that the gateway does not pass on."""
    if answer.error is not None:
        return _failure(target, answer, cause or answer.error, request_id)
    ours = (("X-Request-ID", request_id), ("X-Duration-Ms", str(int(answer.figures.duration_ms))))
    if response is not None:
        kept = tuple((name, value) for name, value in response.headers.items() if _passes(name))
        return Client(response.status, (*ours, *kept), response.body)
    body = answer.output if is_json(answer.output) else _wrapped(answer, request_id)
    return Client(200, (*ours, JSON), body)


def _passes(name: str) -> bool:
    folded = name.lower()
    return folded not in DROPPED and not folded.startswith(DROPPED_STARTS)


def _wrapped(answer: Answer, request_id: str) -> bytes:
    """Output that is not JSON, inside JSON."""
    return go_json(
        {
            "duration_ms": int(answer.figures.duration_ms),
            "output": answer.output.decode("utf-8", "replace"),
            "request_id": request_id,
            "status": "success",
        }
    )


def _failure(target: Target, answer: Answer, cause: str, request_id: str) -> Client:
    status, code = (429, "RATE_LIMITED") if answer.timed_out else (500, "FUNCTION_EXECUTION_FAILED")
    words = TIMEOUT_WORDS if answer.timed_out else cause
    message = f"execution error for function '{target.name}' (request {request_id}): {words}"
    error = {"code": code, "message": message, "retryable": answer.timed_out, "request_id": request_id}
    return Client(status, (JSON,), go_json({"ok": False, "error": error}))


def is_json(text: bytes) -> bool:
    """Whether Go takes the text for one JSON value; white space around it is fine."""
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(name: str) -> object:
    raise ValueError(name)

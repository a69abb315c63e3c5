"""What the client of an invocation sees, and what the deploy tool's `function invoke` makes of it."""

from __future__ import annotations

from typing import Any, Final

from tui.running.answer import Answer, Client, Target
from tui.running.host.gojson import go_json, go_loads, is_json, text_of
from tui.running.host.seam import RawResponse

JSON: Final = ("Content-Type", "application/json")
REQUEST_ID, DURATION = "X-Request-ID", "X-Duration-Ms"
COMPILE_WORDS: Final = "WASM compilation failed"  # all that the gateway's caller sees of a refused module
TIMEOUT_WORDS: Final = "function execution timeout"
FAILED: Final = (500, "FUNCTION_EXECUTION_FAILED")
TOO_LATE: Final = (429, "RATE_LIMITED")
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
    request_id: str,
    *,
    cause: str | None = None,
    response: RawResponse | None = None,
) -> Client:
    """The response to the invoking client. `cause` stands in for an error that the gateway does not pass on."""
    if answer.error is not None:
        return Client(_kind(answer)[0], (JSON,), _failure(target, answer, cause or answer.error, request_id))
    ours = ((REQUEST_ID, request_id), (DURATION, str(int(answer.figures.duration_ms))))
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
            "output": text_of(answer.output),
            "request_id": request_id,
            "status": "success",
        }
    )


def _kind(answer: Answer) -> tuple[int, str]:
    return TOO_LATE if answer.timed_out else FAILED


def _message(target: Target, answer: Answer, cause: str, request_id: str) -> str:
    words = TIMEOUT_WORDS if answer.timed_out else cause
    return f"execution error for function '{target.name}' (request {request_id}): {words}"


def _failure(target: Target, answer: Answer, cause: str, request_id: str) -> bytes:
    error = {
        "code": _kind(answer)[1],
        "message": _message(target, answer, cause, request_id),
        "retryable": answer.timed_out,
        "request_id": request_id,
    }
    return go_json({"ok": False, "error": error})


def socket_reply(target: Target, answer: Answer, request_id: str) -> bytes:
    """What a client of a stateless socket gets for a frame: one JSON object, its keys sorted."""
    reply: dict[str, Any] = {
        "duration_ms": int(answer.figures.duration_ms),
        "request_id": request_id,
        "status": "success" if answer.ok else "error",
    }
    if not answer.ok:
        cause = answer.error or ""
        reply |= {"code": _kind(answer)[1], "retryable": answer.timed_out}
        reply["error"] = _message(target, answer, cause, request_id)
        return go_json(dict(sorted(reply.items())))
    parsed = _parsed(answer.output)
    if parsed is None:
        output = {"output": text_of(answer.output)} if answer.output else {}
        return go_json(dict(sorted((reply | output).items())))
    first = {"duration_ms": reply["duration_ms"]}
    rest = {name: reply[name] for name in ("request_id", "status")}
    return go_json(first)[:-1] + b',"output":' + parsed + b"," + go_json(rest)[1:]


def _parsed(output: bytes) -> bytes | None:
    """Output that is JSON, as Go writes it again once it has read it: keys sorted, numbers as float64."""
    from tui.running.host.sql.gonumber import go_value

    try:
        return go_value(go_loads(output))
    except ValueError:
        return None


def invoke_text(name: str, client: Client) -> str:
    """What the deploy tool's `function invoke` prints of a response with status 200."""
    headers = dict(client.headers)
    lines = [f'Invoking function "{name}"...\n']
    if REQUEST_ID in headers:
        lines.append(f"Request ID:  {headers[REQUEST_ID]}")
    if DURATION in headers:
        lines.append(f"Duration:    {headers[DURATION]} ms")
    body = client.body.decode("utf-8", "replace")
    return "\n".join([*lines, f"\nOutput:\n{body}\n"])

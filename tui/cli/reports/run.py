"""A run as one JSON object, and as lines for a person."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

from tui.running.answer import Answer, Call, Client, HostCall, Sent, Target
from tui.running.outcome.response import invoke_text
from tui.text import first_line, human_bytes, is_utf8, plural

SHOWN_CALLS: Final = 40
SHOWN_LOGS: Final = 200
LONGEST: Final = 120  # characters of an argument or a result


def answer_record(path: str, target: Target, answer: Answer) -> dict[str, Any]:
    """The one object of `run --json`."""
    return {
        "dir": path,
        "kind": target.kind,
        "driven_as": answer.driven_as,
        "ok": answer.ok,
        "stage": answer.stage,
        "output": answer.output.decode("utf-8", "replace"),
        "output_b64": _b64(answer.output),
        "output_len": len(answer.output),
        "exit_code": answer.exit_code,
        "error": answer.error,
        "frames": None if answer.frames is None else list(answer.frames),
        "sent": [_sent(one) for one in answer.sent],
        "ws_close": answer.ws_close,
        "logs": [{"level": one.level, "line": one.line} for one in answer.logs],
        "host_calls": [_call(one) for one in answer.host_calls],
        "client": None if answer.client is None else _client(answer.client),
        "duration_ms": answer.figures.duration_ms,
        "memory_peak_bytes": answer.figures.memory_peak,
        "compile_ms": answer.figures.compile_ms,
        "cached": answer.figures.cached,
    }


def refusal_record(path: str, target: Target | None, words: str) -> dict[str, Any]:
    """The same object where nothing was run."""
    empty = answer_record(path, target or Target("", b""), Answer(None, "compile", words))
    return empty | {"stage": None, "kind": target.kind if target is not None else None}


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _sent(one: Sent) -> dict[str, Any]:
    said = {"text": one.data.decode()} if is_utf8(one.data) else {"b64": _b64(one.data)}
    return {"client": one.client, **said, "during": one.during}


def _call(one: HostCall) -> dict[str, Any]:
    return {"name": one.name, "args": list(one.args), "result": one.result, "ms": one.ms}


def _client(client: Client) -> dict[str, Any]:
    body = client.body.decode("utf-8", "replace")
    return {"status": client.status, "headers": dict(client.headers), "body": body}


def answer_lines(target: Target, call: Call, answer: Answer, *, verbose: bool) -> Iterator[str]:
    """What the deploy tool's invoke prints, and then what the function logged and called."""
    if answer.driven_as == "persistent" or answer.client is None:
        yield from _connection_lines(target, answer)
    elif answer.client.status == 200:
        yield from invoke_text(target.name, answer.client).rstrip("\n").split("\n")
    else:
        yield f'Invoking function "{target.name}"...'
        yield ""
        yield f"invocation failed: status {answer.client.status}"
        yield from answer.client.body.decode("utf-8", "replace").split("\n")
    yield from after_lines(target, call, answer)
    if verbose:
        yield from _stream_lines("stdout", answer.stdout)
        yield from _stream_lines("stderr", answer.stderr)


def _connection_lines(target: Target, answer: Answer) -> Iterator[str]:
    yield f"{target.name}: {answer.driven_as or 'not started'}, {answer.stage}"
    for number, said in enumerate(answer.frames or (), 1):
        yield f"frame {number}: {first_line(said)}"
    for one in answer.sent:
        yield f"sent to {one.client} during {one.during}: {_short(one.data.decode('utf-8', 'replace'))}"
    sent = {one.data for one in answer.sent}
    for data in answer.received:
        if data not in sent:  # it was published, and the client is bridged to the topic
            yield f"client received: {_short(data.decode('utf-8', 'replace'))}"
    if answer.ws_close is not None:
        yield f"ws_close: {first_line(answer.ws_close)}"


def after_lines(target: Target, call: Call, answer: Answer) -> Iterator[str]:
    """What went wrong, explained; what was logged; what was called; what it took."""
    if answer.error is not None:
        from tui.running.outcome.explain import explained

        yield ""
        yield from explained(target, call, answer)
    if answer.logs:
        yield ""
        yield "Logged:"
        yield from (f"  {one.level:<5} {one.line}" for one in answer.logs[:SHOWN_LOGS])
    if answer.host_calls:
        yield ""
        yield from _called(answer)
    yield ""
    yield _figures(answer)


def _called(answer: Answer) -> Iterator[str]:
    total = len(answer.host_calls) + answer.host_calls_dropped
    yield f"Called the host {plural(total, 'time')}:"
    for one in answer.host_calls[:SHOWN_CALLS]:
        given = ", ".join("bad pointer" if arg is None else _short(arg) for arg in one.args)
        yield f"  {one.name}({given}) = {_short(one.result if one.result is not None else 0)}  {one.ms:.2f} ms"
    if total > SHOWN_CALLS:
        yield f"  ... and {total - SHOWN_CALLS:,} more"


def _figures(answer: Answer) -> str:
    figures = answer.figures
    compiled = "from the cache" if figures.cached else "compiled"
    driven = answer.driven_as or "not run"
    return (
        f"{driven}: {figures.duration_ms:.1f} ms, memory {human_bytes(figures.memory_peak)}, "
        f"{compiled} in {figures.compile_ms:.0f} ms"
    )


def _short(value: str | int) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _stream_lines(name: str, data: bytes) -> Iterator[str]:
    if data:
        yield ""
        yield f"{name}:"
        yield from ("  " + line for line in data.decode("utf-8", "replace").rstrip("\n").split("\n")[-SHOWN_LOGS:])

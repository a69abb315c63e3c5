"""One call of a function, whoever makes it: a process is taken, the deadline kept, a failure tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final, Literal

from tui.running.answer import Answer, Call, Target
from tui.running.local.events import Outcome
from tui.running.local.pool.link import GuestLostError
from tui.running.local.pool.pool import RefusedModuleError
from tui.running.local.shelf import Build
from tui.running.outcome.response import COMPILE_WORDS, TIMEOUT_WORDS, client_of, socket_reply
from tui.running.process.wire import Message
from tui.running.stop import DEADLINE_WORDS, INIT_SECONDS
from tui.workspace.function import RetryConfig

Form = Literal["client", "socket", "output"]  # a response, a frame of a stateless socket, the output alone
DEFAULT_TIMEOUT: Final = 30  # seconds, where function.yaml has 0
LONGEST_DELAY: Final = 300.0  # seconds between two attempts


@dataclass(frozen=True, slots=True)
class Running:
    """What a process works on: who asks in the middle of it is answered by this."""

    function: str
    call: Call
    due: float  # time.monotonic() at which it is over
    trigger_depth: int = 0  # messages that lie above it


async def invoke(build: Build, retry: RetryConfig, call: Call, form: Form, trigger_depth: int = 0) -> Outcome:
    """Call a function, again after a failure where function.yaml says so; a call that was late is not tried again."""
    due = monotonic() + call.ceiling
    attempts, delay = 1, float(retry.delay)
    while True:
        outcome = await _attempt(build, replace(call, ceiling=due - monotonic()), form, trigger_depth)
        if outcome.ok or outcome.late or attempts > retry.count or monotonic() + delay >= due:
            break
        await asyncio.sleep(delay)
        attempts, delay = attempts + 1, min(delay * 2, LONGEST_DELAY)
    return outcome if attempts == 1 else replace(outcome, note=f"attempt {attempts} of {retry.count + 1}")


async def _attempt(build: Build, call: Call, form: Form, trigger_depth: int) -> Outcome:
    target, pool = build.target, build.pool
    started = monotonic()
    seconds = min(target.timeout or DEFAULT_TIMEOUT, call.ceiling)
    try:
        guest = await pool.take(seconds, beyond=call.depth > 0)
    except TimeoutError:
        return _never_ran(target, call, form, Answer(None, "run", DEADLINE_WORDS, timed_out=True))
    except RefusedModuleError as refused:
        return _never_ran(target, call, form, refused.answer)
    except GuestLostError as lost:
        return _never_ran(target, call, form, Answer(None, "run", str(lost)))
    # Who had to wait has spent a part of its time.
    due = started + seconds
    left = max(due - monotonic(), 0.0)
    running = Running(target.name, call, due, trigger_depth)
    try:
        reply = await pool.ask(request(replace(call, ceiling=left), "run", form), running, left + INIT_SECONDS, guest)
    except GuestLostError as lost:
        return _never_ran(target, call, form, Answer(None, "run", str(lost)))
    finally:
        pool.give_back(guest)
    return outcome_of(reply)


def request(call: Call, do: str, form: Form = "client") -> Message:
    """A call as a guest's process reads it."""
    caller = call.caller
    fields = {
        "do": do,
        "as": form,
        "caller": [caller.wallet, caller.subject, caller.device, dict(caller.claims)],
        "ns": call.namespace,
        "client": call.client_id,
        "id": call.request_id,
        "ceiling": call.ceiling,
        "depth": call.depth,
    }
    return Message(fields, call.input)


def outcome_of(reply: Message) -> Outcome:
    """What a guest's process says came of a call."""
    fields: Mapping[str, Any] = reply.fields
    ok, late = fields["error"] is None, fields.get("late", False)
    return Outcome(
        ok=ok,
        status=fields.get("status", 200 if ok else 429 if late else 500),
        headers=tuple((name, value) for name, value in fields.get("headers", ())),
        body=reply.payload,
        late=late,
        error=fields["error"] or "",
        why=tuple(fields.get("why", ())),
        logs=tuple((level, line) for level, line in fields["logs"]),
        host_calls=fields["calls"],
        memory=fields["memory"],
        ended=fields.get("ended", False),
    )


def _never_ran(target: Target, call: Call, form: Form, answer: Answer) -> Outcome:
    """What comes of a call whose code did not come to an end here, or never began."""
    cause = COMPILE_WORDS if answer.stage == "compile" else answer.error or ""
    words = TIMEOUT_WORDS if answer.timed_out else answer.error or ""
    known = Outcome(ok=False, status=429 if answer.timed_out else 500, late=answer.timed_out, error=words)
    if form == "output":
        return known
    if form == "socket":
        return replace(known, body=socket_reply(target, replace(answer, error=cause), call.request_id))
    client = client_of(target, answer, call.request_id, cause=cause)
    return replace(known, status=client.status, headers=client.headers, body=client.body)

"""A persistent function on a terminal: a line is a frame, ctrl+d closes the connection."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui.cli.output import remark, say
from tui.cli.typed import typed_lines
from tui.running.process.wire import read_answer

if TYPE_CHECKING:
    from tui.running.answer import Answer, Call, Target
    from tui.running.process.guest_process import GuestProcess


def converse(process: GuestProcess, target: Target, call: Call) -> Answer:
    """Connect, hand in what is typed, show what comes; gives what became of the whole connection."""
    opened = process.open(target, call)
    if "answer" in opened:
        return _end(target, call, read_answer(opened["answer"]))
    remark(f"connected to {target.name}: a line is a frame, ctrl+d closes")
    _show(opened)
    for line in typed_lines():
        reply = process.frame(call.client_id, line.encode("utf-8", "surrogateescape"), target)
        _show(reply)
        if reply["ended"]:
            remark("the function takes no more frames")
            break
    closed = process.hang_up(call.client_id, target)
    _show(closed)
    return _end(target, call, read_answer(closed["answer"]))


def _show(reply: Mapping[str, Any]) -> None:
    for data in reply["delivered"]:
        say(base64.b64decode(data).decode("utf-8", "replace"))


def _end(target: Target, call: Call, answer: Answer) -> Answer:
    from tui.cli.reports.run import after_lines

    remark(*after_lines(target, call, answer))
    return answer

"""The words of `fn-tui run` as a call: input, frames, caller, trigger."""

from __future__ import annotations

import os
from time import time
from typing import TYPE_CHECKING, Final

from tui.cli.typed import piped
from tui.reading import read_whole
from tui.running.answer import Call, Caller
from tui.running.host.gojson import is_json
from tui.running.ids import new_id
from tui.running.input.caller import CallerError, caller_of

if TYPE_CHECKING:
    import argparse

MOST_INPUT: Final = 64 << 20  # bytes read for one input or frame
CUT_AT: Final = 1 << 20  # bytes of a request's body that the gateway reads; the rest it drops without a word
NAMESPACE: Final = "local"


class UsageError(Exception):
    """Words that make no call. The text is the sentence that says so."""


def call_of(args: argparse.Namespace) -> Call:
    """The call that the arguments make. Raises UsageError."""
    if args.timeout is not None and not 0 < args.timeout <= 3600:
        raise UsageError("--timeout takes seconds above 0, an hour at most")
    frames = tuple(_given("--frame", frame) for frame in args.frame or ())
    data = _input(args)
    try:
        caller = Caller() if args.trigger else caller_of(args.caller)
    except CallerError as error:
        raise UsageError(f"--caller: {error}") from error
    return Call(
        input=data,
        frames=frames,
        caller=caller,
        namespace=NAMESPACE,
        client_id=new_id(),
        request_id=new_id(),
        ceiling=args.timeout if args.timeout is not None else 60.0,
    )


def _input(args: argparse.Namespace) -> bytes:
    data = b"{}" if args.data is None else _given("--data", args.data)
    if args.trigger:
        return _triggered(args.trigger, data)
    if data and not args.raw and not is_json(data):
        raise UsageError("--data is not JSON: correct it, or send it as it is with --raw")
    return data[:CUT_AT]


def _given(option: str, text: str) -> bytes:
    """What an argument stands for: itself, a file's content behind @, standard input for -."""
    if text == "-" and option == "--data":
        try:
            return piped(MOST_INPUT)
        except OSError as error:
            raise UsageError(f"{option}: standard input: {error.strerror or error}") from error
    if not text.startswith("@"):
        return os.fsencode(text)
    try:
        return read_whole(text[1:], MOST_INPUT)
    except OSError as error:
        raise UsageError(f"{option}: {text[1:]}: {error.strerror or error}") from error


def _triggered(trigger: str, message: bytes) -> bytes:
    from tui.running.input.triggers import CRON_INPUT, message_input

    if trigger == "cron":
        return CRON_INPUT
    kind, _, topic = trigger.partition(":")
    if kind != "pubsub" or not topic:
        raise UsageError(f"--trigger is cron or pubsub:TOPIC, not {trigger!r}")
    made = message_input(topic, message, NAMESPACE, int(time()))
    if made is None:
        raise UsageError("--data is not JSON: such a message starts no function")
    return made

"""Whole modules with what the gateway's engine (wazero 1.11) made of them, driven as the gateway drives it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.running.conftest import wat
from tui.running.answer import Answer, Call, Caller, HostCall, Target

FILE = Path(__file__).parent / "cases" / "modules.jsonl.gz"


@dataclass(frozen=True)
class ModuleCase:
    """One module, how it was driven, and what came of it."""

    id: str
    area: str
    given: dict[str, Any]
    expect: dict[str, Any]

    def target(self) -> Target:
        given = self.given
        wasm = bytes.fromhex(given["wasm_hex"]) if "wasm_hex" in given else wat(given["wat"])
        return Target("f", wasm, given["memory"], given["timeout"], given["kind"] == "persistent")

    def call(self) -> Call:
        wallet = (self.given.get("host_answers") or {}).get("get_caller_wallet", "")
        frames = tuple(frame.encode() for frame in self.given.get("frames", ()))
        caller = Caller(wallet, wallet)
        return Call(self.given["input"].encode(), frames, caller, client_id="c1", request_id="r1")

    def differences(self, answer: Answer) -> dict[str, tuple[object, object]]:
        """What differs, by name: what came here, what the engine gave."""
        pairs = dict(self._pairs(answer))
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def _pairs(self, answer: Answer) -> Iterator[tuple[str, tuple[object, object]]]:
        want = self.expect
        yield "ok", (answer.ok, want["ok"])
        yield "stage", (answer.stage, want["stage"])
        yield "driven_as", (answer.driven_as, want.get("driven_as"))
        yield "error", (answer.error, want.get("error", want.get("host_panic")))
        if "exit_code" in want:
            yield "exit_code", (answer.exit_code, want["exit_code"])
        output = want.get("output", "")  # of a long one the first bytes are there
        yield "output", (answer.output.decode("utf-8", "replace")[: len(output) or None], output)
        yield "length", (len(answer.output), want.get("output_len", 0))
        if "frames" in want:
            yield "frames", (None if answer.frames is None else list(answer.frames), want["frames"])
            yield "ws_close", (answer.ws_close, want["ws_close"])
        if "host_calls" in want:
            yield "host_calls", ([said(call) for call in answer.host_calls], want["host_calls"])
        if want.get("client_sees"):
            yield from _client(answer, want["client_sees"])


def _client(answer: Answer, want: dict[str, Any]) -> Iterator[tuple[str, tuple[object, object]]]:
    assert answer.client is not None
    body = answer.client.body.decode("utf-8", "replace")
    yield "status", (answer.client.status, want["status"])
    if "body" in want:
        yield "body", (body, want["body"])
    if want.get("wrapped"):
        yield "wrapped", (json.loads(body)["output"][: max(len(want["output"]), 1)], want["output"])
    if "code" in want:
        error = json.loads(body)["error"]
        yield "code", (error["code"], want["code"])
        yield "retryable", (error["retryable"], want["retryable"])
    if want.get("cause"):
        yield "cause", (error["message"].partition("): ")[2], want["cause"])


def said(call: HostCall) -> str:
    """A host call as the cases write it."""
    return f"{call.name}({','.join('BADPTR' if one is None else str(one) for one in call.args)})"


def module_cases() -> list[ModuleCase]:
    """All cases, in the order of the file."""
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return [ModuleCase(**json.loads(line)) for line in lines]

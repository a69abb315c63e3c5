"""What came against what was expected, as lines; and what to expect from now on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Final

from tui.running.answer import Answer
from tui.text import first_line

MOST_LINES: Final = 60  # of one difference
MOST_KEPT: Final = 16 << 10  # bytes of an output that is kept as expected
MOST_LISTED: Final = 200  # lines or calls that are kept as expected


def differences(expect: Mapping[str, object], answer: Answer) -> tuple[str, ...]:
    """Lines that say what differs; none where all is as expected. Without expectations it has to answer."""
    return tuple(_differences(expect, answer))


def _differences(expect: Mapping[str, object], answer: Answer) -> Iterator[str]:
    if answer.error is not None and not expect.keys() & {"error", "status"}:
        yield f"it failed: {answer.error.partition(chr(10))[0]}"
    for key, wanted in expect.items():
        if key == "contains":
            yield from _missing(wanted, output_of(answer), "output")
        elif key == "error":
            if answer.error is None or str(wanted) not in answer.error:
                yield f"error: expected {wanted!r} in it, got {(answer.error or 'none').partition(chr(10))[0]!r}"
        else:
            found = _found(key, answer)
            if found != wanted:
                yield from _diff(key, wanted, found)


def _found(key: str, answer: Answer) -> object:
    """What a run gave for one key of `expect`."""
    if key == "output":
        return output_of(answer)
    if key == "status":
        return answer.client.status if answer.client is not None else None
    if key == "logs":
        return [one.line for one in answer.logs]
    if key == "calls":
        return [one.name for one in answer.host_calls]
    if key == "frames":
        return list(answer.frames or ())
    return [data.decode("utf-8", "replace") for data in answer.received]


def output_of(answer: Answer) -> object:
    """The body that the client sees: JSON as its value, else text. The output where no client sees it."""
    raw = answer.client is not None and answer.ok and answer.client.status != 200
    data = answer.client.body if raw and answer.client is not None else _body(answer)
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data.decode("utf-8", "replace")


def _body(answer: Answer) -> bytes:
    if answer.output or answer.client is None:
        return answer.output
    set_by_function = any(one.name == "set_http_response" for one in answer.host_calls)
    return answer.client.body if set_by_function and answer.ok else b""


def _missing(wanted: object, found: object, place: str) -> Iterator[str]:
    """What of `wanted` is not in `found`: the keys of objects, the elements of lists in their order, equal values."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            if key not in found:
                yield f"{place}.{key}: expected {_line(value)}, it is not there"
            else:
                yield from _missing(value, found[key], f"{place}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list):
        rest = iter(found)
        for number, value in enumerate(wanted):
            if not any(not list(_missing(value, each, "")) for each in rest):
                yield f"{place}[{number}]: expected {_line(value)}, it is not there"
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{place}: expected {_line(wanted)}, got {_line(found)}"


def _diff(key: str, wanted: object, found: object) -> Iterator[str]:
    if not isinstance(wanted, list | dict) and not isinstance(found, list | dict):
        yield f"{key}: expected {_line(wanted)}, got {_line(found)}"
        return
    yield f"{key}:"
    lines = list(unified_diff(_pretty(wanted), _pretty(found), "expected", "got", lineterm="", n=2))
    yield from (f"  {line[:400]}" for line in lines[2 : 2 + MOST_LINES])
    if len(lines) > 2 + MOST_LINES:
        yield f"  ... and {len(lines) - 2 - MOST_LINES:,} lines more"


def _pretty(value: object) -> list[str]:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True).splitlines()


def _line(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:199] + "…"


def expectation(answer: Answer) -> dict[str, object]:
    """What to expect of a call that went as it should, as far as it is worth keeping."""
    found: dict[str, object] = {}
    if answer.driven_as == "persistent":
        keys = ["frames", "received"]
    else:
        keys = ["status"] if answer.client is not None and answer.client.status != 200 else []
        keys += ["output"] if len(answer.output) <= MOST_KEPT and answer.ok else []
    if answer.error is not None:
        found["error"] = first_line(answer.error)
    for key in (*keys, "logs", "calls"):
        value = _found(key, answer)
        if key == "output" or (value and (not isinstance(value, list) or len(value) <= MOST_LISTED)):
            found[key] = value
    return found


def renewed(expect: Mapping[str, object], answer: Answer) -> dict[str, object]:
    """The same expectations with what came: each key that stood there, and an error that came or went."""
    found: dict[str, object] = {}
    for key, wanted in expect.items():
        if key == "contains":
            found[key] = _projected(wanted, output_of(answer))
        elif key != "error":
            found[key] = _found(key, answer)
    if answer.error is not None and ("error" in expect or "status" not in expect):
        found["error"] = first_line(answer.error)
    return found


def _projected(wanted: object, found: object) -> object:
    """What of `found` stands where `wanted` looks."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {key: _projected(value, found[key]) for key, value in wanted.items() if key in found}
    return found

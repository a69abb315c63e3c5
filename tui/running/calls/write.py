"""calls.yaml written: a call added at its end, or what is expected renewed in its place. All else stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tui.files import write_named
from tui.reading import read_whole
from tui.running.calls.read import MOST_BYTES, parse_calls
from tui.running.calls.saved_call import FILE, CallsFault, SavedCall, Span

_UNFIT: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def add_call(folder: Path, call: SavedCall) -> str | None:
    """Write a new call behind those that are there; the sentence of what went wrong, or None."""
    try:
        before = read_whole(folder / FILE, MOST_BYTES).decode("utf-8")
    except FileNotFoundError:
        before = ""
    except OSError as error:
        return f"{folder / FILE}: {error.strerror or error}"
    except UnicodeDecodeError as error:
        return f"{folder / FILE}: {error}"
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    return _replace(folder, before + gap + block({call.name: _parts(call)}, 0))


def renew(folder: Path, expected: Mapping[str, Mapping[str, object]]) -> str | None:
    """Put what is expected of some calls, by name, in the place of what was; the sentence of what went wrong."""
    try:
        source = read_whole(folder / FILE, MOST_BYTES)
    except OSError as error:
        return f"{folder / FILE}: {error.strerror or error}"
    calls = parse_calls(source)
    if isinstance(calls, CallsFault):
        return calls.text(str(folder / FILE))
    text = source.decode("utf-8-sig")
    for call in sorted(calls, key=lambda each: -each.line):  # from the end: what stands before does not move
        if call.name in expected:
            text = _renewed(text, call, expected[call.name])
    return _replace(folder, text)


def _renewed(text: str, call: SavedCall, expect: Mapping[str, object]) -> str:
    place = call.expect_span
    if place is not None:
        return text[: place.start] + _flow(expect) + text[place.end :]
    whole = call.call_span
    if whole is None or whole.start == whole.end:  # a name alone
        at = whole.end if whole is not None else len(text)
        return text[:at] + f"\n  expect: {_flow(expect)}" + text[at:]
    return _inserted(text, whole, expect)


def _inserted(text: str, whole: Span, expect: Mapping[str, object]) -> str:
    if text[whole.start] == "{":
        inner = text[whole.start + 1 : whole.end - 1].strip().rstrip(",")
        return (
            text[: whole.start]
            + "{"
            + (inner + ", " if inner else "")
            + f"expect: {_flow(expect)}}}"
            + text[whole.end :]
        )
    before, after = text[: whole.end].rstrip("\n"), text[whole.end :]
    line = f"\n{' ' * whole.column}expect: {_flow(expect)}"
    return before + line + (after if after.startswith("\n") or not after else "\n" + after)


def _flow(value: object) -> str:
    """JSON, which YAML reads as it is, but for what it takes for a line's end or for no text."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isascii() else _UNFIT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _parts(call: SavedCall) -> dict[str, object]:
    found: dict[str, object] = {}
    try:
        found["input"] = json.loads(call.input)
    except (ValueError, RecursionError):
        found["raw"] = call.input.decode("utf-8", "replace")
    caller = call.caller
    named: dict[str, Any] = {"wallet": caller.wallet, "sub": caller.subject, "device": caller.device}
    if caller.subject == caller.wallet:
        del named["sub"]
    named["claims"] = dict(caller.claims)
    kept = {key: value for key, value in named.items() if value}
    frames = [frame.decode("utf-8", "replace") for frame in call.frames]
    more = {"caller": kept, "frames": frames, "seed": call.seed, "http": call.http, "expect": dict(call.expect)}
    return found | {key: value for key, value in more.items() if value}


def block(value: Mapping[str, object], indent: int) -> str:
    """A mapping as YAML, a line a key: mappings below it in turn, all else as JSON."""
    lines = []
    for key, each in value.items():
        name = " " * indent + (
            key
            if key.replace("-", "").replace("_", "").isalnum() and key.isascii() and not key.isdigit()
            else _flow(key)
        )
        if isinstance(each, dict) and each and indent < 6:
            lines.append(f"{name}:\n{block(each, indent + 2)}")
        else:
            lines.append(f"{name}: {_flow(each)}\n")
    return "".join(lines)


def _replace(folder: Path, text: str) -> str | None:
    path = folder / FILE
    if path.is_symlink():
        return f"{path} is a link, and fn-tui writes through none"
    try:
        write_named(path, text.encode("utf-8", "replace"))
    except OSError as error:
        return f"{path}: cannot be written: {error.strerror or error}"
    return None

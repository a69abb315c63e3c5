from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.running.answer import Caller
from tui.running.calls.read import parse_calls, read_calls
from tui.running.calls.saved_call import CallsFault, SavedCall

WHOLE = """
# a comment
greets:
  input: {message: hi, n: 2, wallet: 0xabc, when: 1:30, yes: yes, date: 2024-01-02, none: ~, big: 1e3}
  caller: {wallet: 0x01, device: did:key:1, claims: {tier: pro}}
  seed: seed.sql
  http: fetches/a.json
  expect: {output: [1, two, null], status: 201, logs: [on, 0x1], error: no}
talks:
  frames:
    - one
    - "two"
bare:
"""


def test_plain_words_mean_what_they_mean_in_json() -> None:
    calls = parse_calls(WHOLE.encode())
    assert isinstance(calls, tuple)
    greets, talks, bare = calls
    assert greets.input == (
        b'{"message":"hi","n":2,"wallet":"0xabc","when":"1:30","yes":"yes","date":"2024-01-02","none":null,"big":1000.0}'
    )
    assert greets.caller == Caller("0x01", "0x01", "did:key:1", {"tier": "pro"})
    assert (greets.seed, greets.http) == ("seed.sql", "fetches/a.json")
    assert greets.expect == {"output": [1, "two", None], "status": 201, "logs": ["on", "0x1"], "error": "no"}
    assert talks.frames == (b"one", b"two")
    assert (bare.name, bare.input, bare.expect) == ("bare", b"{}", {})


BROKEN = [
    ("a:\n  ouput: 1\n", 2, 3, "'ouput' is none of input, raw, frames, caller, seed, http, expect"),
    ("a:\n  expect:\n    ouput: 1\n", 3, 5, "none of output, contains, status, error, logs, calls, frames, received"),
    ("a:\n  expect: {status: many}\n", 2, 20, "status is a number"),
    ("a:\n  expect: {status: true}\n", 2, 20, "status is a number"),
    ("a:\n  frames: hello\n", 2, 11, "a list of texts is wanted here"),
    ("a:\n  frames: [[x]]\n", 2, 12, "a text is wanted here"),
    ("a:\n  caller: {who: me}\n", 2, 12, "'who' is none of wallet, sub, device, claims"),
    ("a:\n  seed: ../secret.sql\n", 2, 9, "a relative path without .."),
    ("a:\n  http: /etc/passwd\n", 2, 9, "a relative path without .."),
    ("a:\n  input: 1\n  raw: x\n", 3, 8, "give one of the two"),
    ("a: 1\na: 2\n", 2, 1, "'a' stands here twice"),
    ("a: [1]\n", 1, 4, "a mapping is wanted here"),
    ("- a\n", 1, 1, "a mapping is wanted here: names of calls"),
    ("a: {\n", 2, 1, "expected"),
    ("a: b: c\n", 1, 5, "mapping values are not allowed here"),
    ("a: *nowhere\n", 1, 4, "undefined alias"),
    ("a: 1\n---\nb: 1\n", 2, 1, "expected a single document in the stream, but found another document"),
    ('a:\n  input: {x: "\\ud800"}\n', 2, 14, "is no character"),
    ('a:\n  frames: [ok, "\\udfff"]\n', 2, 16, "is no character"),
    ('"\\ud800": {}\n', 1, 1, "is no character"),
    ("a:\n  input: 1e999\n", 2, 10, "1e999 is too large for a number"),
    ("? [x]\n: 1\n", 1, 3, "a key is a text"),
    ("'': {}\n", 1, 1, "a name of 1 to 100 characters"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), BROKEN)
def test_what_is_wrong_is_said_with_its_place(text: str, line: int, column: int, words: str) -> None:
    found = parse_calls(text.encode())
    assert isinstance(found, CallsFault)
    assert (found.line, found.column) == (line, column)
    assert words in found.words
    assert found.text("f/calls.yaml").startswith(f"f/calls.yaml:{line}:{column}: ")


def laughs(levels: int) -> str:
    lines = ["a: &l0 {input: [x, x, x, x, x, x, x, x]}"]
    lines += [f"b{n}: &l{n} {{input: [{', '.join([f'*l{n - 1}'] * 8)}]}}" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text", [laughs(12), "a: " + "[" * 5_000, "a: &a {input: *a}", "a: {input: " + "[" * 60 + "]" * 60 + "}"]
)
def test_what_would_not_end_is_refused(text: str) -> None:
    assert isinstance(parse_calls(text.encode()), CallsFault)


@pytest.mark.parametrize("source", [b"\xff\xfe", b"a: \x00", b"a: !!python/object/apply:os.system [ls]"])
def test_bytes_of_any_kind_are_harmless(source: bytes) -> None:
    found = parse_calls(source)
    assert isinstance(found, CallsFault)


def test_no_file_and_no_regular_file(tmp_path: Path) -> None:
    assert read_calls(tmp_path) is None
    os.mkfifo(tmp_path / "calls.yaml")
    found = read_calls(tmp_path)
    assert isinstance(found, CallsFault)
    assert found.words == "not a regular file"


def test_an_empty_file_has_no_calls() -> None:
    assert parse_calls(b"# nothing yet\n") == ()
    assert parse_calls(b"") == ()
    assert SavedCall("a").input == b"{}"

from __future__ import annotations

from pathlib import Path

import pytest

from tui.running.answer import Answer, Caller, Client, HostCall, LogLine
from tui.running.calls.compare import differences, expectation, renewed
from tui.running.calls.read import read_calls
from tui.running.calls.saved_call import SavedCall
from tui.running.calls.write import add_call, renew

ANSWER = Answer(
    "command",
    "done",
    output=b'{"a":[1,2,{"b":null}],"c":"d"}',
    logs=(LogLine("info", "said"),),
    host_calls=(HostCall("log_info", ("said",), 0, 0.1),),
    client=Client(200, (), b'{"a":[1,2,{"b":null}],"c":"d"}'),
)


def calls_of(folder: Path) -> tuple[SavedCall, ...]:
    found = read_calls(folder)
    assert isinstance(found, tuple), found
    return found


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "calls.yaml").write_text("# mine\nfirst: {input: 1} # stays")
    caller = Caller("0xabc", "0xabc", "", {"tier": "pro: x"})
    added = [
        SavedCall("one two: #3", input=b'{"n":1}', caller=caller, seed="s.sql", expect=expectation(ANSWER)),
        SavedCall("12", input=b"not json \xe2\x80\xa8", frames=(b"a", b"null")),
    ]
    for call in added:
        assert add_call(tmp_path, call) is None
    assert (tmp_path / "calls.yaml").read_text().startswith("# mine\nfirst: {input: 1} # stays\n")
    first, *others = calls_of(tmp_path)
    assert first.input == b"1"
    for call, found in zip(added, others, strict=True):
        assert (found.name, found.input, found.frames, found.seed) == (call.name, call.input, call.frames, call.seed)
        assert (found.caller, found.expect) == (call.caller, call.expect)
    assert differences(others[0].expect, ANSWER) == ()


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("mine")
    (tmp_path / "calls.yaml").symlink_to(tmp_path / "elsewhere")
    assert "is a link" in str(add_call(tmp_path, SavedCall("a")))
    assert (tmp_path / "elsewhere").read_text() == "mine"


LAID_OUT = [
    "# top\na:\n  expect:\n    output: 1 # one\n    logs:\n      - x\n  # between\n  input: 2\n\n# b\nb:\n  input: 3\n",
    "# top\na: {input: 2, expect: {output: 1, logs: [x]}} # between\n# b\nb:\n  input: 3\n",
    "# top\na:\n  input: 2\n  # between\n  expect: {output: 1, logs: [x]}\n# b\nb:\n    input: 3\n\n",
    '# top\na:\n  expect:\n    output: |\n      text\n    logs: ["x"]\n  input: 2\n  # between\n# b\nb: {input: 3}',
]


@pytest.mark.parametrize("text", LAID_OUT)
def test_only_what_is_expected_changes(text: str, tmp_path: Path) -> None:
    (tmp_path / "calls.yaml").write_text(text)
    before = calls_of(tmp_path)
    fresh = {call.name: renewed(call.expect, ANSWER) for call in before} | {"b": {"output": {"x": "y: #"}}}
    assert renew(tmp_path, fresh) is None
    a, b = calls_of(tmp_path)
    assert (a.input, b.input) == (b"2", b"3")
    assert a.expect == {"output": {"a": [1, 2, {"b": None}], "c": "d"}, "logs": ["said"]}
    assert b.expect == {"output": {"x": "y: #"}}
    after = (tmp_path / "calls.yaml").read_text()
    assert [word in after for word in ("# top", "# between", "# b")] == [True] * 3


def test_a_name_alone_gets_what_is_expected(tmp_path: Path) -> None:
    (tmp_path / "calls.yaml").write_text("a:\nb:\n")
    assert renew(tmp_path, {"a": {"status": 404}, "b": {"error": "x"}}) is None
    assert [call.expect for call in calls_of(tmp_path)] == [{"status": 404}, {"error": "x"}]


FAILED = Answer("command", "run", "module closed with exit_code(3)\nmore", client=Client(500, (), b"{}"))
SEEN = [
    ({}, ANSWER, ()),
    ({"output": {"c": "d", "a": [1, 2, {"b": None}]}}, ANSWER, ()),
    ({"contains": {"a": [2, {}]}, "status": 200, "calls": ["log_info"]}, ANSWER, ()),
    ({"contains": {"a": [2, 1]}}, ANSWER, ("output.a[1]: expected 1, it is not there",)),
    ({"contains": {"c": "e"}}, ANSWER, ('output.c: expected "e", got "d"',)),
    ({"contains": {"f": 1}}, ANSWER, ("output.f: expected 1, it is not there",)),
    ({"status": 404}, ANSWER, ("status: expected 404, got 200",)),
    ({}, FAILED, ("it failed: module closed with exit_code(3)",)),
    ({"error": "exit_code(3)"}, FAILED, ()),
    ({"status": 500}, FAILED, ()),
    ({"error": "exit_code(4)"}, ANSWER, ("error: expected 'exit_code(4)' in it, got 'none'",)),
]  # fmt: skip


@pytest.mark.parametrize(("expect", "answer", "said"), SEEN)
def test_what_differs_is_said(expect: dict[str, object], answer: Answer, said: tuple[str, ...]) -> None:
    assert differences(expect, answer) == said


def test_lists_are_told_line_by_line() -> None:
    told = differences({"logs": ["said", "more"]}, ANSWER)
    assert told[0] == "logs:"
    assert '  -  "more"' in told
    assert '  +  "said"' in told


def test_many_differences_are_cut() -> None:
    told = differences({"output": list(range(5_000))}, ANSWER)
    assert len(told) < 80
    assert "lines more" in told[-1]

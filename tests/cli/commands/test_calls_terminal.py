"""`fn-tui test` and a typed session at a real terminal: what it asks a person, and what it does with the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.app.desk.running.functions import ECHO
from tests.cli.commands.run.test_command import SOCKET
from tests.flows.pseudo_terminal import Terminal
from tests.running.conftest import wat
from tui.assessment.ran import ran_words
from tui.building.record.runs import last_run, stamp_of

CALLS = "# mine\na: {input: 1, expect: {output: 2}}\nb: {input: 3, expect: {output: 3}}\n"
QUESTION = b"expect in echo/calls.yaml what came of a? [y/N] "
Start = Callable[..., Terminal]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """fn-tui on a terminal, in a workspace with a function."""
    for kind in ("CACHE", "STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    folder = tmp_path / "workspace" / "echo"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder.parent)
    (folder / "function.yaml").write_text("name: echo\n")
    (folder / "function.wasm").write_bytes(wat(ECHO))
    (folder / "calls.yaml").write_text(CALLS)
    made: list[Terminal] = []

    def begin(*argv: str) -> Terminal:
        made.append(Terminal([sys.executable, "-m", "tui", *argv], os.environ["PATH"]))
        return made[-1]

    yield begin
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("typed", "code", "agreed"),
    [(b"y\n", 0, True), (b"\n", 1, False), (b"\x03", 130, False),
     *(pytest.param(*each, marks=pytest.mark.long)
       for each in ((b"YES\n", 0, True), (b"n\n", 1, False), (b"\x04", 1, False)))],
)  # fmt: skip
def test_a_person_is_asked_before_anything_is_expected_anew(
    start: Start, typed: bytes, code: int, agreed: bool
) -> None:
    terminal = start("test", "--update")
    terminal.until(QUESTION)
    assert b"not  echo: a" in terminal.seen or b"1 not" in terminal.seen  # what it is about is shown first
    assert Path("echo/calls.yaml").read_text() == CALLS
    terminal.press(typed)
    assert terminal.exit_code() == code
    wanted = '{input: 1, expect: {"output": 1}}' if agreed else "{input: 1, expect: {output: 2}}"
    assert wanted in Path("echo/calls.yaml").read_text()
    assert Path("echo/calls.yaml").read_text().startswith("# mine\n")


def test_nothing_is_asked_where_all_came_as_expected(start: Start) -> None:
    Path("echo/calls.yaml").write_text("b: {input: 3, expect: {output: 3}}\n")
    terminal = start("test", "--update")
    assert terminal.exit_code() == 0
    assert b"[y/N]" not in terminal.seen


def test_the_watch_tests_again_on_a_save_and_ends_by_a_key(start: Start) -> None:
    terminal = start("test", "--watch")
    terminal.until(b"watching; ctrl+c ends it")
    assert b"1 not" in terminal.seen

    def saved_until_seen() -> bool:
        Path("echo/new").write_text(CALLS.replace("2", "1"))
        Path("echo/new").replace("echo/calls.yaml")
        return b"2 calls as expected" in terminal.seen

    terminal.until_so(saved_until_seen)
    terminal.press(b"\x03")
    assert terminal.exit_code() == 130
    assert b"Traceback" not in terminal.seen


def test_a_typed_session_is_a_run(start: Start) -> None:
    Path("echo/function.wasm").write_bytes(wat(SOCKET))
    Path("echo/function.yaml").write_text("name: echo\nws_persistent: true\n")
    terminal = start("run", "echo")
    terminal.until(b"connected to echo")
    terminal.press(b"hello\n")
    terminal.until(b"hello\r\nhello\r\n")
    terminal.press(b"\x04")
    assert terminal.exit_code() == 0
    ran = last_run(Path("echo"), stamp_of(Path("echo/function.wasm")))
    assert ran is not None
    assert (ran.answered, ran.host_calls, ran.stage) == (True, 1, "done")
    assert ran_words(ran).startswith("ran ")


def test_a_session_that_is_interrupted_leaves_nothing_behind(start: Start) -> None:
    Path("echo/function.wasm").write_bytes(wat(SOCKET))
    Path("echo/function.yaml").write_text("name: echo\nws_persistent: true\n")
    terminal = start("run", "echo")
    terminal.until(b"connected to echo")
    terminal.press(b"\x03")
    assert terminal.exit_code() == 130
    assert b"Traceback" not in terminal.seen

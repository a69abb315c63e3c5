from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running.conftest import wat
from tests.running.modulecases import module_cases
from tui.running.answer import Call, Phase, Target
from tui.running.host.settings import HostSettings
from tui.running.process.guest_process import GuestProcess, GuestProcessError
from tui.running.process.start import Started, forked, spawned
from tui.running.process.wire import Message, pack

CASES = {case.id: case for case in module_cases()}
LOOP = wat('(module (memory (export "memory") 1) (func (export "_start") (loop br 0)))')


@pytest.fixture
def process(tmp_path: Path) -> Iterator[GuestProcess]:
    made = GuestProcess(tmp_path / "cache", HostSettings())
    yield made
    made.close()


@pytest.mark.parametrize(
    "name",
    ["mod-base-command", "mod-base-reactor", "mod-base-persistent", "mod-dyn-unreachable-after", "mod-ps-frame-trap"],
)
def test_an_answer_crosses_whole(name: str, process: GuestProcess) -> None:
    case = CASES[name]
    answer = process.run(case.target(), case.call())
    assert case.differences(answer) == {}


def test_a_second_run_takes_the_code_from_the_cache(tmp_path: Path) -> None:
    case = CASES["mod-base-command"]
    for expected in (False, True):
        process = GuestProcess(tmp_path / "cache", HostSettings())
        assert process.run(case.target(), case.call()).figures.cached is expected
        process.close()


def test_what_is_waited_for_is_told(tmp_path: Path) -> None:
    heard: list[Phase] = []
    wanted: list[tuple[str, list[Phase]]] = [
        ("mod-base-command", ["compiling", "running"]),
        ("mod-base-command", ["running"]),  # out of the cache
        ("mod-base-persistent", ["compiling", "running"]),
    ]
    for name, phases in wanted:
        process = GuestProcess(tmp_path / "cache", HostSettings(), heard.append)
        process.run(CASES[name].target(), CASES[name].call())
        process.close()
        assert heard == phases
        heard.clear()
    process = GuestProcess(tmp_path / "cache", HostSettings(), heard.append)
    assert process.run(Target("f", LOOP[:-3]), Call()).stage == "compile"
    process.close()
    assert heard == ["compiling"]  # what is refused never runs


def test_a_process_that_is_killed_is_an_error(process: GuestProcess) -> None:
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(GuestProcessError, match="lost"):
        process.run(Target("f", LOOP), Call())


def test_a_process_that_crashes_tells_how(process: GuestProcess) -> None:
    os.kill(process.pid, signal.SIGSEGV)
    with pytest.raises(GuestProcessError, match="SIGSEGV"):
        process.run(Target("f", LOOP), Call())


def test_a_process_that_does_not_answer_is_ended(process: GuestProcess) -> None:
    os.kill(process.pid, signal.SIGSTOP)
    with pytest.raises(GuestProcessError, match="did not answer in time"):
        process.ask(Message({"do": "nothing"}), patience=0.2)
    with pytest.raises(ChildProcessError):
        os.waitpid(process.pid, os.WNOHANG)


def test_a_frame_at_a_time(process: GuestProcess) -> None:
    case = CASES["mod-base-persistent"]
    target, call = case.target(), case.call()
    assert process.open(target, call) == {"delivered": []}
    reply = process.frame("c1", b"hi", target)
    assert (reply["frame"], reply["ended"]) == ("0", False)
    assert process.hang_up("c1", target)["answer"]["ws_close"] == "0"


@pytest.mark.parametrize("way", [forked, spawned])
def test_it_ends_with_its_input(way: Callable[[], Started]) -> None:
    started = way()
    os.write(started.inlet, pack(Message({"cache": "", "host": {}})))
    os.close(started.inlet)
    _, status = os.waitpid(started.pid, 0)
    os.close(started.outlet)
    assert os.waitstatus_to_exitcode(status) == 0

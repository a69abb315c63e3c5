"""Colours and glyphs of what commands print: on a terminal, and only there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.pseudo_terminal import Terminal
from tui.building.events import BuildEnded, BuildResult, BuildStarted, BuildStatus, BuildWaiting, QueueChanged
from tui.building.plan.plan import plan_build
from tui.cli.paint import PLAIN, Paint, wants_colour
from tui.cli.reports.build import TextReporter
from tui.cli.reports.progress_bar import ProgressBar
from tui.lines.canvas import ASCII, UNICODE
from tui.workspace.function import FunctionConfig

FORM = [sys.executable, "-m", "tui"]


def test_a_role_has_its_colour_and_outside_text_none_of_its_own() -> None:
    line = (("✓ ", "present"), ("a\x1b[31mb", "space"))
    assert Paint(UNICODE, colour=True).text(line) == "\x1b[32m✓ \x1b[0ma\\e[31mb"  # type: ignore[arg-type]
    assert PLAIN.text((("✓ ", "present"), ("a", "space"))) == "✓ a"
    assert Paint(ASCII, colour=False).sign("ready") == "+"


@pytest.mark.parametrize(("options", "coloured"), [((), True), (("--no-color",), False)])
def test_list_is_coloured_on_a_terminal(
    function_directory: Callable[..., Path], options: tuple[str, ...], coloured: bool
) -> None:
    workspace = function_directory("fn").parent
    terminal = Terminal([*FORM, "list", *options, str(workspace)], "/usr/bin:/bin")
    terminal.until(b"1 function: unbuilt 1")
    assert (b"\x1b[" in terminal.seen) == coloured
    assert terminal.exit_code() == 0
    terminal.close()


def test_a_python_without_curses_gives_colours_a_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "curses", None)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert wants_colour()


def ended(name: str, status: BuildStatus, root: Path) -> BuildEnded:
    return BuildEnded(root / name, BuildResult(root / name, status, 0, 1.0))


def test_the_bar_follows_what_waits_again_and_how_many_build_at_once(tmp_path: Path) -> None:
    bar = ProgressBar(TextReporter(live=False), {tmp_path / name: 10.0 for name in "ab"}, 2, ascii_only=True)
    bar.handle(BuildStarted(tmp_path / "a", plan_build(tmp_path / "a", FunctionConfig("a")), worker="tcp://one"))
    assert bar.line().endswith("/a")
    bar.handle(BuildWaiting(tmp_path / "a", waits_for="slot"))  # its worker has died
    assert bar.line() == "-------- 0/2  0:10 left"
    bar.handle(QueueChanged((tmp_path / "b",), (tmp_path / "a",), 1))  # and with it a slot
    assert bar.line() == "-------- 0/2  0:20 left"


def test_the_bar_counts_what_ended_and_names_what_builds(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    usual = {tmp_path / name: 10.0 for name in "abcd"}
    bar = ProgressBar(TextReporter(live=False), usual, 2, ascii_only=True)
    assert bar.line() == "-------- 0/4  0:20 left"
    bar.handle(ended("a", "built", tmp_path))
    bar.handle(ended("b", "failed", tmp_path))
    assert bar.line() == "####---- 2/4  0:10 left  x 1"
    bar.finish([], 1.0)
    captured = capfd.readouterr()
    assert captured.out.startswith("Built")
    assert captured.err.endswith("\r\x1b[K")

"""Which starts may have a first frame before the toolkit, and when two of them look the same."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui.app.terminal.early.stage import STAGE
from tui.cli import COMMANDS, early
from tui.cli.words import split


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    (folder / "ws").mkdir(parents=True)
    (folder / "list").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ([], ([], ".")),
        (["ws"], ([], "ws")),
        (["--compiler", "go", "ws"], (["--compiler", "go"], "ws")),
        (["ws", "--theme=nord", "--ascii"], (["--theme=nord", "--ascii"], "ws")),
    ],
)
def test_a_command_line_that_opens_the_screen(words: list[str], parts: tuple[list[str], str]) -> None:
    assert split(words) == parts


@pytest.mark.parametrize(
    "words",
    [
        *(["--plain"], ["--help"], ["-h"], ["-V"], ["--trust"], ["--nonsense"], ["--no-cache"], ["--"], ["-"]),
        *(["--the", "nord"], ["a", "b"], ["--theme"], ["--theme", "--ascii"]),
    ],
)
def test_anything_else_has_no_early_frame(here: Path, words: list[str]) -> None:
    assert early.opening_of(words) is None


@pytest.mark.parametrize("words", [["gone"], ["list"], ["--ascii", "list"], ["w\0s"]])
def test_nor_has_what_is_no_workspace(here: Path, words: list[str]) -> None:
    assert early.opening_of(words) is None


def looks(words: list[str]) -> str:
    opening = early.opening_of(words)
    assert opening is not None
    return opening.fingerprint


def test_a_start_with_other_words_or_surroundings_looks_otherwise(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here / "config"))
    same = looks(["ws"])
    assert looks(["./ws"]) == looks(["ws/"]) == same
    seen = {same, looks(["ws", "--ascii"]), looks(["ws", "--theme", "nord"]), looks([])}
    for name in ("NO_COLOR", "TERM", "COLORTERM", "LC_ALL", "FN_TUI_COMPILER", "TEXTUAL_COLOR_SYSTEM"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "1")
            seen.add(looks(["ws"]))
    assert len(seen) == 10
    monkeypatch.setenv("UNRELATED", "1")
    assert looks(["ws"]) == same


@pytest.mark.parametrize("file", ["config/fn-tui/settings.toml", "ws/.fn-tui.toml"])
def test_settings_that_changed_look_otherwise(here: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(here / "config"))
    (here / file).parent.mkdir(parents=True, exist_ok=True)
    seen = [looks(["ws"])]
    for text in ("", "ascii = true\n"):
        (here / file).write_text(text)
        seen.append(looks(["ws"]))
    assert len({*seen}) == 3


def test_a_file_that_an_option_names_counts(here: Path) -> None:
    seen = [looks(["ws", "--settings", "s.toml"]), looks(["ws", "--contract=s.toml"])]
    (here / "s.toml").write_text("")
    seen += [looks(["ws", "--settings", "s.toml"]), looks(["ws", "--contract=s.toml"])]
    assert len({*seen}) == 4


@contextmanager
def on_terminal(without: int | None = None) -> Iterator[None]:
    """A terminal for standard input and output, but for the one of that number. pytest's own come back after it."""
    kept = [os.dup(0), os.dup(1)]
    master, slave = pty.openpty()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere if number == without else slave, number)
    try:
        yield
    finally:
        for number, before in enumerate(kept):
            os.dup2(before, number)
        for descriptor in (*kept, master, slave, nowhere):
            os.close(descriptor)


def test_it_is_drawn_on_a_terminal_that_can_move_its_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    drawable = []
    for name in ("xterm", "dumb", "unknown", ""):
        monkeypatch.setenv("TERM", name)
        with on_terminal():
            drawable.append(early.is_drawable())
    assert drawable == [True, False, False, False]


@pytest.mark.parametrize("number", [0, 1])
def test_it_is_not_drawn_where_input_or_output_is_something_else(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setenv("TERM", "xterm")
    with on_terminal(without=number):
        assert not early.is_drawable()


def begun(words: list[str], monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a start with these words draws something, on a terminal of 80x24."""
    frames: list[bytes] = []
    monkeypatch.setattr(STAGE, "take", frames.append)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((80, 24)))
    with on_terminal():
        early.begin(words)
    return bool(frames)


def test_of_a_workspace_that_nobody_knows_the_names_are_drawn_where_no_setting_could_say_otherwise(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"TERM": "xterm", "XDG_CONFIG_HOME": str(here), "XDG_CACHE_HOME": str(here / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(STAGE, "opening", None)
    assert begun(["ws"], monkeypatch)
    assert begun(["--ascii", "--watch", "ws"], monkeypatch)
    for words in (["--theme", "nord", "ws"], ["--jobs", "x", "ws"], ["--plain", "ws"], ["gone"]):
        assert not begun(words, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setenv("FN_TUI_THEME", "nord")
        assert not begun(["ws"], patch)
    (here / "ws/.fn-tui.toml").write_text("ascii = true\n")  # it is asked about
    assert not begun(["ws"], monkeypatch)
    (here / "ws/.fn-tui.toml").unlink()
    (here / "fn-tui").mkdir()
    (here / "fn-tui/settings.toml").write_text("")
    assert not begun(["ws"], monkeypatch)


def test_no_subcommand_is_taken_for_a_workspace(here: Path) -> None:
    for name in COMMANDS:
        (here / name).mkdir(exist_ok=True)
        assert early.opening_of([name]) is None

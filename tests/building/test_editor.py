from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.editor import EditorCommand, editor_command

FILE = Path("/w/my fn/function.go")


def found(program: str) -> str | None:
    return f"/usr/bin/{program}"


def command(editor: str, line: int | None = 5, column: int | None = 14, setting: str = "") -> EditorCommand:
    made = editor_command(FILE, line, column, setting=setting, environment={"EDITOR": editor}, find=found)
    assert isinstance(made, EditorCommand), made
    return made


@pytest.mark.parametrize(
    ("editor", "argv"),
    [
        ("vim", ("vim", "+call cursor(5,14)", str(FILE))),
        ("nvim", ("nvim", "+call cursor(5,14)", str(FILE))),
        ("/usr/bin/vim -u NONE", ("/usr/bin/vim", "-u", "NONE", "+call cursor(5,14)", str(FILE))),
        ("vi", ("vi", "+5", str(FILE))),
        ("nano", ("nano", "+5,14", str(FILE))),
        ("emacs -nw", ("emacs", "-nw", "+5:14", str(FILE))),
        ("emacsclient -t", ("emacsclient", "-t", "+5:14", str(FILE))),
        ("hx", ("hx", f"{FILE}:5:14")),
        ("helix", ("helix", f"{FILE}:5:14")),
        ("micro", ("micro", "+5:14", str(FILE))),
        ("kak", ("kak", "+5:14", str(FILE))),
        ("code --wait", ("code", "--wait", "--goto", f"{FILE}:5:14")),
        ("codium", ("codium", "--goto", f"{FILE}:5:14")),
        ("zed", ("zed", f"{FILE}:5:14")),
        ("subl", ("subl", f"{FILE}:5:14")),
        ("idea", ("idea", "--line", "5", "--column", "14", str(FILE))),
        ("goland", ("goland", "--line", "5", "--column", "14", str(FILE))),
    ],
)
def test_known_editors(editor: str, argv: tuple[str, ...]) -> None:
    made = command(editor)
    assert made.argv == argv
    assert made.at_place


@pytest.mark.parametrize(
    ("editor", "takes"),
    [("vim", True), ("nano", True), ("code", False), ("zed", False), ("emacsclient -n", False), ("odd", True)],
)
def test_who_takes_the_terminal(editor: str, takes: bool) -> None:
    assert command(editor).takes_terminal is takes


def test_without_a_place_the_file_alone() -> None:
    assert command("vim", None, None).argv == ("vim", str(FILE))
    assert command("nano", 3, None).argv == ("nano", "+3,1", str(FILE))


def test_an_unknown_editor_gets_the_file_and_says_so() -> None:
    made = command("odd")
    assert made.argv == ("odd", str(FILE))
    assert not made.at_place


def test_a_template_is_for_the_rest() -> None:
    made = command("vim", setting="odd --at={line}.{column} '{file}'")
    assert made.argv == ("odd", "--at=5.14", str(FILE))
    assert made.at_place


def test_a_file_name_with_braces_stays_as_it_is() -> None:
    made = editor_command(Path("/w/{line}"), 5, 1, setting="odd {file}:{line}", environment={}, find=found)
    assert isinstance(made, EditorCommand)
    assert made.argv == ("odd", "/w/{line}:5")


def test_the_order_of_sources() -> None:
    environment = {"VISUAL": "nano", "EDITOR": "vi"}
    made = editor_command(FILE, environment=environment, setting="hx", find=found)
    assert isinstance(made, EditorCommand)
    assert made.argv[0] == "hx"
    made = editor_command(FILE, environment=environment, find=found)
    assert isinstance(made, EditorCommand)
    assert made.argv[0] == "nano"
    made = editor_command(FILE, environment={"VISUAL": " "}, find=lambda name: "/bin/vi" if name == "vi" else None)
    assert isinstance(made, EditorCommand)
    assert made.argv == ("vi", str(FILE))


@pytest.mark.parametrize(
    ("setting", "words"),
    [("vim 'unclosed", "cannot be read"), ("nothere", "no such program"), ("", "no editor"), ("''", "no such program")],
)
def test_what_is_wrong_is_a_sentence(setting: str, words: str) -> None:
    made = editor_command(FILE, setting=setting, environment={}, find=lambda _name: None)
    assert isinstance(made, str)
    assert words in made


@given(st.text(max_size=30), st.integers(1, 10**6), st.integers(1, 10**6))
def test_any_setting(setting: str, line: int, column: int) -> None:
    made = editor_command(FILE, line, column, setting=setting, environment={}, find=found)
    assert isinstance(made, str) or made.argv

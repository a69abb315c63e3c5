from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.panes.empty_state import empty_lines
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain
from tui.text import printable
from tui.workspace.function import FindProblem


def text_of(*problems: FindProblem, searching: bool = False, ascii_only: bool = False) -> str:
    return "\n".join(plain(line) for line in empty_lines("~/fns", problems, searching, Glyphs(ascii_only)))


def test_an_empty_folder_teaches_what_a_function_is() -> None:
    text = text_of()
    assert "No functions here" in text
    assert "None lies in or below ~/fns" in text
    assert "a  make one here" in text


def test_what_could_not_be_read_below_it_is_said() -> None:
    assert "▲ private: permission denied" in text_of(FindProblem("private", "permission denied"))


@pytest.mark.parametrize("why", ["no such folder, or it vanished during the search", "permission denied"])
def test_a_workspace_that_is_gone_is_not_called_empty(why: str) -> None:
    text = text_of(FindProblem(".", why))
    assert "The workspace cannot be read" in text
    assert why in text
    assert "No functions" not in text
    assert "make one here" not in text
    assert "r  look again" in text


def test_while_it_searches_nothing_is_claimed() -> None:
    assert text_of(searching=True) == "Looking for functions in ~/fns"


@given(st.text(max_size=300), st.text(max_size=300), st.booleans())
def test_it_is_harmless_whatever_the_names(workspace: str, message: str, ascii_only: bool) -> None:
    for path in (".", "sub"):
        for line in empty_lines(workspace, [FindProblem(path, message)], False, Glyphs(ascii_only)):
            assert plain(line) == printable(plain(line))
            assert not ascii_only or plain(line).isascii()

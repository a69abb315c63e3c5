"""State: kept whole, and never missed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disks import fill
from tui.settings.state import WORKSPACES_KEPT, State, load_state, save_state, state_path


def test_what_is_saved_is_remembered(tmp_path: Path) -> None:
    state = State(theme="nord").with_size("list", 40).with_last(tmp_path, "echo")
    assert save_state(state) is None
    assert load_state() == (state, None)
    assert load_state()[0].last_function(tmp_path) == "echo"
    assert [path.name for path in state_path().parent.iterdir()] == ["state.json"]


def test_nothing_remembered_is_no_error() -> None:
    assert load_state() == (State(), None)


def test_the_oldest_workspaces_are_forgotten() -> None:
    state = State()
    for number in range(WORKSPACES_KEPT + 5):
        state = state.with_last(Path(f"/w{number}"), "f")
    state = state.with_last(Path("/w5"), "g")
    assert len(state.last) == WORKSPACES_KEPT
    assert state.last_function(Path("/w4")) is None
    assert state.last_function(Path("/w5")) == "g"
    assert list(state.last)[-1] == "/w5"


@pytest.mark.parametrize("source", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b" " * 1_000_001])
def test_a_damaged_file_is_survived_with_a_word(source: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(source)
    state, sentence = load_state(path)
    assert state == State()
    assert sentence is not None
    assert "is damaged" in sentence
    assert save_state(State(theme="nord"), path) is None
    assert load_state(path) == (State(theme="nord"), None)


def test_entries_of_a_wrong_type_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"theme": 1, "sizes": {"a": 3, "b": "x", "c": true, "d": -1}, "last": {"/w": "echo", "/v": 2}}')
    assert load_state(path) == (State(sizes={"a": 3}, last={"/w": "echo"}), None)


def test_a_folder_in_its_place_is_survived_with_a_word(tmp_path: Path) -> None:
    state, sentence = load_state(tmp_path)
    assert state == State()
    assert sentence is not None
    assert "cannot be read" in sentence
    (tmp_path / "file").write_text("")
    below_a_file = save_state(State(), tmp_path / "file" / "state.json")
    assert below_a_file is not None
    assert "cannot write" in below_a_file
    assert "Not a directory: sizes and theme will not be remembered" in below_a_file


def test_a_failed_write_leaves_the_old_file_and_no_other(small_disk: Path) -> None:
    path = small_disk / "state.json"
    save_state(State(theme="old"), path)
    fill(small_disk)
    sentence = save_state(State(theme="new"), path)
    assert sentence is not None
    assert "No space left on device" in sentence
    assert sorted(entry.name for entry in small_disk.iterdir()) == ["filling", "state.json"]
    assert load_state(path)[0].theme == "old"


@given(source=st.binary(max_size=200))
def test_no_file_is_fatal(source: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any-state.json"
    path.write_bytes(source)
    state, sentence = load_state(path)
    assert sentence is None or state == State()

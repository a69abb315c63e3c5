"""State: kept whole, and never missed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.settings.state import FOLDED_KEPT, WORKSPACES_KEPT, Remembered, State, load_state, save_state
from tui.settings.xdg import state_home


def test_what_is_saved_is_remembered(tmp_path: Path) -> None:
    state = State(theme="nord").with_sizes(tmp_path, {"list": 40}).with_last(tmp_path, "echo")
    assert save_state(state) is None
    assert load_state() == (state, None)
    assert load_state()[0].of(tmp_path) == Remembered("echo", {"list": 40})
    assert load_state()[0].of(tmp_path / "other") == Remembered()
    assert sorted(path.name for path in state_home().iterdir()) == [".state.lock", "state.json"]


def test_two_screens_keep_what_each_of_them_changed(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert save_state(State().with_last(one, "a").with_last(other, "b")) is None
    before = load_state()[0]
    assert save_state(before.with_last(one, "c")._replace(theme="nord"), before) is None
    assert save_state(before.with_last(other, "d"), before) is None
    known = load_state()[0]
    assert (known.theme, known.of(one).last, known.of(other).last) == ("nord", "c", "d")


def test_nothing_remembered_is_no_error() -> None:
    assert load_state() == (State(), None)


def test_the_oldest_workspaces_are_forgotten() -> None:
    state = State()
    for number in range(WORKSPACES_KEPT + 5):
        state = state.with_last(Path(f"/w{number}"), "f")
    state = state.with_last(Path("/w5"), "g")
    assert len(state.workspaces) == WORKSPACES_KEPT
    assert state.of(Path("/w4")).last is None
    assert state.of(Path("/w5")).last == "g"
    assert list(state.workspaces)[-1] == "/w5"


def test_the_workspace_that_was_opened_last_is_the_most_recent_though_nothing_in_it_is_another() -> None:
    folders = [Path(f"/w{number}") for number in range(3)]
    state = State()
    for folder in folders:
        state = state.with_last(folder, "f")
    assert save_state(state) is None
    before = load_state()[0]
    assert [*before.recent(folders[2])] == [folders[1], folders[0]]
    assert save_state(before.with_last(folders[0], "f"), before) is None
    known = load_state()[0]
    assert known.latest == "/w0"
    assert [*known.recent(Path("/another"))] == [folders[0], folders[2], folders[1]]
    assert known.workspaces == before.workspaces


def test_a_compiler_chosen_on_screen_holds_as_long_as_the_settings_say_the_same() -> None:
    here = Path("/w")
    state = State().with_compiler(here, "go", "tinygo")
    assert save_state(state) is None
    state = load_state()[0]
    assert state.compiler(here, "tinygo") == "go"
    assert state.compiler(here, "other") == "other"
    assert state.compiler(Path("/v"), "tinygo") == "tinygo"
    assert state.with_compiler(here, "tinygo", "tinygo").of(here).compiler is None


def test_how_the_list_is_arranged_is_remembered(tmp_path: Path) -> None:
    state = State().with_list(tmp_path, "state", True, {"shop/", "a/"})
    assert save_state(state) is None
    known = load_state()[0].of(tmp_path)
    assert (known.sort, known.flat, known.folded) == ("state", True, ("a/", "shop/"))
    many = State().with_list(tmp_path, "path", False, (f"{number:05}/" for number in range(1000)))
    assert len(many.of(tmp_path).folded) == FOLDED_KEPT


@pytest.fixture
def file() -> Path:
    """Where the state lies; its folder is there."""
    state_home().mkdir(parents=True, exist_ok=True)
    return state_home() / "state.json"


@pytest.mark.parametrize("source", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b" " * 1_000_001])
def test_a_damaged_file_is_survived_with_a_word(source: bytes, file: Path) -> None:
    file.write_bytes(source)
    state, sentence = load_state()
    assert state == State()
    assert sentence is not None
    assert "is damaged" in sentence
    assert save_state(State(theme="nord")) is None
    assert load_state() == (State(theme="nord"), None)


def test_a_file_from_before_versions_is_read_and_entries_of_a_wrong_type_are_left_out(file: Path) -> None:
    file.write_text('{"theme": 1, "sizes": {"a": 3, "b": "x", "c": true, "d": -1}, "last": {"/w": "echo", "/v": 2}}')
    old = {"/w": Remembered("echo", {"a": 3}), "/v": Remembered(None, {"a": 3})}
    assert load_state() == (State(workspaces=old), None)


def test_a_folder_in_its_place_is_survived_with_a_word(file: Path) -> None:
    file.mkdir()
    state, sentence = load_state()
    assert state == State()
    assert sentence is not None
    assert "cannot read the state" in sentence
    not_kept = save_state(State())
    assert not_kept is not None
    assert "will not be remembered" in not_kept


@given(source=st.binary(max_size=200))
def test_no_file_is_fatal(source: bytes) -> None:
    state_home().mkdir(parents=True, exist_ok=True)
    (state_home() / "state.json").write_bytes(source)
    state, sentence = load_state()
    assert sentence is None or state == State()

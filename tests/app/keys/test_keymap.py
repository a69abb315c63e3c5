from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.keys.actions import ACTIONS, action_by_id
from tui.app.keys.keymap import parse_key, read_keymap
from tui.settings.keys import BY_NAME
from tui.settings.settings import load_settings

DEFAULTS = {action.id: action.keys for action in ACTIONS}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("b", "b"),
        ("B", "B"),
        ("?", "question_mark"),
        ("/", "slash"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("Ctrl+P", "ctrl+p"),
        ("F5", "f5"),
        ("esc", "escape"),
        ("pgdn", "pagedown"),
        ("shift+tab", "shift+tab"),
        (" ", "space"),
        ("question_mark", "question_mark"),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, key: str) -> None:
    assert parse_key(written) == key


@pytest.mark.parametrize("written", ["", "nonsense", "hyperspace+b", "f99", "\x1b", "ctrl+", "b c"])
def test_what_is_no_key_is_refused(written: str) -> None:
    assert parse_key(written) is None


def test_an_unknown_id_is_said_with_the_nearest() -> None:
    keymap = read_keymap({"biuld": ["b"]})
    assert keymap.problems == ("keys: there is no action 'biuld'; did you mean 'build'?",)
    assert keymap.changed == {}


def test_a_key_that_is_none_leaves_the_default() -> None:
    keymap = read_keymap({"build": ["nonsense"], "watch": []})
    assert len(keymap.problems) == 2
    assert keymap.changed == {}


def test_a_clash_leaves_the_default() -> None:
    keymap = read_keymap({"build": ["q"]})
    assert keymap.problems == ("keys: q of build is that of quit too; the default stays",)
    assert action_by_id("build", keymap.actions) == action_by_id("build")


def test_two_actions_can_swap_their_keys() -> None:
    keymap = read_keymap({"build": ["B"], "build-stale": ["b"]})
    assert keymap.problems == ()
    assert keymap.changed == {"build": ("B",), "build-stale": ("b",)}


def test_a_freed_key_can_be_used() -> None:
    keymap = read_keymap({"quit": ["ctrl+q"], "build": ["q"]})
    assert keymap.problems == ()


def test_an_action_of_one_place_may_have_the_key_of_another_place() -> None:
    keymap = read_keymap({"log-follow": ["space"]})  # space marks, in the list
    assert keymap.problems == ()


@given(
    st.dictionaries(st.sampled_from(sorted(DEFAULTS)) | st.text(max_size=8), st.lists(st.text(max_size=9), max_size=3))
)
def test_whatever_is_written_no_key_reaches_two_actions(wanted: dict[str, list[str]]) -> None:
    keymap = read_keymap(wanted)
    assert len(keymap.actions) == len(ACTIONS)
    for action in keymap.actions:
        for other in keymap.actions:
            if other.id != action.id and (other.where == action.where or "anywhere" in (other.where, action.where)):
                assert not set(action.keys) & set(other.keys)


def test_a_problem_begins_with_the_place_where_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('bell = true\n[keys]\nbuild = "nokey!"\nnothing = "x"\n')
    settings, problems = load_settings(file=file)
    assert problems == ()
    read = read_keymap(settings.keys, settings.key_places)
    assert read.problems[0].startswith(f"{file}:3: keys: build: 'nokey!' is no key")
    assert read.problems[1].startswith(f"{file}:4: keys: there is no action 'nothing'")


def test_the_example_of_the_readme_works() -> None:
    action, keys = next(iter(tomllib.loads(BY_NAME["keys"].example).items()))
    keymap = read_keymap({action: keys})
    assert keymap.problems == ()
    assert keymap.changed == {action: tuple(keys)}

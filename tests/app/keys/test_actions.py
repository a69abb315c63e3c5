from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.keys.actions import ACTIONS, GROUPS, action_by_id, key_reference, key_word, keys_word, with_keys
from tui.app.keys.keymap import read_keymap
from tui.app.options import ScreenOptions
from tui.app.panes.panes import KINDS
from tui.app.shell.app import FnTui
from tui.gateway.contract.reading import load_contract

README = Path(__file__).parents[3] / "README.md"


def test_no_key_reaches_two_actions_from_one_place() -> None:
    for action in ACTIONS:
        for other in ACTIONS:
            if other is not action and "anywhere" in (action.where, other.where):
                assert not set(action.keys) & set(other.keys), (action.id, other.id)


def test_ids_are_unique_and_every_action_is_explained() -> None:
    ids = [action.id for action in ACTIONS]
    assert len(ids) == len(set(ids))
    assert all(action.label and action.help and action.keys and action.group in GROUPS for action in ACTIONS)


async def test_every_action_is_done_somewhere_and_nothing_else_is(tmp_path: Path) -> None:
    app = FnTui(ScreenOptions(tmp_path, remember=False), load_contract())
    async with app.run_test():
        main, tools = app.main, app.main.boxes.tools
        places = [main.boxes.functions, *(kind.make(tools) for kind in KINDS.values())]
        done = {*main.dispatch.screen, *(action for place in places for action in place.handlers())}
        assert done == {action.id for action in ACTIONS}


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("question_mark", "?"),
        ("ctrl+p", "ctrl+p"),
        ("f10", "F10"),
        ("down", "↓"),
        ("less_than_sign", "<"),
        ("shift+up", "shift+↑"),
    ],
)
def test_keys_are_written_as_people_write_them(key: str, word: str) -> None:
    assert key_word(key) == word


def test_keys_can_be_written_in_ascii() -> None:
    assert all(keys_word(action, ascii_only=True).isascii() for action in ACTIONS)


def test_with_keys_replaces_only_what_is_named() -> None:
    changed = with_keys({"build": ("f5",)})
    build = action_by_id("build", changed)
    assert build is not None
    assert build.keys == ("f5",)
    assert [a for a in changed if a.id != "build"] == [a for a in ACTIONS if a.id != "build"]


def test_the_key_reference_names_each_action_once() -> None:
    reference = key_reference()
    assert all(reference.count(f"| `{action.id}` |") == 1 for action in ACTIONS)


def test_the_readme_has_the_key_reference_of_now() -> None:
    text = README.read_text(encoding="utf-8")
    if "<!-- keys -->" not in text:
        pytest.skip("the README has no key reference yet")
    inside = text.split("<!-- keys -->")[1].split("<!-- /keys -->")[0]
    assert inside.strip() == key_reference()


def test_a_remapped_key_moves_through_everything() -> None:
    keymap = read_keymap({"build": ("f5",)})
    assert keymap.problems == ()
    assert keymap.changed == {"build": ("f5",)}

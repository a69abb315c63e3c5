from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.flows.emulator import Emulator
from tui.app.frame.plain import ASCII, ROLES, names_in, put_in_place, unknown
from tui.app.terminal.early.kept import drawing
from tui.workspace.find import find_functions

LOOK = dict.fromkeys(ROLES, "")
FILES = st.sampled_from(["function.yaml", "function.go", "main.go"])
NAMES = st.sampled_from(["a", "b-c", "b", ".git", "vendor", "node_modules", "é"])
TREES = st.lists(st.tuples(st.lists(NAMES, max_size=4), FILES), max_size=12)


def rows_shown(root: Path, columns: int, rows: int, look: dict[str, str] = LOOK, **how: bool) -> list[str]:
    terminal = Emulator(rows, columns)
    terminal.feed(drawing(put_in_place(unknown(str(root), look), (columns, rows), from_top=how.get("from_top", True))))
    return [row.rstrip() for row in terminal.text]


def function(root: Path, *names: str) -> None:
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / "function.yaml").write_text("name: x\n")


@given(tree=TREES)
def test_the_names_are_those_that_the_search_finds(
    tmp_path_factory: pytest.TempPathFactory, tree: list[tuple[list[str], str]]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for folders, file in tree:
        folder = root.joinpath(*folders)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("")
    assert names_in(str(root), 60) == [found.path for found in find_functions(root)[0]]


def test_where_a_link_leads_on_or_time_is_up_no_names_are_shown(tmp_path: Path) -> None:
    function(tmp_path / "ws", "a")
    assert names_in(str(tmp_path / "ws"), -1) is None
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ws/link").symlink_to(tmp_path / "elsewhere")
    assert names_in(str(tmp_path / "ws"), 60) is None
    assert "looking for functions" in rows_shown(tmp_path / "ws", 500, 20)[0]
    assert names_in(str(tmp_path / "gone"), 60) is None


def test_header_and_names_stand_where_the_list_has_them(tmp_path: Path) -> None:
    function(tmp_path, "shop/fn/order", "shop/fn/ledger", "wallet")
    shown = rows_shown(tmp_path, 500, 20)
    assert shown[0] == f" fn-tui {tmp_path}   3 functions  … 3 reading"
    assert shown[1:7] == ["", "  ▾ shop/fn", "    … ledger", "    … order", "  … wallet", ""]
    assert rows_shown(tmp_path, 40, 20)[0] == " fn-tui"
    assert rows_shown(tmp_path, 40, 10)[:3] == ["", "  ▾ shop/fn", "    … ledger"]  # low: no header
    assert rows_shown(tmp_path, 500, 20, LOOK | {ASCII: ""})[2:4] == ["  v shop/fn", "    . ledger"]


def test_rows_for_which_there_is_no_room_are_left_out(tmp_path: Path) -> None:
    function(tmp_path, *(f"f{number:02}" for number in range(30)))
    shown = rows_shown(tmp_path, 100, 20)
    assert [row for row in shown[1:] if row] == [f"  … f{number:02}" for number in range(16)]
    assert not any(rows_shown(tmp_path, 100, 20, from_top=False)[1:])
    assert [row for row in rows_shown(tmp_path, 100, 40, from_top=False)[1:] if row][-1] == "  … f29"


def test_a_long_name_is_shown_as_far_as_the_list_has_it_in_any_case(tmp_path: Path) -> None:
    function(tmp_path, "x" * 90)
    row = rows_shown(tmp_path, 100, 20)[2]
    assert row.startswith("  … xxxx")
    assert len(row) < 20


def test_no_name_moves_the_cursor(tmp_path: Path) -> None:
    function(tmp_path, "a\x1b[2Jb", "c\u202ed\ne")
    made = drawing(put_in_place(unknown(str(tmp_path), LOOK), (80, 24), from_top=True))
    assert b"\x1b[2J" not in made
    assert "\u202e".encode() not in made
    assert b"\\e[2J" in made
    assert os.fsencode("\n") not in made

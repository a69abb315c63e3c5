from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.app.records import building, built, ended, record, refused
from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.app.desk.standing import state_of
from tui.app.functions.list_rows import RowContext, folder_row, function_row
from tui.app.functions.tree import Node, grow
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.lines.states import State
from tui.text import printable
from tui.workspace.function import Function

WIDE = 100


def row(shown: FunctionRecord, width: int = 34, *, ascii_only: bool = False, level: int = 0, **more: object) -> str:
    context = RowContext(Glyphs(ascii_only), width, now=10.0, **more)  # type: ignore[arg-type]
    return plain(function_row(Node(shown.path, shown.path, level), shown, state_of(shown), context))


def folder(states: dict[str, State], width: int = 34, **more: object) -> str:
    tree = grow(sorted(states))
    tree.count(states)
    return plain(folder_row(tree.top[0], RowContext(Glyphs(), width, now=1.0, **more)))  # type: ignore[arg-type]


def test_a_row_has_sign_name_size_and_mode() -> None:
    assert row(built("echo")) == " ✓ echo                 82 KB cmd "


def test_the_mode_is_marked_where_another_is_needed(persistent_command: bytes) -> None:
    from tui.gateway.contract.reading import load_contract
    from tui.gateway.life.life import life
    from tui.wasm.decode.decode import decode
    from tui.workspace.function import FunctionConfig

    module = decode(persistent_command)
    config = FunctionConfig("chat", ws_persistent=True)
    wrong = replace(built("chat", "blocked"), module=module, life=life(config, module, load_contract()))
    assert row(wrong).endswith("cmd!")


def test_a_build_shows_its_time_and_what_is_to_be_expected() -> None:
    assert row(building(built("ledger"), started=6.0, expected=12.0)).endswith("4 s ~12 s ")
    assert "SIGINT 2 s" in row(
        replace(built("x"), progress=BuildProgress("cancelling", signal="SIGINT", deadline=12.0))
    )
    assert "queued 3" in row(replace(built("x"), progress=BuildProgress("queued", 3)))


def test_a_wide_row_says_what_is_wrong() -> None:
    assert (
        row(refused("digest"), WIDE + 10, name_width=12)
        .rstrip()
        .endswith("function.yaml refused: line 3: failed to parse function.yaml: yaml: line 3")
    )
    assert row(built("chat", "blocked"), WIDE).rstrip().endswith("every export traps")
    assert row(built("echo"), WIDE).rstrip().endswith("ready")


def test_names_go_before_what_stands_behind_them() -> None:
    assert row(built("a-name-of-20-letters"), 38).endswith("a-name-of-20-letters     82 KB cmd ")
    assert row(built("a-name-of-20-letters"), 32) == " ✓ a-name-of-20-letters     cmd "
    assert row(built("a-name-of-20-letters"), 24).rstrip() == " ✓ a-name-of-20-letters"
    assert row(building(built("a-name-of-20-letters"), started=6.0, expected=12.0), 32).endswith("4 s ")


def test_a_path_that_is_too_long_keeps_its_start_and_its_last_part() -> None:
    assert "shop/eu…/ledger" in row(built("shop/eu/functions/ledger"), 18)
    assert "bank/eu…/ledger" in row(built("bank/eu/functions/ledger"), 18)
    assert "a-func…g-name" in row(built("a-function-with-a-long-name"), 16)


def test_a_row_stands_below_its_folder_and_deep_ones_keep_room_for_their_names() -> None:
    assert row(built("echo"), level=2) == "     ✓ echo             82 KB cmd "
    assert "echo" in row(built("echo"), 20, level=30)


def test_a_folder_sums_up_what_is_in_it() -> None:
    well: dict[str, State] = {"shop/a": "ready", "shop/b": "ready"}
    assert folder(well) == " ▾ shop                       2 ✓ "
    assert folder(well, folded=True, cursor=True).startswith("▌▸ shop")
    mixed: dict[str, State] = {**well, "shop/c": "failed", "shop/d": "refused", "shop/e": "warnings", "shop/f": "stale"}
    assert folder(mixed).endswith("6 ✗2 ▲1 ↻1 ")
    assert folder(mixed, 18) == " ▾ shop  ✗2 ▲1 ↻1 "  # first the total goes
    assert folder(mixed, 13) == " ▾ shop 6 ✗2 "
    assert folder({**well, "shop/c": "reading"}).endswith("3 …1 ")
    assert folder(mixed, marked=6).startswith("◆")
    assert folder(mixed, marked=1).startswith("◇")


def test_the_folders_of_a_chain_are_dim_and_what_a_filter_found_is_lit() -> None:
    tree = grow(["shop/eu/order"])
    context = RowContext(Glyphs(), 40, now=1.0, hit=frozenset({5, 8, 9}))
    parts = function_row(tree.top[0], built("shop/eu/order"), "ready", context)
    assert [(part.text, part.role) for part in parts[4:9]] == [
        ("shop/", "muted"),
        ("e", "muted found"),
        ("u/", "muted"),
        ("or", "found"),
        ("der", ""),
    ]


def test_mark_and_cursor_have_signs() -> None:
    assert row(replace(record(), marked=True)).startswith("◆")
    assert row(record(), cursor=True).startswith("▌")


NAMES = st.text(min_size=1, max_size=60).filter(lambda text: "/" not in text)


@pytest.mark.parametrize("ascii_only", [False, True])
@given(name=NAMES, width=st.integers(1, 130), message=st.text(max_size=80))
def test_hostile_text_never_breaks_a_row(ascii_only: bool, name: str, width: int, message: str) -> None:
    node = Node(name, name, len(message) % 7)
    for shown in (built(name, "blocked"), refused(name, message), ended(built(name)), building(record(name))):
        line = function_row(node, shown, state_of(shown), RowContext(Glyphs(ascii_only), width, now=1.0))
        text = plain(line)
        assert width_of(line) <= width
        assert text == printable(text)
        assert cell_len(text) <= width
        assert not ascii_only or text.isascii()


@pytest.mark.parametrize("ascii_only", [False, True])
def test_what_is_not_confirmed_is_marked(ascii_only: bool) -> None:
    shown = FunctionRecord(Function("shop/order", Path("shop/order"), has_yaml=True, has_go=True))
    for width in (14, 24, 40, 100):
        context = RowContext(Glyphs(ascii_only), width, now=1.0)
        line = function_row(Node(shown.path, shown.path, 0), shown, "reading", context, "blocked")
        assert width_of(line) <= width
        assert plain(line).strip().startswith("x" if ascii_only else "✗")
        assert ("blocked?" in plain(line)) == (width >= 24)
        assert {part.role for part in line if "blocked" in part.text} <= {"faint"}
        known = function_row(Node(shown.path, shown.path, 0), shown, "unbuilt", context, "blocked")
        assert "blocked" not in plain(known)

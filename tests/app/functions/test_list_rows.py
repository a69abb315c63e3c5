from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.app.records import building, built, ended, record, refused
from tui.app.desk.record import BuildProgress, FunctionRecord
from tui.app.functions.list_rows import RowContext, filtered, function_row, matches
from tui.app.functions.standing import state_of
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.text import printable

WIDE = 100


def row(shown: FunctionRecord, width: int = 34, *, ascii_only: bool = False, **more: object) -> str:
    context = RowContext(Glyphs(ascii_only), width, now=10.0, **more)  # type: ignore[arg-type]
    return plain(function_row(shown, state_of(shown), context))


def test_a_row_has_sign_name_size_and_mode() -> None:
    assert row(built("echo")) == " ✓ echo                 82 KB cmd "


def test_the_mode_is_marked_where_another_is_needed(persistent_command: bytes) -> None:
    from tui.gateway.contract.contract import load_contract
    from tui.gateway.life.life import life
    from tui.wasm.decode.decode import decode
    from tui.workspace.model import FunctionConfig

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
        row(refused("digest"), WIDE, name_width=12)
        .rstrip()
        .endswith("function.yaml:3: failed to parse function.yaml: yaml: line 3")
    )
    assert row(built("chat", "blocked"), WIDE).rstrip().endswith("every export traps")
    assert row(built("echo"), WIDE).rstrip().endswith("ready")


def test_a_path_that_is_too_long_keeps_its_start_and_its_last_part() -> None:
    assert "shop/eu/…/ledger" in row(built("shop/eu/functions/ledger"), 32)
    assert "bank/eu/…/ledger" in row(built("bank/eu/functions/ledger"), 32)
    assert "a-func…g-name" in row(built("a-function-with-a-long-name"), 29)


def test_paths_are_cut_alike_whatever_stands_beside_them() -> None:
    shown = built("shop/eu/functions/ledger")
    assert all("shop/eu/…/ledger" in row(each, 32) for each in (shown, building(shown), ended(shown)))


def test_mark_and_cursor_have_signs() -> None:
    assert row(replace(record(), marked=True)).startswith("◆")
    assert row(record(), cursor=True).startswith("▌")


NAMES = st.text(min_size=1, max_size=60).filter(lambda text: "/" not in text)


@pytest.mark.parametrize("ascii_only", [False, True])
@given(name=NAMES, width=st.integers(1, 130), message=st.text(max_size=80))
def test_hostile_text_never_breaks_a_row(ascii_only: bool, name: str, width: int, message: str) -> None:
    for shown in (built(name, "blocked"), refused(name, message), ended(built(name)), building(record(name))):
        line = function_row(shown, state_of(shown), RowContext(Glyphs(ascii_only), width, now=1.0))
        text = plain(line)
        assert width_of(line) <= width
        assert text == printable(text)
        assert cell_len(text) <= width
        assert not ascii_only or text.isascii()


def test_a_filter_takes_words_in_any_order_and_case_only_where_asked() -> None:
    paths = ["shop/Order", "shop/ledger", "chat"]
    assert filtered(paths, "order shop") == ["shop/Order"]
    assert filtered(paths, "Order") == ["shop/Order"]
    assert filtered(paths, "LEDGER") == []
    assert filtered(paths, "  ") == paths
    assert matches("a/b", "b a")

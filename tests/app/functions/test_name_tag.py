from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.app.functions.name_tag import tag_line
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.lines.states import STATES, State
from tui.text import printable


def test_of_a_long_path_the_last_part_is_kept() -> None:
    assert plain(tag_line("shop/functions/ledger", "stale", Glyphs(), 24)) == " ↻ shop/functi…/ledger │"
    assert plain(tag_line("chat", "blocked", Glyphs(), 24)) == " ✗ chat │"


@given(st.text(max_size=80), st.sampled_from(sorted(STATES)), st.integers(6, 80), st.booleans())
def test_it_fits_and_is_harmless(path: str, state: State, width: int, ascii_only: bool) -> None:
    line = tag_line(path, state, Glyphs(ascii_only), width)
    assert width_of(line) <= width
    assert plain(line) == printable(plain(line))
    assert not ascii_only or plain(line).isascii()

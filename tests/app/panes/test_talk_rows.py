from __future__ import annotations

import pytest

from tui.app.desk.running.talk import TalkView
from tui.app.panes.run.talk_rows import head_line
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import width_of

WHOLE = ("● session 2", "open", "1 →  12 ←", "3 waiting", "2.4 MB")


def head(width: int) -> str:
    view = TalkView(2, "open", (), frames_in=1, frames_out=12, hidden=0, waiting=3, memory=2_400_000)
    line = head_line(view, Glyphs(), width, active=True)
    assert width_of(line) <= width
    return "".join(part.text for part in line)


@pytest.mark.parametrize("width", range(18, 60))
def test_no_figure_of_a_session_is_cut(width: int) -> None:
    told = [word for word in head(width).split("   ") if word]
    assert tuple(told) == WHOLE[: len(told)]
    assert told == list(WHOLE) or width < width_of_next(len(told))


def width_of_next(count: int) -> int:
    return len("   ".join(WHOLE[: count + 1]))

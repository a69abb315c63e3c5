"""Header, footer and the edges of boxes: lines that must fit whatever the width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.colours.roles import Part
from tui.app.desk.standing import Counts
from tui.app.frame.footer import FooterFacts, footer_actions, footer_line
from tui.app.frame.header import HeaderFacts, header_line
from tui.app.frame.title_bar import TitleBar
from tui.app.keys.actions import ACTIONS, key_word
from tui.app.panes.panes import LOGS
from tui.app.panes.panes import TABS as TABS_OF_DETAIL
from tui.app.rows.glyphs import Glyphs
from tui.app.rows.lines import plain, width_of
from tui.app.rows.tabs import Tab, tab_line
from tui.text import printable

COUNTS = Counts({"ready": 9, "warnings": 2, "blocked": 1, "stale": 1, "failed": 3})
FACTS = HeaderFacts("~/chat/functions", COUNTS, compiler="TinyGo 0.35.0 · Go 1.23.9", watching=True)
TABS = [
    Tab(str(n), label, label[:4], str(n)) for n, label in enumerate(("Overview", "Config", "Verdict", "Sections"), 1)
]


def test_the_header_tells_all_where_there_is_room() -> None:
    text = plain(header_line(FACTS, Glyphs(), 140))
    assert text.startswith(" fn-tui ~/chat/functions   16 functions  ✓ 9  ▲ 2  ✗ 1 blocked  ✗ 3 failed  ↻ 1 stale")
    assert text.rstrip().endswith("TinyGo 0.35.0 · Go 1.23.9   ● watching")


def test_the_header_at_80_keeps_the_counts_and_watch() -> None:
    text = plain(header_line(FACTS, Glyphs(), 80))
    assert "✗ 4  ↻ 1" in text  # blocked and failed are told apart by words only
    assert text.count("✗") == 1
    assert "watching" in text
    assert len(text) == 80


def test_the_header_shortens_the_counts_before_it_drops_the_compiler() -> None:
    many = Counts({"ready": 9, "blocked": 1, "failed": 3, "refused": 2, "stale": 12, "unbuilt": 10, "building": 1})
    facts = HeaderFacts("~/chat/functions", many, compiler="Go 1.27.3 (stand-in)", compiler_role="warn", watching=True)
    text = plain(header_line(facts, Glyphs(), 120))
    assert "Go 1.27.3 (stand-in)   ● watching" in text
    assert "✗ 6  ↻ 12" in text
    assert "Go 1.27.3 (stand-in)" in plain(header_line(facts, Glyphs(), 108))


@given(st.integers(0, 200), st.text(max_size=100), st.booleans())
def test_the_header_fits_any_width(width: int, workspace: str, ascii_only: bool) -> None:
    facts = HeaderFacts(workspace, COUNTS, compiler="TinyGo 0.35.0")
    line = header_line(facts, Glyphs(ascii_only), width)
    assert width_of(line) <= max(width, 0)
    assert plain(line) == printable(plain(line))
    assert not ascii_only or plain(line).isascii()


@pytest.mark.parametrize("where", ["list", "log", "overview", "verdict"])
@pytest.mark.parametrize("width", [1, 10, 40, 80, 120, 200])
def test_the_footer_never_cuts_a_key(where: str, width: int) -> None:
    actions = footer_actions(ACTIONS, where)
    line, places = footer_line(actions, Glyphs(), width)
    assert plain(line).rstrip().endswith(("? Keys", "? Keys  q Quit"))
    assert width_of(line) <= max(width, width_of(footer_line(actions[-1:], Glyphs(), 1)[0]))
    for start, end, action_id in places:
        action = next(action for action in ACTIONS if action.id == action_id)
        assert plain(line)[start:end].endswith(action.label)


def test_the_footer_at_80_has_what_matters_most() -> None:
    text = plain(footer_line(footer_actions(ACTIONS, "list"), Glyphs(), 80)[0])
    assert text.startswith(" b Build  R Run  B All stale  w Watch  x Cancel  e Edit  / Filter")


def test_the_footer_offers_only_what_does_something() -> None:
    idle = [action.id for action in footer_actions(ACTIONS, "list", FooterFacts(busy=False, comparable=False))]
    assert "cancel" not in idle
    assert "back" not in [a.id for a in footer_actions(ACTIONS, "list", FooterFacts(leads_back=False))]
    assert "diff" not in idle
    marked = footer_actions(ACTIONS, "list", FooterFacts(marked=3))
    assert {"cancel", "diff"} <= {action.id for action in marked}
    assert plain(footer_line(marked, Glyphs(), 80)[0]).startswith(" b Build 3  ")


def test_the_footer_says_what_the_log_s_key_does_now() -> None:
    for following, word in ((False, " f Follow  "), (True, " f Hold  ")):
        offered = footer_actions(ACTIONS, "log", FooterFacts(following=following))
        assert plain(footer_line(offered, Glyphs(), 80)[0]).startswith(word)


@pytest.mark.parametrize(
    "where", ["overview", "config", "verdict", "sections", "externs", "size", "log", "errors", "run"]
)
def test_each_pane_says_at_80_columns_how_to_leave_it(where: str) -> None:
    text = plain(footer_line(footer_actions(ACTIONS, where), Glyphs(), 80)[0])
    assert "  esc Back" in f" {text}"
    assert ("enter Open  n Next" in text) == (where == "errors")


def test_the_way_out_stands_last_where_there_is_room() -> None:
    idle = footer_actions(ACTIONS, "list", FooterFacts(busy=False, comparable=False, leads_back=False))
    assert plain(footer_line(idle, Glyphs(), 80)[0]).endswith("/ Filter  ? Keys  q Quit  ")
    assert plain(footer_line(idle, Glyphs(), 72)[0]).endswith("/ Filter  ? Keys  ")


@pytest.mark.parametrize("where", ["list", "overview", "log", "errors", "size", "run"])
def test_no_key_is_offered_that_would_be_typed(where: str) -> None:
    offered = footer_actions(ACTIONS, where, FooterFacts(typing=True))
    assert not [key for action in offered for key in action.keys if len(key_word(key)) == 1]
    assert "esc Back" in plain(footer_line(offered, Glyphs(), 80)[0])


def test_the_log_has_keys_of_its_own_first() -> None:
    assert [action.id for action in footer_actions(ACTIONS, "log")][:2] == ["log-follow", "log-only"]
    assert not any(action.where == "log" for action in footer_actions(ACTIONS, "list"))


@given(st.integers(0, 120), st.sampled_from(["1", "2", "3", "4"]))
def test_tabs_shrink_before_they_are_cut(width: int, active: str) -> None:
    line, places = tab_line(TABS, active, width, Glyphs())
    assert width_of(line) <= width
    assert [key for _, _, key in places] == ["1", "2", "3", "4"]
    if width >= 60:
        assert all(tab.label in plain(line) for tab in TABS)
    if width >= 22:
        assert TABS[int(active) - 1].short in plain(line)
    if width >= 36:
        assert TABS[int(active) - 1].label in plain(line)


def detail_tabs(badges: bool) -> list[Tab]:
    config = (Part("▲1", "warn"),) if badges else ()
    verdict = (Part("✗1", "error"),) if badges else ()
    kinds = [*TABS_OF_DETAIL, *LOGS]
    marks = {"config": config, "verdict": verdict}
    return [Tab(kind.key, kind.label, kind.short, kind.digit, marks.get(kind.key, ())) for kind in kinds]


@pytest.mark.parametrize("active", ["overview", "externs", "errors"])
def test_all_eight_tabs_have_words_at_80_columns_whatever_their_marks(active: str) -> None:
    bar = TitleBar(Glyphs(), detail_tabs(badges=True), active)
    text = plain(bar.line(80))
    for word in ("1 Over", "2 Conf", "▲1", "3 Verd", "✗1", "4 Sect", "5 Imports", "6 Size", "7 Log", "8 Err"):
        assert word in text


def test_a_status_takes_no_tab_s_word_where_words_come_first() -> None:
    bar = TitleBar(Glyphs(), detail_tabs(badges=True), "log", words_first=True)
    bar.status = (Part("built 14:02 in 3.1 s, exit 0 · FOLLOW"),)
    assert "3 Verd ✗1" in plain(bar.line(80))
    assert "built 14:02 in 3.1 s, exit 0" in plain(bar.line(120))


@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_status_sheds_its_last_words_whole(ascii_only: bool) -> None:
    glyphs = Glyphs(ascii_only)
    bar = TitleBar(glyphs, detail_tabs(badges=True), "log", words_first=True)
    bar.status = (Part("500", "error"), Part(glyphs.text(" · 3.1 ms · 128 KiB"), "muted"))
    shown = {width: plain(bar.line(width))[:-2].rstrip() for width in range(30, 130)}
    assert not any(glyphs["ellipsis"] in line for line in shown.values())
    assert shown[80].endswith(" 500")
    bar.status = (Part("compiling", "muted"),)
    words = {plain(bar.line(width))[:-2].rstrip().rpartition(" ")[2] for width in range(30, 130)}
    assert "compiling" in words
    assert not [word for word in words if word.startswith("comp") and word != "compiling"]  # whole, or not at all
    assert shown[90].endswith(glyphs.text(" 500 · 3.1 ms"))
    assert shown[100].endswith(glyphs.text(" 500 · 3.1 ms · 128 KiB"))
    bar.status = (Part("500", "error"), Part(" · 3.1 ms", "muted"))  # whoever forgot what may be shown
    assert plain(bar.line(100))[:-2].rstrip().endswith(glyphs.text(" 500 · 3.1 ms"))


def test_at_40_columns_the_digits_stand_and_the_active_tab_has_its_word() -> None:
    text = plain(TitleBar(Glyphs(), detail_tabs(badges=True), "config").line(40))
    assert "1 2 Config ▲1 3 ✗1 4 5 6 7 8" in text


@given(st.integers(24, 120))
def test_a_click_on_a_tab_s_cells_is_its_own(width: int) -> None:
    line, places = tab_line(detail_tabs(badges=False), "overview", width, Glyphs())
    text = plain(line)
    cells = [set(range(start, end)) for start, end, _ in places]
    assert sum(map(len, cells)) == len(set().union(*cells))
    for (start, end, _), tab in zip(places, detail_tabs(badges=False), strict=True):
        assert tab.digit in text[start:end]


@given(st.integers(0, 150), st.text(max_size=60))
def test_an_edge_fills_its_width(width: int, status: str) -> None:
    bar = TitleBar(Glyphs(), TABS, "1")
    bar.status = (Part(printable(status)),)
    line = bar.line(width)
    assert width_of(line) == max(width, 4)

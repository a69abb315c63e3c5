from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.app.colours.roles import Line, Part
from tui.app.rows.lines import cut, fit, line_of, outside, pad, paragraph, plain, width_of, wrap

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Me")))
LINES = st.lists(st.builds(Part, TEXT, st.sampled_from(["", "error", "muted"])), max_size=6).map(tuple)


@given(TEXT, st.integers(0, 30), st.booleans())
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, width: int, middle: bool) -> None:
    shown = cut(text, width, middle=middle)
    assert cell_len(shown) <= width
    assert shown == text or width == 0 or "…" in shown


def test_a_cut_in_the_middle_keeps_both_ends() -> None:
    assert cut("github.com/someone/package.Function", 20, middle=True) == "github.com…:Function".replace(":", ".")
    assert cut("漢字漢字漢字", 7, middle=True) == "漢字…字"


@given(LINES, st.integers(1, 40))
def test_a_fitted_line_fits(line: Line, width: int) -> None:
    shown = fit(line, width)
    assert width_of(shown) <= width
    assert plain(shown) == plain(line) or plain(shown).endswith("…")


@given(LINES, st.integers(0, 40))
def test_padding_fills(line: Line, width: int) -> None:
    for align in ("left", "right"):
        padded = pad(line, width, align)
        assert width_of(padded) == max(width, width_of(line))
        assert plain(line) in plain(padded)


@given(LINES, st.integers(2, 40), TEXT)
def test_wrapped_lines_fit_and_lose_no_letter(line: Line, width: int, lead: str) -> None:
    head = (Part(lead[: width // 2]),)
    lines = wrap(line, width, head)
    assert all(width_of(one) <= width for one in lines)
    whole = "".join(plain(one) for one in lines)
    assert whole.replace(" ", "").endswith(plain(line).replace(" ", ""))


def test_further_lines_begin_under_the_first_word() -> None:
    lines = paragraph("the quick brown fox", 14, "error", line_of("  ✗ "))
    assert [plain(line) for line in lines] == ["  ✗ the quick", "    brown fox"]
    assert lines[0][1].role == "error"


def test_parts_that_touch_stay_together_on_a_line() -> None:
    lines = wrap(line_of(Part("see "), Part("tinygo", "code"), Part(", then build")), 40)
    assert [plain(line) for line in lines] == ["see tinygo, then build"]


def test_text_from_outside_is_escaped_and_bounded() -> None:
    assert outside("a\x1b[2J\u202e").text == "a\\e[2J\\u202e"
    assert len(outside("x" * 100_000).text) <= 2_000

from __future__ import annotations

from html.parser import HTMLParser

from tui.running.outcome.flame import flame_page, shares, table

STACKS = (
    (("main", "work", "sort"), 60),
    (("main", "work"), 30),
    (("main", "read"), 10),
    (("main", "work", "work"), 20),
)


def test_own_time_is_of_the_innermost() -> None:
    found = {one.name: (one.own, one.whole) for one in shares(STACKS)}
    assert found == {"sort": (60, 60), "work": (50, 110), "read": (10, 10), "main": (0, 120)}
    assert [one.name for one in shares(STACKS)][:2] == ["sort", "work"]


def test_the_table_starts_with_the_costliest() -> None:
    lines = list(table(STACKS))
    assert "120 looks" in lines[0]
    assert lines[2].split() == ["50.0%", "50.0%", "sort"]


class Boxes(HTMLParser):
    """Collects the boxes of a page: the text, and left and width in percent."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, float, float]] = []
        self._place: tuple[float, float] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style = dict(attrs).get("style") or "" if tag == "div" else ""
        parts = dict(part.split(":") for part in style.split(";") if part)
        self._place = (float(parts["left"][:-1]), float(parts["width"][:-1])) if "left" in parts else None

    def handle_data(self, data: str) -> None:
        if self._place is not None:
            self.found.append((data, *self._place))


def test_boxes_lie_inside_their_callers() -> None:
    page = Boxes()
    page.feed(flame_page("f", STACKS))
    widths = {(name, width) for name, _, width in page.found}
    assert ("main", 100.0) in widths
    assert ("sort", 50.0) in widths
    assert all(left >= 0 and left + width <= 100.001 for _, left, width in page.found)


def test_names_are_text_and_nothing_is_loaded() -> None:
    page = flame_page("<script>", ((("<img src=x onerror=alert(1)>",), 1),))
    assert "<script" not in page
    assert "<img" not in page
    assert "http" not in page

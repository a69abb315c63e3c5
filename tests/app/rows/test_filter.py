from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.app.rows.filter import narrow
from tui.app.rows.lines import line_of
from tui.app.rows.pane_rows import blank, title
from tui.app.rows.table import Row


def row(key: str, text: str, **fields: Any) -> Row:
    return Row(key, lines=(line_of(text),))._replace(**fields)


ROWS = [
    title("imports", "Imports"),
    row("module:0", "env", head=True),
    row("import:0", "fd_write"),
    row("import:0:why", "the host has no such function"),
    row("import:1", "fd_read"),
    blank("exports"),
    title("exports", "Exports"),
    row("export:0", "_start"),
]
TREE = [
    row("json", "encoding/json", branch=True),
    row("json:0", "Marshal", level=1),
    row("fmt", "fmt", branch=True),
    row("fmt:0", "Println", level=1),
    row("fmt:1", "json quoting", level=1),
]


def keys(rows: list[Row], needle: str, opened: set[str] | None = None) -> list[str]:
    return [one.key for one in narrow(rows, needle, opened or set()).rows]


def test_rows_that_say_the_words_stay_with_their_headings() -> None:
    assert keys(ROWS, "READ") == ["title:imports", "module:0", "import:1"]
    assert keys(ROWS, "_start") == ["title:exports", "export:0"]
    assert keys(ROWS, "env") == []  # a heading alone is no match
    found = narrow(ROWS, "fd")
    assert (found.shown, found.total) == (2, 3)


def test_what_hangs_from_a_row_stays_with_it() -> None:
    assert keys(ROWS, "no such") == ["title:imports", "module:0", "import:0", "import:0:why"]
    assert keys(ROWS, "write") == ["title:imports", "module:0", "import:0", "import:0:why"]


def test_groups_stay_apart() -> None:
    assert keys(ROWS, "t") == [
        *("title:imports", "module:0", "import:0", "import:0:why"),
        *("blank:filter:4", "title:exports", "export:0"),
    ]


def test_a_branch_shows_for_what_is_in_it_and_for_itself() -> None:
    assert keys(TREE, "json") == ["json", "fmt", "fmt:1"]
    found = narrow(TREE, "json")
    assert found.folded == {"json"}
    assert (found.shown, found.total) == (2, 5)
    assert keys(TREE, "json", {"json"}) == ["json", "json:0", "fmt", "fmt:1"]


def test_what_is_masked_or_copied_is_not_looked_at() -> None:
    assert keys([row("env.KEY", "KEY ••••", copy="hunter2")], "hunter") == []


TEXT = st.text("ab ", max_size=4)


@given(
    st.lists(st.tuples(TEXT, st.booleans(), st.integers(0, 1), st.booleans())), st.text("ab", min_size=1, max_size=2)
)
def test_what_stays_is_what_says_so_in_order(made: list[tuple[str, bool, int, bool]], needle: str) -> None:
    rows = [
        row(f"k{number}", text, selectable=selectable, level=level, branch=branch and not level)
        for number, (text, selectable, level, branch) in enumerate(made)
    ]
    found = narrow(rows, needle)
    order = [int(one.key[1:]) for one in found.rows]
    assert order == sorted(set(order))
    says = [number for number, (text, selectable, *_) in enumerate(made) if selectable and needle in text]
    assert set(says) <= set(order)
    assert found.shown == len(says)
    assert found.total == sum(selectable for _, selectable, *_ in made)

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.app.functions.tree import Tree, grow
from tui.lines.states import STATES, State
from tui.workspace.names import sort_key

NAMES = st.lists(st.sampled_from(["a", "b", "a-b", "shop", "x"]), min_size=1, max_size=5).map("/".join)
PATHS = st.lists(NAMES, unique=True, max_size=30).map(lambda paths: sorted(paths, key=sort_key))
STATE = st.sampled_from(sorted(STATES))


def drawn(tree: Tree, folded: frozenset[str] = frozenset()) -> list[str]:
    return ["  " * row.level + ("+ " if row.is_folder else "") + row.label for row in tree.shown(folded)]


def test_folders_stand_over_what_is_in_them_and_chains_are_one_row() -> None:
    tree = grow(["chat", "shop", "shop/eu/functions/ledger", "shop/eu/functions/order", "shop/us/tax", "web/site"])
    assert drawn(tree) == [
        "chat",
        "shop",
        "+ shop",
        "  + eu/functions",
        "    ledger",
        "    order",
        "  us/tax",
        "web/site",
    ]
    assert drawn(tree, frozenset({"shop/eu/functions/"})) == [
        "chat",
        "shop",
        "+ shop",
        "  + eu/functions",
        "  us/tax",
        "web/site",
    ]
    assert tree.nodes["shop/"].functions() == ["shop/eu/functions/ledger", "shop/eu/functions/order", "shop/us/tax"]


def test_a_flat_list_has_no_folders() -> None:
    assert drawn(grow(["a/b", "a/c"], flat=True)) == ["a/b", "a/c"]


def test_a_deep_path_is_no_deep_recursion() -> None:
    deep = ["/".join(["d"] * depth) + f"/{end}" for depth in range(1, 1500) for end in ("x", "y")]
    tree = grow(sorted(deep, key=sort_key))
    assert sum(not row.is_folder for row in tree.shown()) == len(deep)
    tree.arrange({path: (float(len(path)),) for path in deep}, min)
    assert len(tree.shown()) == 2 * 1499 + 1499


@given(PATHS)
def test_every_function_has_one_row_below_the_folder_that_names_it(paths: list[str]) -> None:
    rows = grow(paths).shown()
    assert [row.key for row in rows if not row.is_folder] == paths
    for row in rows:
        head = row.above.key if row.above is not None else ""
        assert head + row.label == row.path
        assert not row.is_folder or len(row.children) > 1


@given(PATHS, st.lists(st.tuples(st.integers(0, 29), STATE), max_size=60))
def test_what_a_folder_sums_up_is_what_is_in_it(paths: list[str], changes: list[tuple[int, State]]) -> None:
    tree = grow(paths)
    states: dict[str, State] = dict.fromkeys(paths, "reading")
    tree.count(states)
    for place, state in changes:
        if place < len(paths):
            path = paths[place]
            changed = tree.count({path: state})
            over = {folder.key for folder in tree.nodes[path].folders_above()}
            assert changed == (set() if states[path] == state else {path, *over})
            states[path] = state
    again = grow(paths)
    again.count_all(states)
    for node in tree.nodes.values():
        if node.is_folder:
            assert +Counter(node.tally) == again.nodes[node.key].tally
            assert +Counter(node.tally) == Counter(states[path] for path in node.functions())
            assert node.count == len(node.functions())


@given(PATHS, st.data())
def test_sorting_keeps_every_row_under_its_folder(paths: list[str], data: st.DataObject) -> None:
    tree = grow(paths)
    ranks = {path: (float(data.draw(st.integers(0, 3))),) for path in paths}
    tree.arrange(ranks, min)
    rows = tree.shown()
    assert sorted(row.key for row in rows) == sorted(tree.nodes)
    for before, row in pairwise(rows):
        assert row.level <= before.level + 1
    tree.restore()
    assert drawn(tree) == drawn(grow(paths))
    flat = grow(paths, flat=True)
    flat.arrange(ranks, min)
    assert [row.key for row in flat.shown()] == sorted(paths, key=lambda path: (ranks[path], sort_key(path)))

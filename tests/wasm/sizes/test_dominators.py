from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.wasm.sizes.dominators import ROOT, immediate_dominators


def reachable(graph: list[list[int]], root: int, without: int) -> set[int]:
    seen: set[int] = set()
    stack = [root] if root != without else []
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            stack += [after for after in graph[node] if after != without]
    return seen


def by_definition(graph: list[list[int]], root: int) -> list[int]:
    """A node's dominators are those without which it cannot be reached; the immediate one is dominated by the rest."""
    everything = reachable(graph, root, -1)
    lost = {node: everything - reachable(graph, root, node) for node in everything}
    found = [-1] * len(graph)
    for node in everything - {root}:
        above = [other for other in everything if other != node and node in lost[other]]
        found[node] = min(above, key=lambda other: len(lost[other]))
    return found


graphs = st.integers(1, 12).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, size - 1), max_size=5), min_size=size, max_size=size)
)


def with_root(graph: list[list[int]], entries: list[int]) -> list[list[int]]:
    """The graph with a node more, which leads to the entries, and to the first node that it does not reach then."""
    leads = list(entries)
    while True:
        whole = [*graph, leads]
        reached = reachable(whole, len(graph), -1)
        left = [node for node in range(len(graph)) if node not in reached]
        if not left:
            return whole
        leads.append(left[0])


@given(graphs, st.data())
def test_dominators_are_those_of_the_definition(graph: list[list[int]], data: st.DataObject) -> None:
    root = len(graph)
    entries = data.draw(st.lists(st.integers(0, root - 1), max_size=4))
    found, order = immediate_dominators(graph, entries)
    expected = by_definition(with_root(graph, entries), root)[:-1]
    assert found == [ROOT if node == root else node for node in expected]
    assert sorted(order) == list(range(root))
    places = {node: place for place, node in enumerate(order)}
    assert all(found[node] == ROOT or places[found[node]] < places[node] for node in order)


def test_a_chain_of_many_nodes_needs_no_recursion() -> None:
    size = 100_000
    found, _ = immediate_dominators([[node + 1] for node in range(size - 1)] + [[]], [0])
    assert found == [-1, *range(size - 1)]


def test_a_ladder_that_is_slow_by_iteration() -> None:
    size = 20_000
    graph = [[node + 1, node - 1] for node in range(1, size)]
    found, _ = immediate_dominators([[1], *graph, []], [0])
    assert found[1:] == list(range(size))

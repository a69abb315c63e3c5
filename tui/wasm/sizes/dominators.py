"""Dominator tree of a call graph: Lengauer and Tarjan's algorithm with path compression, without recursion.

T. Lengauer, R. E. Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph", TOPLAS 1979: O(m log n).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.wasm.decode.budget import Meter, no_tick, paced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.wasm.decode.budget import Tick


def depth_first(successors: Sequence[Sequence[int]], root: int, tick: Tick = no_tick) -> tuple[list[int], list[int]]:
    """Nodes that `root` reaches in depth-first order, and the depth-first parent of each node (-1: none)."""
    parents = [-1] * len(successors)
    seen = bytearray(len(successors))
    order: list[int] = []
    stack = [(root, -1)]
    spend = Meter(tick).spend
    while stack:
        node, parent = stack.pop()
        spend(1)
        if seen[node]:
            continue
        seen[node] = 1
        parents[node] = parent
        order.append(node)
        stack.extend([(after, node) for after in successors[node] if not seen[after]])
    return order, parents


class _Forest:
    """Lengauer and Tarjan's forest over depth-first numbers: `least` finds the best semidominator on a path."""

    def __init__(self, size: int) -> None:
        self.ancestors = [-1] * size
        self.labels = list(range(size))
        self.semi = list(range(size))

    def least(self, node: int) -> int:
        """The node of smallest semidominator between `node` and the root of its tree; shortens the path on the way."""
        ancestors, labels, semi = self.ancestors, self.labels, self.semi
        if ancestors[node] < 0:
            return node
        path = []
        walk = node
        while ancestors[ancestors[walk]] >= 0:
            path.append(walk)
            walk = ancestors[walk]
        for lower in reversed(path):
            upper = ancestors[lower]
            if semi[labels[upper]] < semi[labels[lower]]:
                labels[lower] = labels[upper]
            ancestors[lower] = ancestors[upper]
        return labels[node]


def _others_before(
    successors: Sequence[Sequence[int]], order: list[int], numbers: list[int], parents: list[int]
) -> dict[int, list[int]]:
    """The predecessors of each node, by numbers; without its parent, which for most is the only one."""
    found: dict[int, list[int]] = {}
    for number, node in enumerate(order):
        for after in successors[node]:
            if parents[after] != node:
                found.setdefault(numbers[after], []).append(number)
    return found


def immediate_dominators(
    successors: Sequence[Sequence[int]], root: int, tick: Tick = no_tick
) -> tuple[list[int], list[int]]:
    """For each node its immediate dominator (the root's and an unreached node's is -1), and the depth-first order.

    A node comes after its dominator in that order. Raises what `tick` raises.
    """
    order, parents = depth_first(successors, root, tick)
    numbers = [-1] * len(successors)
    for number, node in enumerate(order):
        numbers[node] = number
    before = _others_before(successors, order, numbers, parents)
    forest = _Forest(len(order))
    semi, least = forest.semi, forest.least
    dominators = [0] * len(order)
    buckets: dict[int, list[int]] = {}
    for number in paced(range(len(order) - 1, 0, -1), tick):
        parent = numbers[parents[order[number]]]
        best = parent
        for reached in before.get(number, ()):
            candidate = semi[least(reached)] if reached > number else reached  # the forest holds no others yet
            if candidate < best:  # noqa: PLR1730 -- min() costs three times as much here
                best = candidate
        semi[number] = best
        if best == parent:  # most: nothing else leads there
            dominators[number] = parent
        else:
            buckets.setdefault(best, []).append(number)
        forest.ancestors[number] = parent
        for waiting in buckets.pop(parent, ()):
            lower = least(waiting)
            dominators[waiting] = lower if semi[lower] < semi[waiting] else parent
    result = [-1] * len(successors)
    for number in range(1, len(order)):
        if dominators[number] != semi[number]:
            dominators[number] = dominators[dominators[number]]
        result[order[number]] = order[dominators[number]]
    return result, order

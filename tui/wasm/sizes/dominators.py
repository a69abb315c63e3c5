"""Dominator tree of a call graph: Lengauer and Tarjan's algorithm with path compression, without recursion.

T. Lengauer, R. E. Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph", TOPLAS 1979: O(m log n).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import BATCH, no_tick

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tui.wasm.decode.budget import Tick

ROOT: Final = -1  # the dominator of what no other node dominates
Walk = tuple[list[int], list[int], list[list[int]]]
NOBODY: Final[list[int]] = []


def _depth_first(successors: Sequence[Sequence[int]], entries: Collection[int], tick: Tick) -> Walk:
    """A walk from the root, which is number 0; nodes are numbered from 1 on, as they are met.

    The root leads to the entries, and then to each node that was not met by then, in their order. Gives the node of
    each number, the number of the parent of each, and for each node the numbers of those that lead to it, where that is
    more than one edge.
    """
    order, parents = [ROOT], [0]
    before: list[list[int]] = [NOBODY] * len(successors)
    numbers = [0] * len(successors)
    met_from = [0] * len(successors)
    first = [0] * len(successors)
    for entry in entries:
        numbers[entry] = -1  # nobody but the root is to become its parent
    left = BATCH
    for top in chain(entries, range(len(successors))):
        stack = [top] if numbers[top] <= 0 else []
        while stack:
            node = stack.pop()
            if numbers[node] > 0:
                continue
            numbers[node] = number = len(order)
            order.append(node)
            parents.append(met_from[node])
            following = successors[node]
            left -= 1 + len(following)
            if left < 0:
                left = BATCH
                tick()
            for after in following:
                if not numbers[after]:
                    met_from[after] = number  # the last one that leads there, which is the first to be taken
                    stack.append(after)
                if not first[after]:
                    first[after] = number
                elif before[after]:
                    before[after].append(number)
                else:
                    before[after] = [first[after], number]
    return order, parents, before


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

    def best(self, number: int, before: list[int], parent: int) -> int:
        """The semidominator of a node that those before lead to, its parent among them."""
        ancestors, labels, semi, least = self.ancestors, self.labels, self.semi, self.least
        best = parent
        for reached in before:
            if reached <= number:  # an ancestor: the forest holds none of those yet
                candidate = reached
            elif ancestors[ancestors[reached]] < 0:
                candidate = semi[labels[reached]]
            else:
                candidate = semi[least(reached)]
            if candidate < best:
                best = candidate
                if not best:
                    break
        return best


def immediate_dominators(
    successors: Sequence[Sequence[int]], entries: Collection[int], tick: Tick = no_tick
) -> tuple[list[int], list[int]]:
    """For each node its immediate dominator, and all nodes in an order in which each comes after its dominator.

    ROOT dominates the entries, and what they do not reach: of that the first node, the next that it does not reach, and
    so on. Raises what `tick` raises.
    """
    order, parents, before = _depth_first(successors, entries, tick)
    forest = _Forest(len(order))
    semi, least, ancestors = forest.semi, forest.least, forest.ancestors
    dominators = [0] * len(order)
    buckets: dict[int, list[int]] = {}
    for number in range(len(order) - 1, 0, -1):
        if not number & BATCH:
            tick()
        parent = parents[number]
        reaching = before[order[number]]
        best = forest.best(number, reaching, parent) if parent and reaching else parent
        semi[number] = best
        if best == parent or not best:  # most: nothing else leads there, or what have nothing in common
            dominators[number] = best
        else:
            buckets.setdefault(best, []).append(number)
        ancestors[number] = parent
        if parent in buckets:
            for waiting in buckets.pop(parent):
                lower = least(waiting)
                dominators[waiting] = lower if semi[lower] < semi[waiting] else parent
    result = [ROOT] * len(successors)
    for number in range(1, len(order)):
        dominator = dominators[number]
        if dominator != semi[number]:
            dominators[number] = dominator = dominators[dominator]
        result[order[number]] = order[dominator]
    return result, order[1:]

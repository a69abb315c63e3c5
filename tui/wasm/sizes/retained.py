"""Retained sizes: the code that would go away with a function, because nothing else leads to it.

The call graph comes from the bodies; its roots are exports, the start function and all that element segments or
globals refer to, for any indirect call may reach those. Retained is the sum over a function's dominator subtree.
Costs 20 to 30 ms of CPU for each megabyte of code: `tui.wasm.background` keeps it away from an event loop.
"""

from __future__ import annotations

from itertools import islice, pairwise
from time import process_time
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import Meter, Uncollected, no_tick
from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.leb import Malformed
from tui.wasm.sizes.calls import Numbers, code_start, referred, referred_at_once, usual_code_start
from tui.wasm.sizes.dominators import immediate_dominators
from tui.wasm.sizes.roots import root_functions
from tui.wasm.sizes.size_report import Retained
from tui.wasm.sizes.sizes import placed_functions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.wasm.decode.budget import Tick
    from tui.wasm.module import Module

MODULE: Final = -1  # the dominator of what nothing but the module itself leads to


def call_graph(source: bytes, module: Module, tick: Tick = no_tick) -> tuple[list[Sequence[int]], int]:
    """For each function the functions that it refers to, and how many bodies could not be walked to their end."""
    bodies = module.body_offsets
    total = module.functions.imported + module.functions.defined
    graph: list[Sequence[int]] = [()] * total
    unknown = 0
    numbers = Numbers(total)
    start_of = usual_code_start if module.usual_bodies else code_start
    meter = Meter(tick)
    for index, (start, end) in enumerate(islice(pairwise(bodies), module.functions.defined), module.functions.imported):
        meter.spend(64 + end - start)
        code = start_of(source, start, end)
        found = referred_at_once(source, code, end, numbers) if code >= 0 else None
        if found is None:
            found, is_whole = _stepwise(source, start, end, total, tick)
            unknown += not is_whole
        if found:
            graph[index] = tuple(found)
    return graph, unknown


def _stepwise(source: bytes, start: int, end: int, total: int, tick: Tick) -> tuple[set[int], bool]:
    """What a body refers to, and whether it was walked to its end."""
    found: set[int] = set()
    try:
        found.update(index for index in referred(source, start, end, tick) if index < total)
    except (Malformed, IndexError):
        return found, False
    return found, True


def _with_root(graph: list[Sequence[int]], roots: set[int], tick: Tick) -> tuple[list[Sequence[int]], int]:
    """The graph with a node for the module, which leads to the roots and to all that they do not reach."""
    module_node = len(graph)
    reached = bytearray(len(graph))
    stack = list(roots)
    leads = list(roots)
    dead = 0
    spend = Meter(tick).spend
    while True:
        while stack:
            node = stack.pop()
            spend(1)
            if not reached[node]:
                reached[node] = 1
                if graph[node]:
                    stack.extend([after for after in graph[node] if not reached[after]])
        dead = reached.find(0, dead)
        if dead < 0:
            return [*graph, leads], module_node
        leads.append(dead)
        stack.append(dead)


def _sum_up(sizes: list[int], dominators: list[int], order: list[int]) -> list[int]:
    """Sizes summed over each dominator subtree: a node comes after its dominator in `order`."""
    sums = list(sizes)
    for node in reversed(order):
        if dominators[node] >= 0:
            sums[dominators[node]] += sums[node]
    return sums


def _preorder(counts: list[int], dominators: list[int], order: list[int]) -> list[int]:
    """The nodes in an order in which a dominator comes just before its subtree, of `counts` nodes with itself."""
    following = [0] * len(counts)
    found = [0] * len(order)
    for node in order:
        dominator = dominators[node]
        place = following[dominator] if dominator >= 0 else 0
        if dominator >= 0:
            following[dominator] += counts[node]
        following[node] = place + 1
        found[place] = node
    return found


def _row_sums(row_of: dict[int, str], sums: list[int], dominators: list[int], order: list[int]) -> dict[str, int]:
    """For each row the bytes of the subtrees that its functions head: none is counted twice.

    A function counts unless one of its own row dominates it: where one that counted has its subtree still going on.
    """
    counts = _sum_up([1] * len(sums), dominators, order)
    until: dict[str, int] = {}
    rows: dict[str, int] = {}
    for place, node in enumerate(_preorder(counts, dominators, order)):
        row = row_of.get(node, "")
        if place >= until.get(row, 0):
            rows[row] = rows.get(row, 0) + sums[node]
            until[row] = place + counts[node]
    rows.pop("", None)
    return rows


def retained_sizes(source: bytes, module: Module, tick: Tick = no_tick) -> Retained:
    """Retained bytes of each defined function and of each row of the size report. Raises what `tick` raises."""
    with Uncollected():
        return _retained_sizes(source, module, tick)


def _retained_sizes(source: bytes, module: Module, tick: Tick) -> Retained:
    started = process_time()
    graph, unknown = call_graph(source, module, tick)
    nodes, root = _with_root(graph, root_functions(source, module, tick), tick)
    dominators, order = immediate_dominators(nodes, root, tick)
    first, bodies = module.functions.imported, module.body_offsets
    sizes = [0] * len(nodes)
    own = [end - start for start, end in islice(pairwise(bodies), module.functions.defined)]
    sizes[first : first + len(own)] = own
    sums = _sum_up(sizes, dominators, order)
    names = read_names(source, module, tick)
    row_of = {index: placed.package for index, _, placed in placed_functions(source, module, tick, names)}
    defined = range(first, root)
    return Retained(
        functions=dict(zip(defined, sums[first:root], strict=True)),
        rows=_row_sums(row_of, sums, dominators, order),
        dominators={index: MODULE if dominators[index] == root else dominators[index] for index in defined},
        seconds=process_time() - started,
        note=f"{unknown:,} bodies hold instructions that are not known: what they call is missing" if unknown else None,
    )

"""Retained sizes: the code that would go away with a function, because nothing else leads to it.

The call graph comes from the bodies; its roots are exports, the start function and all that element segments or
globals refer to, for any indirect call may reach those. Retained is the sum over a function's dominator subtree.
Costs 15 to 25 ms of CPU for each megabyte of code, 5 where all functions are roots, as in what stock Go makes:
`tui.wasm.background` keeps it away from an event loop.
"""

from __future__ import annotations

from itertools import islice, pairwise
from time import process_time
from typing import TYPE_CHECKING, Final

from tui.wasm.decode.budget import Uncollected, no_tick
from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.leb import Malformed
from tui.wasm.sizes.calls import referred, referred_at_once
from tui.wasm.sizes.dominators import ROOT, immediate_dominators
from tui.wasm.sizes.roots import root_functions
from tui.wasm.sizes.size_report import Retained
from tui.wasm.sizes.sizes import row_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.wasm.decode.budget import Tick
    from tui.wasm.module import Module

MODULE: Final = ROOT  # the dominator of what nothing but the module itself leads to


def call_graph(
    source: bytes, module: Module, sought: Sequence[int], tick: Tick = no_tick
) -> tuple[list[Sequence[int]], int]:
    """For each function the functions that it refers to, of those looked for, and how many bodies could not be walked
    to their end.

    `sought`: for each function whether it is looked for, 1 or 0.
    """
    graph: list[Sequence[int]] = [()] * len(sought)
    if 1 not in sought:
        return graph, 0
    unknown = 0
    offsets, first = module.body_offsets, module.functions.imported
    bodies = islice(pairwise(offsets), module.functions.defined)
    for index, at_once in enumerate(referred_at_once(source, bodies, sought, module.usual_bodies, tick), first):
        found = at_once
        if found is None:
            start, end = offsets[index - first : index - first + 2]
            found, is_whole = _stepwise(source, start, end, sought, tick)
            unknown += not is_whole
        if found:
            graph[index] = tuple(found)
    return graph, unknown


def _stepwise(source: bytes, start: int, end: int, sought: Sequence[int], tick: Tick) -> tuple[set[int], bool]:
    """What a body refers to, and whether it was walked to its end."""
    found: set[int] = set()
    try:
        found.update(i for i in referred(source, start, end, tick) if i < len(sought) and sought[i])
    except (Malformed, IndexError):
        return found, False
    return found, True


def _nested(dominators: list[int], order: list[int], counts: list[int]) -> list[int]:
    """The nodes that dominate others or are dominated, each just before its subtree, of `counts` nodes with itself."""
    following = [0] * len(dominators)
    found: list[int] = []
    for node in order:
        dominator = dominators[node]
        if dominator >= 0:
            place = following[dominator]
            following[dominator] += counts[node]
        elif counts[node] > 1:
            place = len(found)
            found.extend([0] * counts[node])
        else:
            continue
        found[place] = node
        following[node] = place + 1
    return found


def _row_sums(
    row_of: Sequence[str], sums: list[int], counts: list[int], dominators: list[int], order: list[int]
) -> dict[str, int]:
    """For each row the bytes of the subtrees that its functions head: none is counted twice.

    A function counts unless one of its own row dominates it: where one that counted has its subtree still going on.
    """
    rows = dict.fromkeys(row_of, 0)
    for node, dominator in enumerate(dominators):
        if dominator < 0 and counts[node] == 1:
            rows[row_of[node]] += sums[node]
    until = dict.fromkeys(rows, 0)
    for place, node in enumerate(_nested(dominators, order, counts)):
        row = row_of[node]
        if place >= until[row]:
            rows[row] += sums[node]
            until[row] = place + counts[node]
    rows.pop("", None)
    return rows


def retained_sizes(source: bytes, module: Module, tick: Tick = no_tick) -> Retained:
    """Retained bytes of each defined function and of each row of the size report. Raises what `tick` raises."""
    with Uncollected():
        return _retained_sizes(source, module, tick)


def _retained_sizes(source: bytes, module: Module, tick: Tick) -> Retained:
    started = process_time()
    first, bodies = module.functions.imported, module.body_offsets
    total = first + module.functions.defined
    row_of = row_names(source, module, tick, read_names(source, module, tick))
    roots = root_functions(source, module, tick)
    # What leads to an import or to a root changes nothing.
    sought = bytearray(first) + b"\1" * module.functions.defined
    for index in roots:
        sought[index] = 0
    graph, unknown = call_graph(source, module, sought, tick)
    dominators, order = immediate_dominators(graph, roots, tick)
    sums, counts = [0] * total, [1] * total  # of bytes and of nodes, over each subtree
    own = [end - start for start, end in islice(pairwise(bodies), module.functions.defined)]
    sums[first : first + len(own)] = own
    for node in reversed(order):  # each before its dominator
        dominator = dominators[node]
        if dominator >= 0:
            sums[dominator] += sums[node]
            counts[dominator] += counts[node]
    return Retained(
        functions=dict(enumerate(sums[first:], first)),
        rows=_row_sums(row_of, sums, counts, dominators, order),
        dominators=dict(enumerate(dominators[first:], first)),
        seconds=process_time() - started,
        note=f"{unknown:,} bodies hold instructions that are not known: what they call is missing" if unknown else None,
    )

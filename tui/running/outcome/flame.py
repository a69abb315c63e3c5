"""Where the time went: a table by function, and a flame graph that a browser opens from a file, with nothing beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

Stacks = Sequence[tuple[tuple[str, ...], int]]
ROW: Final = 20  # pixels
DEEPEST: Final = 200  # functions inside one another that are drawn
THINNEST: Final = 0.0005  # share of all looks below which a box is left out


@dataclass(frozen=True, slots=True)
class Share:
    """One function's part: looks that found it innermost, and looks that found it at all."""

    name: str
    own: int
    whole: int


@dataclass(slots=True)
class _Box:
    """A function under the functions that called it."""

    looks: int = 0
    inner: dict[str, _Box] = field(default_factory=dict)


def shares(stacks: Stacks) -> tuple[Share, ...]:
    """All functions, the one with the most time of its own first."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for names, count in stacks:
        if names:
            own[names[-1]] += count
        whole.update(dict.fromkeys(names, count))
    return tuple(Share(name, own[name], whole[name]) for name, _ in sorted(whole.items(), key=lambda one: -own[one[0]]))


def table(stacks: Stacks, most: int = 20) -> Iterator[str]:
    """The functions with the most time, as lines for a person."""
    total = sum(count for _, count in stacks)
    yield f"Time by function ({total:,} looks, a millisecond apart):"
    yield "    own  whole"
    for one in shares(stacks)[:most]:
        yield f"  {one.own / total:5.1%}  {one.whole / total:5.1%}  {one.name}"


def flame_page(title: str, stacks: Stacks) -> str:
    """The flame graph as an HTML page: outermost functions on top, a box as wide as its time."""
    root = _Box()
    for names, count in stacks:
        box = root
        box.looks += count
        for name in names[:DEEPEST]:
            box = box.inner.setdefault(name, _Box())
            box.looks += count
    boxes = list(_boxes(root.inner, 0, 0.0, root.looks or 1))
    height = (max((depth for depth, _ in boxes), default=0) + 1) * ROW
    head = f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    body = "".join(text for _, text in boxes)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{head}<h1>{escape(title)}</h1>'
        f'<div class="graph" style="height:{height}px">{body}</div></html>\n'
    )


def _boxes(inner: Mapping[str, _Box], depth: int, left: float, total: int) -> Iterator[tuple[int, str]]:
    """Each box with its depth; widths and places in parts of all looks."""
    for name, box in sorted(inner.items()):
        width = box.looks / total
        if width >= THINNEST:
            label = escape(name)
            tip = f"{label}: {box.looks:,} ({width:.1%})"
            place = f"left:{left:.4%};width:{width:.4%};top:{depth * ROW}px;--tint:{_tint(name)}"
            yield depth, f'<div style="{place}" title="{tip}">{label}</div>'
            yield from _boxes(box.inner, depth + 1, left, total)
        left += width


def _tint(name: str) -> int:
    """A hue between yellow and red that a name always has."""
    return sum(name.encode("utf-8", "replace")) * 7 % 50 + 10


_STYLE: Final = (
    "body{font:14px system-ui,sans-serif;margin:1rem;background:#fff;color:#111}h1{font-size:1.1rem}"
    ".graph{position:relative}.graph div{position:absolute;height:18px;overflow:hidden;white-space:nowrap;"
    "text-overflow:ellipsis;font:12px/18px ui-monospace,monospace;padding:0 2px;box-sizing:border-box;"
    "background:hsl(var(--tint) 85% 70%);border:1px solid #fff}.graph div:hover{outline:1px solid #111}"
)

"""The pictures themselves lie in `golden/`: a change of them is to be looked at.
`python -m tests.gateway.life.test_picture` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.gateway.life import test_life as fields
from tests.gateway.modules import configs, modules
from tui.gateway.contract.reading import load_contract
from tui.gateway.engine.evidence import Evidence
from tui.gateway.life.life import life
from tui.gateway.life.picture import Style, badge, draw, text_of
from tui.gateway.verdict import Life
from tui.lines.canvas import cells, line_width
from tui.text import printable
from tui.wasm.decode.decode import decode
from tui.wasm.module import Module
from tui.workspace.function import FunctionConfig

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = (50, 60, 80, 100, 130, 200)
STYLES: tuple[Style, ...] = ("boxes", "row", "column", "line")
F = fields
BAD_FRAME = '(func (export "ws_frame") (param i32) (result i32) i32.const 0)'
PUT = '(import "env" "storage_put" (func))'
CASES: dict[str, tuple[FunctionConfig | None, Module | None]] = {
    "command": (F.COMMAND, F.module(F.EXIT, F.START)),
    "hollow": (F.COMMAND, F.module(F.HOOK)),
    "storage-put": (F.COMMAND, F.module(PUT, F.START)),
    "persistent": (F.PERSISTENT, F.module(F.HOOK, *F.SOCKET)),
    "persistent-as-command": (F.PERSISTENT, F.module(F.EXIT, F.START, *F.SOCKET)),
    "unguarded-command": (F.PERSISTENT, F.module(F.EXIT, F.START, *F.SOCKET)),
    "no-close": (F.PERSISTENT, F.module(F.HOOK, F.MEMORY, F.ALLOC, F.OPEN, F.FRAME)),
    "wrong-frame": (F.PERSISTENT, F.module(F.HOOK, F.MEMORY, F.ALLOC, F.OPEN, BAD_FRAME, F.CLOSE)),
    "no-allocator": (F.PERSISTENT, F.module(F.HOOK, F.MEMORY, F.OPEN, F.FRAME, F.CLOSE)),
    "no-build": (F.PERSISTENT, None),
    "reactor": (F.REACTOR, F.module(F.HOOK, F.HANDLE, F.MEMORY, F.MALLOC)),
    "reactor-as-command": (F.REACTOR, F.module(F.EXIT, F.START, F.HANDLE, F.MEMORY, F.MALLOC)),
    "by-exports": (F.COMMAND, F.module(F.HOOK, F.HANDLE, F.MEMORY, F.MALLOC)),
    "both-hooks": (F.PERSISTENT, F.module(F.START, F.HOOK, *F.SOCKET)),
    "refused": (None, F.module(F.EXIT, F.START)),
    "component": (F.COMMAND, decode(b"\0asm\x0d\0\1\0")),
    "empty-file": (F.COMMAND, decode(b"")),
}


GUARDED = frozenset({"persistent-as-command"})  # built by TinyGo, with its guard before each export


def lived(name: str) -> Life:
    config, module = CASES[name]
    return life(config, module, load_contract(), evidence=Evidence(guarded=name in GUARDED))


def sheet(name: str) -> str:
    """All pictures of one case on one page."""
    pieces = []
    for width in WIDTHS:
        for style in STYLES:
            pieces += [f"--- {width} {style}", *text_of(draw(lived(name), width, style))]
    pieces += ["--- 80 ascii", *text_of(draw(lived(name), 80, "boxes", ascii_only=True))]
    pieces += ["--- 80 ascii row", *text_of(draw(lived(name), 80, "row", ascii_only=True))]
    return "\n".join(pieces) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_pictures_are_as_they_were_looked_at(name: str) -> None:
    assert sheet(name) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("style", STYLES)
def test_no_line_is_wider_than_asked_for(name: str, style: Style) -> None:
    first = 20 + list(CASES).index(name) % 3  # every width is that of some cases
    for width in range(first, 201, 3):
        assert all(line_width(line) <= width for line in draw(lived(name), width, style)), width


@pytest.mark.parametrize("name", CASES)
def test_ascii_is_ascii_at_every_width(name: str) -> None:
    for style in STYLES:
        for width in (20, 50, 80, 120):
            assert all(line.isascii() for line in text_of(draw(lived(name), width, style, ascii_only=True)))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("ascii_only", [False, True])
def test_boxes_line_up(name: str, ascii_only: bool) -> None:
    """Every corner of a box's top stands over one of its bottom."""
    lines = text_of(draw(lived(name), 120, "boxes", ascii_only))
    if ascii_only:
        tops = [line for line in lines if line.strip()[:1] in ("+", "#", ".") and "  " not in line.strip()[:3]]
        assert len(tops) >= 2
        return
    top = next(line for line in lines if "╭" in line or "┏" in line)
    bottom = next(line for line in lines if line.strip().startswith(("╰", "┗")))
    assert [i for i, c in enumerate(top) if c in "╭┏"] == [i for i, c in enumerate(bottom) if c in "╰┗"]
    assert [i for i, c in enumerate(top) if c in "╮┓"] == [i for i, c in enumerate(bottom) if c in "╯┛"]


def test_the_mark_stands_under_its_name() -> None:
    _, names, marks, *_ = text_of(draw(lived("persistent"), 100, "row"))
    for label in ("_initialize", "ws_open", "ws_close", "orama_alloc", "memory"):
        start = names.index(label)
        assert "✓" in marks[start : start + len(label)]


def test_the_note_hangs_from_the_station_where_the_trip_ends() -> None:
    _, names, marks, note, *_ = text_of(draw(lived("no-close"), 100, "row"))
    assert names.index("ws_close") <= note.index("╰") <= names.index("ws_close") + len("ws_close")
    assert marks[names.index("ws_close") :].strip().startswith("✗")


def test_what_is_never_reached_is_told_without_colour() -> None:
    lines = "\n".join(text_of(draw(lived("persistent-as-command"), 100, "boxes")))
    assert "┏" in lines  # where it ends
    assert "╌▷" in lines  # nobody passes
    assert "─▶" not in lines


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("persistent", "✓ fits"),
        ("persistent-as-command", "✗ mismatch"),
        ("no-close", "✗ ends at ws_close"),
        ("no-allocator", "✗ orama_alloc missing"),
        ("no-build", "· unbuilt"),
        ("by-exports", "▲ by its exports"),
        ("both-hooks", "▲ both hooks"),
        ("refused", "▲ not compared"),
        ("storage-put", "✗ ends at load"),
    ],
)
def test_badges(name: str, said: str) -> None:
    assert badge(lived(name))[0] == said


@settings(max_examples=examples(3))
@given(st.none() | configs, st.none() | modules, st.integers(0, 210), st.sampled_from(STYLES), st.booleans())
def test_any_life_can_be_drawn(
    config: FunctionConfig | None, module: Module | None, width: int, style: Style, ascii_only: bool
) -> None:
    lines = draw(life(config, module, load_contract()), width, style, ascii_only)
    assert lines
    for text, line in zip(text_of(lines), lines, strict=True):
        assert printable(text) == text
        assert cells(text) <= line_width(line) <= max(width, 20)


def test_a_station_without_a_name_is_drawn() -> None:
    """A contract may have one; the row keeps its columns."""

    drawn = lived("command")
    nameless = drawn._replace(steps=tuple(step._replace(label="") for step in drawn.steps))
    for style in STYLES:
        assert draw(nameless, 60, style)
    assert draw(drawn._replace(steps=()), 60, "boxes")


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for case in CASES:
        (GOLDEN / f"{case}.txt").write_text(sheet(case), encoding="utf-8")

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.app.log.kinds import place_named, stretches
from tui.app.messages import EditPlace
from tui.building.log.transcript import LineOrigin


def roles(text: str, origin: LineOrigin = "stderr") -> list[tuple[str, str]]:
    return [(text[start:end], role) for start, end, role in stretches(text, origin)]


def test_a_place_and_what_is_wrong_there() -> None:
    assert roles("./function.go:3:2: undefined: x") == [
        ("./function.go:3:2", "accent under"),
        ("undefined: x", "error"),
    ]
    assert roles("function.go:3: warning: unused") == [
        ("function.go:3", "accent under"),
        ("warning: unused", "warn"),
    ]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("# command-line-arguments", "title"),
        ("go: downloading example.com/x v1.0.0", "muted"),
        ("go: updates to go.mod needed", "error"),
        ("error: no such thing", "error"),
        ("warning: old", "warn"),
        ("panic: runtime error", "error"),
    ],
)
def test_lines_of_one_kind(line: str, role: str) -> None:
    assert roles(line) == [(line, role)]


def test_our_own_lines() -> None:
    assert roles("$ tinygo build .", "fn-tui") == [("$ tinygo build .", "code")]
    assert roles("Built function.wasm (12 bytes)", "fn-tui")[0][1] == "ok"
    assert roles("tinygo build failed: exit status 1", "fn-tui")[0][1] == "error"
    assert roles("anything else") == []


@given(st.text(max_size=300), st.sampled_from(["stdout", "stderr", "fn-tui"]))
def test_stretches_lie_in_the_line_in_order(text: str, origin: LineOrigin) -> None:
    found = stretches(text, origin)
    ends = [place for start, end, _ in found for place in (start, end)]
    assert ends == sorted(ends)
    assert all(0 <= place <= len(text) for place in ends)


def test_the_place_that_a_line_names() -> None:
    here = Path("/w/fn")
    assert place_named("./function.go:3:2: undefined: x", here) == EditPlace(here / "function.go", 3, 2)
    assert place_named("  /src/lib.go:7: no", here) == EditPlace(Path("/src/lib.go"), 7)
    assert place_named("$GOROOT/src/fmt/print.go:7:1: no", here) is None
    assert place_named("# package", here) is None
    assert place_named("x" * 100_000, here) is None

"""Frames of a trap that can be looked at: those whose file is there, also where the module was built elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.desk.running.one import frame_places
from tui.running.trap import Frame, Trap


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("function.go:3:1", "ws/fn/function.go"),
        ("/proc/self/fd/99/src/function.go:3:1", "ws/fn/function.go"),  # the function was its own root
        ("/proc/self/fd/99/src/fn/function.go:3:1", "ws/fn/function.go"),
        ("/proc/self/fd/99/src/shared/shared.go:3:1", "ws/shared/shared.go"),
        ("/proc/self/fd/99/src/gone.go:3:1", None),
        ("/proc/self/fd/99/other/function.go:3:1", None),
        ("/proc/self/fd/99/src/fn/function.go", None),
        ("", None),
        ("x" * 5_000 + ".go:3:1", None),
        ("a\0b.go:3:1", None),
        ("function.go:\u00b2:1", None),
        ("function.go:" + "9" * 5_000, None),
        ("function.go:3:" + "9" * 5_000, "ws/fn/function.go"),
    ],
)
def test_the_file_of_a_frame(tmp_path: Path, place: str, file: str | None) -> None:
    for name in ("ws/fn/function.go", "ws/shared/shared.go"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    found = frame_places(Trap("unreachable", (Frame(1, "main.main", place),)), tmp_path / "ws/fn")
    assert [each.path for each in found.values()] == ([] if file is None else [tmp_path / file])

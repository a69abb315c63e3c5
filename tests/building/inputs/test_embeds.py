from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.building.inputs.embeds import embedded_files


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("package")
    for name in (
        "a.txt",
        "b.txt",
        ".hidden",
        "static/x.html",
        "static/.dot",
        "static/_under",
        "static/deep/y.css",
        "b c",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (root / "static/module").mkdir()
    (root / "static/module/go.mod").write_text("module x\n")
    (root / "static/module/z.txt").write_text("")
    return root


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a.txt", ["a.txt"]),
        ("*.txt", ["a.txt", "b.txt"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("[^a].txt", ["b.txt"]),
        ("b c", ["b c"]),
        ("static", ["static/x.html", "static/deep/y.css"]),
        ("all:static", ["static/.dot", "static/_under", "static/x.html", "static/deep/y.css"]),
        ("static/*.html", ["static/x.html"]),
        ("*/deep", ["static/deep/y.css"]),
        (".hidden", [".hidden"]),
        ("../*", []),
        ("/etc/passwd", []),
        ("nothing", []),
        ("", []),
    ],
)
def test_patterns(package: Path, pattern: str, names: list[str]) -> None:
    assert sorted(str(path.relative_to(package)) for path in embedded_files(package, (pattern,))) == sorted(names)


@settings(max_examples=60)
@given(st.text("ab*?[]^-/.\\ all:", max_size=12))
def test_any_pattern(package: Path, pattern: str) -> None:
    assert all(path.is_relative_to(package) for path in embedded_files(package, (pattern,)))

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.inputs.gomod import directives, module_graph


def test_blocks_and_comments() -> None:
    text = 'module x // why\n// module y\nreplace (\n\ta => ./a // c\n\tb v1 => "../b"\n)\nuse .\n'
    assert list(directives(text)) == [
        ("module", ["x"]),
        ("replace", ["a", "=>", "./a"]),
        ("replace", ["b", "v1", "=>", "../b"]),
        ("use", ["."]),
    ]


def test_no_go_mod_knows_no_module(tmp_path: Path) -> None:
    assert module_graph(tmp_path).folder("example.com/x") is None


def test_module_above_and_replacements(tmp_path: Path) -> None:
    (tmp_path / "fn").mkdir()
    (tmp_path / "go.sum").write_text("")
    (tmp_path / "go.mod").write_text(
        "module example.com/ws\nreplace example.com/o => ./other\nreplace example.com/p v1.2.3 => example.com/q v1\n"
    )
    graph = module_graph(tmp_path / "fn")
    assert graph.folder("example.com/ws") == tmp_path
    assert graph.folder("example.com/ws/shared/deep") == tmp_path / "shared/deep"
    assert graph.folder("example.com/wsx") is None
    assert graph.folder("example.com/o/x") == tmp_path / "other/x"
    assert graph.folder("example.com/p") is None
    assert graph.folder("fmt") is None
    assert graph.files == (tmp_path / "go.mod", tmp_path / "go.sum")


def test_the_longest_module_path_wins(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/a\nreplace example.com/a/b => ../b\n")
    assert module_graph(tmp_path).folder("example.com/a/b/c") == tmp_path.parent / "b/c"


def test_go_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fn", "lib"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(f"module example.com/{name}\n")
    (tmp_path / "go.work").write_text("go 1.24\nuse (\n\t./fn\n\t./lib\n)\n")
    graph = module_graph(tmp_path / "fn")
    assert graph.folder("example.com/lib/x") == tmp_path / "lib/x"
    assert tmp_path / "go.work" in graph.files
    assert tmp_path / "lib/go.mod" in graph.files
    monkeypatch.setenv("GOWORK", "off")
    assert module_graph(tmp_path / "fn").folder("example.com/lib/x") is None


def test_a_go_work_without_this_module_is_not_in_force(tmp_path: Path) -> None:
    for name in ("fn", "lib"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "go.mod").write_text(f"module example.com/{name}\n")
    (tmp_path / "go.work").write_text("use ./lib\n")
    assert module_graph(tmp_path / "fn").folder("example.com/lib") is None


def test_vendor(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module example.com/fn\n")
    (tmp_path / "vendor/example.com/dep").mkdir(parents=True)
    assert module_graph(tmp_path).folder("example.com/dep") is None  # go build does not use it without modules.txt
    (tmp_path / "vendor/modules.txt").write_text("")
    assert module_graph(tmp_path).folder("example.com/dep") == tmp_path / "vendor/example.com/dep"
    assert tmp_path / "vendor/modules.txt" in module_graph(tmp_path).files


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    assert all(words is not None for _, words in directives(text))


@given(st.lists(st.sampled_from(["replace", "=>", "(", ")", "\n", "./a", "module", "use", '"', "//"]), max_size=30))
def test_any_words(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    root = tmp_path_factory.mktemp("mod")
    (root / "go.mod").write_text(" ".join(words))
    folder = module_graph(root).folder("example.com/x")
    assert folder is None or folder.is_absolute()

from __future__ import annotations

from pathlib import Path

import pytest

from tui.app.desk.reading.disk import touched_functions
from tui.app.desk.store import Store
from tui.workspace.find import find_functions


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("chat", "shop/ledger", "shop/order"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "function.yaml").write_text("name: fn\n")
        (tmp_path / name / "function.go").write_text("package main\n")
    (tmp_path / "chat" / "go.mod").write_text("module chat\n")
    (tmp_path / "shop" / "go.mod").write_text("module shop\n")
    (tmp_path / "shop" / "lib").mkdir()
    return tmp_path


@pytest.fixture
def store(root: Path) -> Store:
    store = Store()
    store.find(find_functions(root)[0])
    assert store.paths == ["chat", "shop/ledger", "shop/order"]
    return store


@pytest.mark.parametrize(
    ("changed", "touched", "structural"),
    [
        (["chat/function.go"], {"chat"}, False),
        (["chat/function.yaml"], {"chat"}, False),
        (["chat/deep/er/x.txt"], {"chat"}, False),
        (["chat/function.wasm", "shop/order/a.go"], {"chat", "shop/order"}, False),
        (["shop/lib/lib.go"], {"shop/ledger", "shop/order"}, False),  # a package that both may import
        (["shop/go.mod"], {"shop/ledger", "shop/order"}, False),
        (["go.mod"], {"chat", "shop/ledger", "shop/order"}, False),
        (["README.md"], set(), False),
        (["shop/new/function.yaml"], set(), True),
        (["shop/new"], set(), True),
        (["shop"], set(), True),
        (["chat"], {"chat"}, True),
        (["chat/inner/function.go"], {"chat"}, True),
        ([], set(), False),
    ],
)
def test_what_a_change_touches(
    root: Path, store: Store, changed: list[str], touched: set[str], structural: bool
) -> None:
    found, again = touched_functions(store.places, [root / path for path in changed])
    assert (set(found), again) == (touched, structural)


def test_a_function_file_that_goes_away_makes_one_look_again(root: Path, store: Store) -> None:
    (root / "chat" / "function.go").unlink()
    assert touched_functions(store.places, [root / "chat" / "function.go"]) == (["chat"], True)


@pytest.mark.parametrize("folder", ["api.v2", "chat/parts", "chat/v1.2"])
def test_a_folder_of_functions_that_goes_away_makes_one_look_again(root: Path, store: Store, folder: str) -> None:
    for name in ("one", "two"):
        (root / folder / name).mkdir(parents=True)
        (root / folder / name / "function.yaml").write_text("name: fn\n")
    store.find(find_functions(root)[0])
    assert f"{folder}/one" in store.paths
    assert not touched_functions(store.places, [root / folder / "notes.txt"])[1]
    (root / folder).rename(root.parent / f"{root.name}-elsewhere")
    assert touched_functions(store.places, [root / folder])[1]

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.building.errors.undefined import find_declaration, find_package_clause

SOURCE = """// Package main.
package main

import "unsafe"

//go:wasmimport env get_caller
func getCaller() uint64

func withBody(a int,
	b func() (int, error)) interface{} { return nil }

func missing(a int,
	b string) (int, error)

\t func indented()

type T struct{}

func (t *T) method(x int)

func (t *T) done() {}

func generic[K comparable](k K) interface{}

func text(s string) { _ = "func missing(" }
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "function.go"
    path.write_text(SOURCE)
    return path


@pytest.mark.parametrize(
    ("symbol", "place"),
    [
        ("main.missing", (12, 6)),
        ("main.getCaller", (7, 6)),
        ("env.get_caller", (7, 6)),
        ("main.(*T).method", (19, 13)),
        ("(*main.T).method", (19, 13)),
        ("main.generic", (23, 6)),
        ("main.withBody", None),
        ("main.(*T).done", None),
        ("other.missing", None),
        ("main.nothere", None),
        ("main.", None),
        ("", None),
        ("main.a(b", None),
    ],
)
def test_declarations(source: Path, symbol: str, place: tuple[int, int] | None) -> None:
    found = find_declaration(symbol, [source])
    assert (None if found is None else (found.line, found.column)) == place


def test_another_package_of_the_module(tmp_path: Path, source: Path) -> None:
    other = tmp_path / "shared/x.go"
    other.parent.mkdir()
    other.write_text("package shared\n\nfunc missing()\n")
    found = find_declaration("example.com/fn/shared.missing", [source, other])
    assert found is not None
    assert (found.path, found.line) == (other, 3)


def test_columns_count_bytes_as_go_does(tmp_path: Path) -> None:
    path = tmp_path / "a.go"
    path.write_text("/* é */ package main\n")
    assert find_package_clause([path]) is None  # a clause behind a comment on its line: nothing is guessed
    path.write_text("package main // é\n\nfunc (é T) f()\n")
    found = find_declaration("main.(T).f", [path])
    assert found is not None
    assert (found.line, found.column) == (3, 13)


def test_no_files(tmp_path: Path) -> None:
    assert find_declaration("main.x", [tmp_path / "gone.go"]) is None
    assert find_package_clause([]) is None


@given(st.text(max_size=30))
def test_any_symbol(tmp_path_factory: pytest.TempPathFactory, symbol: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.go"
    path.write_text(SOURCE)
    found = find_declaration(symbol, [path])
    assert found is None or (found.path == path and 1 <= found.line <= len(SOURCE.splitlines()))


@given(st.text("func main.x(){}[]*\n ", max_size=60))
def test_any_source(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "source.go"
    path.write_text(text)
    found = find_declaration("main.x", [path])
    assert found is None or (found.path == path and "x" in text.split("\n")[found.line - 1])

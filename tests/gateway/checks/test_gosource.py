from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ECHO_SOURCE, PERSISTENT_SOURCE
from tui.gateway.checks.gosource import built, scan
from tui.wasm.module import FuncType

SOURCE = """// Package main.
package main

/*
//go:wasmimport env commented_out
func commentedOut()
*/

var text = "//go:wasmexport in_a_string"
var raw = `
//go:wasmexport in_a_raw_string
func inARawString()
`

//go:wasmimport env cache_set
//go:noescape
func cacheSet(key *byte, keyLength uint32, value unsafe.Pointer, valueLength uint32, ttl int64)

//go:wasmimport host log_info
func logInfo(text string)

//go:wasmexport pair
func pair(uint32, float64) (result uint64)

//export legacy
func legacy(a, b int32, c float32) int32 { return '"' }

//go:wasmexport unknown_type
func unknownType(v []byte) error { return nil }

// go:wasmexport with_a_space
func notADirective() {}

func main() {}
"""


def test_directives_are_read_with_lines_and_types() -> None:
    file = scan("function.go", SOURCE)
    assert [(i.module, i.name, i.go_name, str(i.place)) for i in file.imports] == [
        ("env", "cache_set", "cacheSet", "function.go:15"),
        ("host", "log_info", "logInfo", "function.go:19"),
    ]
    assert [i.type for i in file.imports] == [FuncType(("i32", "i32", "i32", "i32", "i64")), FuncType(("i32", "i32"))]
    assert [(e.name, e.go_name, e.legacy, e.place.line) for e in file.exports] == [
        ("pair", "pair", False, 22),
        ("legacy", "legacy", True, 25),
        ("unknown_type", "unknownType", False, 28),
    ]
    assert [e.type for e in file.exports] == [
        FuncType(("i32", "f64"), ("i64",)),
        FuncType(("i32", "i32", "f32"), ("i32",)),
        None,
    ]


def test_package_main_and_stdio() -> None:
    file = scan("function.go", SOURCE)
    assert (file.package, str(file.main), file.stdio) == ("main", "function.go:34", None)
    echo = scan("function.go", ECHO_SOURCE)
    assert str(echo.stdio) == "function.go:9"
    assert scan("a.go", 'package main\nvar x = "os.Stdin" // os.Stdout\n').stdio is None
    assert scan("a.go", "package main\nfunc f() { fmt.Println(1) }\n").stdio is not None


def test_main_must_be_a_plain_function() -> None:
    assert scan("a.go", "package main\nfunc (t T) main() {}\nvar _ = func() {}\n").main is None
    assert scan("a.go", "package main\nfunc mainly() {}\n").main is None


def test_types_of_real_exports_are_those_of_the_module_that_go_builds(persistent_reactor: bytes) -> None:
    from tui.wasm.decode.decode import decode

    module = decode(persistent_reactor)
    declared = scan("function.go", PERSISTENT_SOURCE).exports
    assert len(declared) == 4
    for entry in declared:
        export = module.export(entry.name)
        assert export is not None
        assert export.type == entry.type


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("", True),
        ("//go:build wasm", True),
        ("//go:build wasip1 && wasm", True),
        ("//go:build tinygo", True),
        ("//go:build !tinygo", False),
        ("//go:build ignore", False),
        ("//go:build linux || darwin", False),
        ("//go:build linux || (wasm && !windows)", True),
        ("//go:build go1.21 && !go1.20", False),
        ("//go:build (((", True),
        ("//go:build &&", False),
    ],
)
def test_build_constraints(line: str, taken: bool) -> None:
    assert built(f"// A comment.\n\n{line}\n\npackage main\n") is taken


def test_a_constraint_after_the_package_clause_is_a_comment() -> None:
    assert built("package main\n\n//go:build ignore\n")


@given(st.text() | st.text(alphabet="/*\"`'\\\n()go:wasmexport, ", max_size=200))
def test_any_text_is_scanned(text: str) -> None:
    found = scan("x.go", text)
    lines = text.count("\n") + 1
    places = [found.main, found.stdio, *(export.place for export in found.exports)]
    assert all(place.line is not None and 1 <= place.line <= lines for place in places if place is not None)
    assert built(text) in (True, False)
    assert built("//go:build " + text) in (True, False)

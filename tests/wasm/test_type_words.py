from __future__ import annotations

from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.decode import decode
from tui.wasm.module import FuncType
from tui.wasm.type_words import type_words


def test_types_on_one_line() -> None:
    found = decode(assemble(FEATURES["every export kind"]))
    assert [type_words(e.type) for e in found.exports][:5] == [
        "()->()",
        "externref, 3 entries, no maximum",
        "1 page (64 KiB), no maximum",
        "mut i64",
        "(i32)",
    ]
    assert type_words(None) == "?"


def test_a_function_type_has_one_form() -> None:
    one = FuncType(("i32", "i32", "i32", "i64"), ("i64",))
    assert (str(one), one.drawn("→")) == ("(i32,i32,i32,i64)->i64", "(i32,i32,i32,i64)→i64")
    assert one.drawn("→", "×") == "(i32×3,i64)→i64"
    assert str(FuncType(results=("i32", "i64"))) == "()->(i32,i64)"
    assert str(FuncType(results=("i32",), more_results=2)) == "()->(i32, and 2 more)"

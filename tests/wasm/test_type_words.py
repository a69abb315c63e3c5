from __future__ import annotations

from tests.wasm.features import FEATURES, assemble
from tui.wasm.decode.decode import decode
from tui.wasm.type_words import type_words


def test_types_on_one_line() -> None:
    found = decode(assemble(FEATURES["every export kind"]))
    assert [type_words(e.type) for e in found.exports][:5] == [
        "() -> ()",
        "externref, 3 entries, no maximum",
        "1 page (64 KiB), no maximum",
        "mut i64",
        "(i32)",
    ]
    assert type_words(None) == "?"

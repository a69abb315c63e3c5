from __future__ import annotations

from tests.wasm.binary import body, functions, leb, module, section, vec
from tui.wasm.decode.decode import decode


def test_nothing_is_told_below_half() -> None:
    assert decode(module(functions(body()))).headroom == ()
    assert decode(module(section(5, vec(b"\0" + leb(32768))))).headroom == ()


def test_what_is_above_half_is_told_nearest_first() -> None:
    memory = section(5, vec(b"\0" + leb(40_000)))
    data = section(11, leb(98_450) + b"\1\0" * 98_450)
    found = decode(module(memory, data)).headroom
    assert [(item.what, item.used, item.limit) for item in found] == [
        ("data segments", 98_450, 100_000),
        ("memory pages", 40_000, 65_536),
    ]
    assert round(found[0].share, 4) == 0.9845


def test_wide_signatures_bodies_and_locals() -> None:
    wide = b"\x60" + leb(600) + b"\x7f" * 600 + b"\0"
    types = section(1, vec(wide, b"\x60\0\0"))
    big = body(b"\x01" * 4_000_000, local_runs=b"\1" + leb(30_000) + b"\x7f")
    found = decode(module(types, section(3, b"\1\1"), section(10, vec(big))))
    assert {item.what for item in found.headroom} == {
        "parameters of a function",
        "bytes of a function body",
        "locals of a function",
    }

"""Rust's two manglings. The v0 symbols are those that rustc itself gives, with what they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.wasm.sizes.packages import place
from tui.wasm.sizes.rust_legacy import demangle_legacy
from tui.wasm.sizes.rust_v0 import MOST_STEPS, demangle_v0

LEGACY = {
    "_ZN4core3fmt9Formatter3pad17hc37df5fe473929d4E": "core::fmt::Formatter::pad",
    "_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Write$GT$9write_str17he8b31b395be857d2E": (
        "<alloc::string::String as core::fmt::Write>::write_str"
    ),
    "_ZN4main4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE": "main::main::{{closure}}",
    "_ZN3std2io5Write9write_all17h0123456789abcdefE.llvm.42": "std::io::Write::write_all",
}
V0 = {
    "_RNvC7mycrate3foo": "mycrate::foo",
    "_RNvC6_123foo3bar": "123foo::bar",
    "_RNvNtCs1234_7mycrate3mod3foo": "mycrate::mod::foo",
    "_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_": "cc::spawn::{closure}::{closure}",
    "_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y": "utf8_idents::საჭმელად_გემრიელი_სადილი",
    "_RMC0INtC8arrayvec8ArrayVechKj7b_E": "<arrayvec::ArrayVec<u8, 123>>",
    "_RNCINkXs25_NgCsbmNqQUJIY6D_4core5sliceINyB9_4IterhENuNgNoBb_4iter8iterator8Iterator9rpositionNCNgNpB9_6memchr7memrchr"
    "s_0E0Bb_": "<core::slice::Iter<u8> as core::iter::iterator::Iterator>::rposition<core::slice::memchr::memrchr"
    "::{closure}>::{closure}",
    "_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std": (
        "alloc::alloc::box_free<dyn alloc::boxed::FnBox<()><Output = ()>>"
    ),
}
NOT_RUST = [
    "_ZN4core3fmtE",
    "_ZNSt6vectorIiE4pushEv",
    "_R",
    "_RNv",
    "malloc",
    "_RNvC9x",
    "main.main",
    "",
    "_ZN",
    "_RB_",
]


@pytest.mark.parametrize(("symbol", "path"), LEGACY.items())
def test_legacy(symbol: str, path: str) -> None:
    assert demangle_legacy(symbol) == path
    assert demangle_v0(symbol) is None


@pytest.mark.parametrize(("symbol", "path"), V0.items())
def test_v0(symbol: str, path: str) -> None:
    assert demangle_v0(symbol) == path


@pytest.mark.parametrize("symbol", NOT_RUST)
def test_what_is_not_rust(symbol: str) -> None:
    assert (demangle_legacy(symbol), demangle_v0(symbol)) == (None, None)


@pytest.mark.parametrize(
    ("symbol", "crate"),
    [
        (next(iter(LEGACY)), "core"),
        (list(LEGACY)[1], "alloc"),
        ("_RNvC7mycrate3foo", "mycrate"),
        (list(V0)[5], "arrayvec"),
        ("_RNvXCs1_1aRNtC1b1TNtC1c1U1f", "b"),
    ],
)
def test_functions_are_grouped_by_crate(symbol: str, crate: str) -> None:
    placed = place(symbol, "Rust 1.92.0")
    assert (placed.group, placed.package) == ("package", crate)


def test_what_a_tool_has_demangled_already() -> None:
    placed = place("core::fmt::Formatter::pad::hc37df5fe473929d4", "Rust")
    assert (placed.package, placed.function) == ("core", "core::fmt::Formatter::pad")


def test_a_name_that_refers_to_itself_ends() -> None:
    assert demangle_v0("_R" + "NvB_" * 2000) is None
    assert demangle_v0("_RI" + "TB0_B0_B0_E" * 500) is None


@given(st.text("_RNvCMXYIBE0123456789abcsuTK", max_size=60))
def test_any_text_is_told_apart_or_read(rest: str) -> None:
    found = demangle_v0("_R" + rest)
    assert found is None or isinstance(found, str)
    assert demangle_legacy("_ZN" + rest) is None or rest


def test_steps_are_counted_however_they_are_taken() -> None:
    def nested(depth: int, disambiguator: str = "") -> str:
        return "_R" + "Nv" * depth + f"C{disambiguator}1a" + "1b" * depth

    assert demangle_v0(nested(3)) == "a::b::b::b"
    assert demangle_v0(nested((MOST_STEPS - 1) // 2)) is not None
    assert demangle_v0(nested((MOST_STEPS - 1) // 2 + 1)) is None
    assert demangle_v0(nested(0, "s" + "z" * (MOST_STEPS - 2) + "_")) == "a"
    assert demangle_v0(nested(0, "s" + "z" * (MOST_STEPS - 1) + "_")) is None
    assert demangle_v0(nested(0, "s_")) == "a"

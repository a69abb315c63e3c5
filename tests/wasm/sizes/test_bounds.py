"""Sizes of modules that are made to take long: the clock is looked at all along, and what it stops is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.wasm.binary import body, custom, function_names, functions, leb, module, section, vec
from tui.wasm.decode.budget import BATCH, OutOfTime
from tui.wasm.decode.core.names import read_names
from tui.wasm.decode.decode import decode
from tui.wasm.diff import diff_modules
from tui.wasm.difference_text import diff_lines
from tui.wasm.sizes import sizes
from tui.wasm.sizes.go_paths import import_paths
from tui.wasm.sizes.packages import LONGEST, place
from tui.wasm.sizes.retained import retained_sizes
from tui.wasm.sizes.roots import root_functions
from tui.wasm.sizes.rust_legacy import demangle_legacy
from tui.wasm.sizes.rust_v0 import demangle_v0
from tui.wasm.sizes.sizes import retained_note, size_report

MANY = 3 * BATCH


class Clock:
    """A look at the clock that counts, and says that the time is up after so many."""

    def __init__(self, most: int = 1 << 30) -> None:
        self.looks, self.most = 0, most

    def __call__(self) -> None:
        self.looks += 1
        if self.looks > self.most:
            raise OutOfTime


def named(count: int = MANY) -> bytes:
    """So many functions, each calls the next, each with a name."""
    code = functions(*(body(b"\x10" + leb(index + 1)) for index in range(count - 1)), body())
    return module(code, function_names({index: f"main.f{index}" for index in range(count)}))


def test_functions_that_take_too_long_are_one_row_and_that_is_said() -> None:
    source = named()
    found = decode(source)
    whole = size_report(source, found, clock := Clock())
    assert clock.looks > MANY * sizes.PLACING / BATCH
    assert whole.rows[0].name == "main"
    for most in (0, clock.looks // 2, clock.looks - 1):
        cut = size_report(source, found, Clock(most))
        assert [(row.name, row.size) for row in cut.rows] == [("not told apart", whole.code_bytes)]
        assert cut.retained_note == OutOfTime.reason


def test_more_functions_than_are_told_are_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "MOST", 5)
    source = named(6)
    report = size_report(source, decode(source))
    assert [row.name for row in report.rows] == ["not told apart"]
    assert report.retained_note == "more than 5 functions are not told one by one"


def test_of_more_imports_than_any_module_has_nothing_is_retained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two million of them, 8 MB, took 760 MB of memory, though one function alone was there to call them."""
    monkeypatch.setattr(sizes, "MOST", 5)
    found = decode(named(3))
    few, many = (found._replace(functions=found.functions._replace(imported=count)) for count in (5, 6))
    assert retained_note(few) is None
    assert retained_note(many) == "more than 5 functions are imported: what is retained is not looked for"


def test_retained_sizes_look_at_the_clock_at_every_stage() -> None:
    source = named()
    found = decode(source)
    kept = retained_sizes(source, found, clock := Clock())
    assert kept.functions[0] == found.functions.code_bytes
    for most in (0, *range(2, clock.looks, clock.looks // 4), clock.looks - 1):
        with pytest.raises(OutOfTime):
            retained_sizes(source, found, Clock(most))


@pytest.mark.parametrize(
    "part",
    [
        section(9, leb(MANY) + b"\1\0\0" * MANY),
        section(9, b"\1\0\x41\0\x0b" + leb(MANY) + b"\x80\0" * MANY),
        section(9, b"\1\4\x41\0\x0b" + leb(MANY) + b"\xd2\0\x0b" * MANY),
        section(6, leb(MANY) + b"\x7f\0\x41\0\x0b" * MANY),
        section(6, b"\1\x7f\0" + b"\x41\0\x41\0\x6a" * MANY + b"\x0b"),
    ],
    ids=["segments", "indices", "expressions", "globals", "one expression"],
)
def test_roots_look_at_the_clock(part: bytes) -> None:
    source = module(part)
    root_functions(source, decode(source), clock := Clock())
    assert clock.looks >= 2


def test_names_that_there_was_no_time_for_are_warned_of() -> None:
    source = named()
    found = decode(source)
    read_names(source, found, clock := Clock())
    assert clock.looks >= MANY // BATCH
    names = read_names(source, found, Clock(1))
    assert len(names.symbols) == BATCH + 1
    assert "some names are missing" in names.warnings[0].message


def test_a_broken_name_section_of_many_entries_looks_at_the_clock() -> None:
    entries = leb(MANY + 1) + b"\0\0" * MANY
    source = module(functions(body()), custom("name", b"\1" + leb(len(entries)) + entries))
    names = read_names(source, decode(source), clock := Clock())
    assert clock.looks >= MANY // BATCH
    assert "end too early" in names.warnings[0].message


def test_go_paths_look_at_the_clock() -> None:
    source = module(section(11, vec(b"\1" + leb(MANY * 5) + b"\0a/b." * MANY)))
    import_paths(source, decode(source), clock := Clock())
    assert clock.looks >= MANY // BATCH


def test_what_was_not_compared_is_told_and_is_not_called_equal() -> None:
    old, new = named(), named(MANY + 1)
    never: Callable[[], None] = Clock(0)
    found = diff_modules(old, new, (never, never))
    assert found.functions == found.packages == ()
    assert found.left_out == (f"packages and functions: {OutOfTime.reason}",)
    assert f"not compared: {found.left_out[0]}" in list(diff_lines("a", "b", found))
    other = old.replace(b"main.f0", b"main.g0")
    lines = list(diff_lines("a", "b", diff_modules(old, other, (never, never))))
    assert lines[-1] == "no difference in what was compared"
    assert diff_modules(old, old, (never, never)).left_out == ()


def test_modules_that_were_not_read_to_their_end_are_not_called_equal() -> None:
    long = module(custom("name", b"\1\0" * 20_000))
    found = diff_modules(long, long[:-1] + b"\1")
    assert found.left_out
    assert found.left_out[0].startswith("old: ")


def test_a_symbol_is_read_once_however_long_it_is() -> None:
    shape = "_ZN" + "1a" * 300_000 + "17h0123456789abcdefE"
    assert demangle_legacy(shape) == "::".join("a" * 300_000)
    assert place(shape, None).group == "c"
    assert place("byn$mgfn-shared$" * 100_000 + "main.f", None).package == "main"
    assert place("a." * 1_000_000, "Go 1.25").package == "a"
    assert place("a/" * 1_000_000 + "b.f", "TinyGo 0.35").function == "f"


def test_back_references_repeat_no_more_than_a_name_can_use() -> None:
    long = "a" * (LONGEST // 3)
    again = f"_RINvC{len(long)}{long}1f" + "B2_" * 5 + "E"
    assert demangle_v0(again) is None
    assert len(demangle_v0(again.replace("B2_" * 5, "B2_")) or "") > 2 * len(long)

"""What a module that was not read to its end says of itself: nothing that is not so."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest

from tests.wasm.binary import (
    HEADER,
    body,
    custom,
    function_names,
    functions,
    leb,
    module,
    name,
    producers,
    section,
    vec,
)
from tui.wasm.decode import read
from tui.wasm.decode.budget import Budget, OutOfTime
from tui.wasm.decode.core import type_section
from tui.wasm.decode.decode import decode
from tui.wasm.decode.read import read_module
from tui.wasm.insight import trace_words
from tui.wasm.module import FuncType, Module

START = section(7, vec(name("_start") + b"\0\0"))
VOID = section(1, vec(b"\x60\0\0"))
LARGE_TYPES = section(1, leb(20_000) + b"\x60\0\0" * 20_000)


def patient(source: bytes) -> Module:
    """What is read where only entries are counted: no clock, and no CPU of a slow machine, ends it."""
    return decode(source, budget=Budget(1 << 50, math.inf))


def out_of_time(source: bytes) -> Module:
    return decode(source, deadline=time.monotonic() - 1)


def test_without_time_nothing_is_claimed() -> None:
    found = out_of_time(module(VOID, section(3, b"\1\0"), START, section(10, vec(body()))))
    assert not found.complete
    assert found.mode == "unknown"
    assert found.errors == ()
    assert {"types", "code_bytes"} <= found.not_counted
    assert found.unread >= {1, 7, 10}


def test_types_that_were_not_read_are_no_fault_of_those_that_use_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_section, "MOST", 8_000)
    used = leb(19_000)
    imports = section(2, vec(b"\1a\1b\0" + used))
    found = patient(module(LARGE_TYPES, imports, section(3, vec(used)), START, section(10, vec(body()))))
    assert found.errors == ()
    assert found.unread == {1}
    assert found.imports[0].type is None
    assert found.exports[0].type is None
    assert found.mode == "unknown"


def test_a_mode_that_no_unread_section_touches_is_told() -> None:
    many = section(5, leb(20_000) + b"\0\1" * 20_000)
    found = patient(module(VOID, section(3, b"\1\0"), many, START, section(10, vec(body()))))
    assert found.unread == {5}
    assert found.mode == "command"
    assert found.counts.memories == 20_000
    assert "memories" not in found.not_counted


def test_names_that_were_not_read_are_not_said_to_be_missing() -> None:
    found = patient(module(custom("name", b"\1\0" * 20_000)))
    assert found.unread == {0}
    assert found.stripped is None
    assert "not known" in trace_words(found)


def test_a_thousand_errors_end_the_reading_and_that_is_said() -> None:
    found = patient(HEADER + bytes(10_000))
    assert len(found.errors) == 1000
    assert not found.complete


def test_two_long_signatures_are_equal_only_where_all_of_them_is() -> None:
    wide = b"\x60" + leb(5_000) + b"\x7f" * 5_000 + b"\0"
    other = b"\x60" + leb(5_000) + b"\x7f" * 4_999 + b"\x7e\0"
    found = patient(
        module(section(1, vec(wide, wide, other)), section(2, vec(*(b"\1a\1b\0" + leb(n) for n in range(3)))))
    )
    first, same, differs = (entry.type for entry in found.imports)
    assert isinstance(first, FuncType)
    assert (len(first.params), first.more_params) == (1_000, 4_000)
    assert first == same != differs
    assert str(first) == f"({','.join(['i32'] * 50)}, and 4,950 more)->()"


def test_a_budget_is_of_cpu_and_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    Budget(1000).tick()
    with pytest.raises(OutOfTime):
        Budget(1000, time.monotonic() - 1).tick()
    budget = Budget(1000)
    monkeypatch.setattr("tui.wasm.decode.budget.thread_time", lambda: float("inf"))
    with pytest.raises(OutOfTime):
        budget.tick()


def outlined(path: Path, source: bytes, monkeypatch: pytest.MonkeyPatch) -> Module:
    """The Module of a file that counts as too large to be read whole."""
    monkeypatch.setattr(read, "OUTLINE_ABOVE", 10)
    monkeypatch.setattr("tui.wasm.decode.outline.Budget", lambda _: Budget(1 << 50, math.inf))
    path.write_bytes(source)
    return read_module(path)


def test_an_outline_tells_mode_types_and_toolchain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = producers(processed_by=(("TinyGo", "0.35.0"),))
    source = module(*(VOID, section(3, b"\1\0"), START, section(10, vec(body())), function_names({0: "f"}), said))
    found = outlined(tmp_path / "m.wasm", source, monkeypatch)
    whole = patient(source)
    assert found.mode == "command"
    assert found.toolchain == "TinyGo 0.35.0"
    assert found.stripped is False
    assert (found.exports, found.sections, found.name_parts) == (whole.exports, whole.sections, whole.name_parts)
    assert not found.complete
    assert found.not_counted == {"code_bytes"}
    assert found.errors == ()


def test_an_outline_of_what_is_broken_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outlined(tmp_path / "m.wasm", HEADER + bytes(5_000), monkeypatch)
    assert "custom section" in found.errors[0].message
    assert found.mode == "unknown"
    bad_type = module(section(10, vec(body())), section(1, b"\1\x01"))
    found = outlined(tmp_path / "m.wasm", bad_type, monkeypatch)
    assert found.errors[0].offset == bad_type.rindex(b"\1")


def test_an_outline_says_that_more_sections_follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outlined(tmp_path / "m.wasm", module(custom("c") * 10_001, functions(body())), monkeypatch)
    assert len(found.sections) == 10_000
    assert "those that follow are not read" in found.warnings[1].message
    assert found.mode == "unknown"
    assert "defined" in found.not_counted

"""What is kept of a module beside its code says the same as the module."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running.conftest import wat
from tui.running.answer import Answer, Call, Target
from tui.running.engine import machine as engine
from tui.running.engine.cache import CodeCache
from tui.running.engine.machine import Machine
from tui.running.host.assemble import assemble
from tui.running.host.settings import HostSettings
from tui.running.plan import prepare
from tui.running.plan.derived import outline_of
from tui.running.plan.outline import packed, unpacked
from tui.running.plan.table import host_table
from tui.running.run import run
from tui.wasm.decode.decode import decode

MODULES = [
    "(module)",
    '(module (import "env" "log_info" (func (param i32 i32))) (memory 2 9) (func $s) (start $s))',
    '(module (import "m" "g" (global i32)) (import "m" "t" (table 1 funcref)) (table 50000001 funcref))',
    '(module (memory (export "m\\u{1f600}") 1) (data (i32.const 65536) "x") (func (export "\\01") (param v128 f64)))',
    f'(module (func (export "wide") (param{" i64" * 1_001})))',
    '(module (memory 1) (func (export "fn-tui.memory")) (func $s (export "fn-tui.start")) (start $s))',
]
TRAPS = wat("""(module (import "env" "log_info" (func $log (param i32 i32))) (memory (export "memory") 1)
    (func $inner unreachable) (func (export "_start") (call $log (i32.const 0) (i32.const 0)) (call $inner)))""")


@pytest.mark.parametrize("text", MODULES)
def test_it_comes_back_as_it_was(text: str) -> None:
    found = outline_of(decode(wat(text)))
    read = unpacked(packed(found))
    assert read is not None
    # Only functions have a type there: nothing asks for the others'.
    assert packed(read) == packed(found)
    assert [one.kind for one in read.imports] == [one.kind for one in found.imports]
    assert [one for one in read.exports if one.kind == "func"] == [one for one in found.exports if one.kind == "func"]


def test_its_form_is_told_apart_by_a_number() -> None:
    """Outlines lie on people's disks: where these bytes change, raise PREPARING, then change them here."""
    assert prepare.PREPARING == 2
    assert packed(outline_of(decode(wat(MODULES[5])))) == (
        b'[[],[["fn-tui.memory","func",0,[[],[],0,0,""]],["fn-tui.start","func",1,[[],[],0,0,""]]],'
        b'0,1,"fn-tui.start.","fn-tui.memory.",65536,false,null]'
    )


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"[1,2]", b"\0" * 40, b"[[[1]],[],0]", b"[" * 100_000, b"null"])
def test_what_is_no_outline_is_none(text: bytes) -> None:
    assert unpacked(text) is None


def asked(folder: Path) -> Answer:
    """The answer of an engine that has nothing in memory."""
    bench = assemble(HostSettings(), Machine(CodeCache(folder)), host_table())
    return run(bench, Target("traps", TRAPS), Call(b"{}"))


def test_a_module_in_the_cache_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asked(tmp_path)
    assert not first.figures.cached
    (outline,) = tmp_path.glob("*/*.outline")
    assert outline.stat().st_mode & 0o077 == 0
    decoded: list[bytes] = []

    def counted(source: bytes) -> object:
        decoded.append(source)
        return decode(source)

    monkeypatch.setattr("tui.wasm.decode.decode.decode", counted)
    second = asked(tmp_path)
    assert second.figures.cached
    assert len(decoded) == 1  # for the names in the trace
    assert (second.error, second.trap) == (first.error, first.trap)


@pytest.mark.parametrize("damage", ["gone", "cut", "another's"])
def test_a_damaged_outline_costs_a_compilation(tmp_path: Path, damage: str) -> None:
    first = asked(tmp_path)
    (outline,) = tmp_path.glob("*/*.outline")
    if damage == "gone":
        outline.unlink()
    elif damage == "cut":
        outline.write_bytes(outline.read_bytes()[:20])
    else:
        outline.chmod(0o666)
    second = asked(tmp_path)
    assert not second.figures.cached
    assert (second.error, second.trap) == (first.error, first.trap)
    assert asked(tmp_path).figures.cached
    assert isinstance(json.loads(outline.read_bytes()), list)


def test_the_number_is_part_of_the_caches_name() -> None:
    assert engine._TAG.endswith(f"-{prepare.PREPARING}")

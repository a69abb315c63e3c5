from __future__ import annotations

import json

from tests.wasm.binary import body, functions, module
from tests.wasm.features import assemble
from tests.wasm.tinygo import TEXT, tinygo_module
from tui.cli.reports.sizes_json import diff_record
from tui.wasm.diff import SizeChange, diff_modules
from tui.wasm.difference_text import diff_lines


def test_a_module_does_not_differ_from_itself(echo_command: bytes) -> None:
    found = diff_modules(echo_command, echo_command)
    assert found.same
    assert list(diff_lines("a", "b", found)) == ["a -> b", "no difference"]


def test_command_and_reactor_differ_in_their_hook(persistent_command: bytes, persistent_reactor: bytes) -> None:
    found = diff_modules(persistent_command, persistent_reactor)
    assert found.mode == ("command", "reactor")
    assert {(c.name, c.old, c.new) for c in found.exports} == {
        ("_start", "()->()", None),
        ("_initialize", None, "()->()"),
    }
    assert found.size.delta == len(persistent_reactor) - len(persistent_command)
    assert not found.same


def changed() -> bytes:
    text = TEXT.replace('(func $"dlmalloc" nop nop nop)', f'(func $"dlmalloc" {"nop " * 500})')
    text = text.replace('(func $"main.main$1" nop nop)', '(func $"main.main$1" nop)')
    text = text.replace('(export "ws_frame")', '(export "ws_frame") (param i32) (result i32) (i32.const 0)')
    return assemble(text.replace('"fd_write"', '"fd_read"'))


def test_what_changed_is_found_and_the_largest_comes_first() -> None:
    found = diff_modules(tinygo_module(), changed())
    assert found.functions[0] == SizeChange("dlmalloc", 6, 504, "C and linker code")
    assert found.packages[0].name == "C and linker code"
    assert [c.delta for c in found.sections] == sorted((c.delta for c in found.sections), key=abs, reverse=True)
    assert {(c.name, c.old, c.new) for c in found.imports} == {
        ("wasi_snapshot_preview1.fd_write", "(i32,i32,i32,i32)->i32", None),
        ("wasi_snapshot_preview1.fd_read", None, "(i32,i32,i32,i32)->i32"),
    }
    assert [(c.name, c.old, c.new) for c in found.exports] == [("ws_frame", "()->()", "(i32)->i32")]
    assert {c.name: c.delta for c in found.functions}["main.main$1"] == -1
    assert found.toolchain == ("TinyGo 0.35.0", None)


def test_percent() -> None:
    assert SizeChange("a", 200, 250).percent == 25
    assert SizeChange("a", None, 250).percent is None
    assert SizeChange("a", 200, None).percent == -100


def test_functions_without_names_count_together() -> None:
    found = diff_modules(module(functions(body())), module(functions(body(), body(b"\1"))))
    assert found.functions == ()
    assert [(c.name, c.delta) for c in found.packages] == [("unnamed", 4)]


def test_lines_and_record() -> None:
    found = diff_modules(tinygo_module(), changed())
    shown = "\n".join(diff_lines("old", "new", found))
    assert "+498 B" in shown
    assert "  ~ func   ws_frame  ()->() -> (i32)->i32" in shown
    assert "toolchain: TinyGo 0.35.0 -> not known" in shown
    record = json.loads(json.dumps(diff_record("old", "new", found)))
    assert record["functions"][0] == {
        "name": "dlmalloc", "old": 6, "new": 504, "delta": 498, "percent": 8300.0, "package": "C and linker code",
    }  # fmt: skip
    assert record["same"] is False


def test_malformed_modules_are_compared_as_far_as_they_go() -> None:
    found = diff_modules(tinygo_module()[:-200], b"<html>")
    assert found.old_errors
    assert found.new_errors
    assert "errors in b" in "\n".join(diff_lines("a", "b", found))

from __future__ import annotations

from tests.wasm.binary import COMPONENT_HEADER, body, custom, functions, leb, module, name, section, vec
from tests.wasm.features import FEATURES, assemble
from tests.wasm.tinygo import tinygo_module
from tui.wasm.decode.decode import decode
from tui.wasm.module_text import bar, module_lines, size_lines, validation_line
from tui.wasm.sizes.retained import retained_sizes
from tui.wasm.sizes.sizes import size_report
from tui.wasm.validate import Validation


def text(source: bytes) -> str:
    return "\n".join(module_lines("fn/function.wasm", decode(source)))


def test_what_a_person_reads() -> None:
    shown = text(tinygo_module(dwarf=2000))
    for expected in (
        "fn/function.wasm · ",
        "core module · command (_start) · TinyGo 0.35.0",
        "`-no-debug` removes it",
        "wasi_snapshot_preview1 (1)",
        "func   fd_write  (i32,i32,i32,i32)->i32",
        "lifecycle (1)",
        "yours (1)",
        "allocator (1)",
        "asyncify (1)",
        "memory: 2 pages (128 KiB), no maximum",
        "language: C11, C99",
    ):
        assert expected in shown
    assert all(len(line) < 400 for line in shown.splitlines())


def test_errors_come_first() -> None:
    lines = text(module(section(1, b"\5"))).splitlines()
    assert lines[2] == "errors"
    assert lines[3].startswith("  0x0a  type section")


def test_everything_long_is_cut_and_counted() -> None:
    many = vec(*(name("m" * 5000) + name(str(n)) + b"\3\x7f\0" for n in range(500)))
    shown = text(module(section(2, many), *(custom("x" * 9000) for _ in range(300))))
    assert "and 300 more" in shown
    assert "and 101 more" in shown
    assert all(len(line) < 500 for line in shown.splitlines())


def test_headroom_children_and_features() -> None:
    memory = section(5, vec(b"\0" + leb(60_000)))
    assert "headroom: 60,000 of 65,536 memory pages (91.6 %)" in text(module(memory))
    shown = text(COMPONENT_HEADER + section(1, module(functions(body()))))
    assert "a core host cannot run it" in shown
    assert "library" in shown
    assert text(b"") == "fn/function.wasm · 0 B · not WebAssembly\nerrors\n  0x00  not a WebAssembly module: empty"
    for feature in FEATURES:
        assert text(assemble(FEATURES[feature]))


def test_sizes_with_and_without_retained(echo_command: bytes) -> None:
    source = tinygo_module()
    found = decode(source)
    lines = list(size_lines(size_report(source, found), retained_sizes(source, found)))
    assert any("encoding/json" in line for line in lines)
    plain = list(size_lines(size_report(echo_command, decode(echo_command)), None))
    assert "retained sizes are not shown: stock Go" in plain[1]


def test_bars() -> None:
    assert (bar(0), bar(0.0001), bar(0.5), bar(1)) == ("", "#", "#" * 10, "#" * 20)


def test_validation_on_one_line() -> None:
    assert validation_line(Validation("valid")) == "full validation: valid"
    bad = Validation("invalid", "type mismatch", 26, 3, "main.f", "main")
    assert validation_line(bad) == "full validation: invalid: type mismatch at 0x1a, in main.f (main)"


def test_what_is_no_whole_module_is_called_what_it_is() -> None:
    assert "relocatable object file: link it first" in text(module(custom("linking", b"\2")))
    assert "shared library: it needs a dynamic linker" in text(module(custom("dylink.0")))


def test_a_hook_in_another_form_is_not_called_missing() -> None:
    shown = text(assemble('(module (func (export "_start") (param i32)))'))
    assert "library (_start is exported, but as (i32)->(): a host calls ()->())" in shown


def test_an_empty_name_is_shown_as_such() -> None:
    shown = text(assemble('(module (import "" "" (func)))') + custom(""))
    assert '  "" (1)' in shown
    assert '    func   ""  ()->()' in shown


def test_parts_of_a_component() -> None:
    shown = text(assemble('(component (core module) (import "wasi:cli/x@0.2.0" (instance)))'))
    assert "imports of the component (1)\n  instance    wasi:cli/x@0.2.0" in shown
    assert "modules and components inside\n" in shown
    package = COMPONENT_HEADER + custom("component-type", b"x")
    assert "no module inside: a WIT package, types only" in text(package)

from __future__ import annotations

import pytest

from tests.wasm.binary import body, custom, function_names, functions, module, name, producers, section, vec
from tui.wasm.decode.decode import decode

C_ONLY = (("C11", ""), ("C99", ""))  # what TinyGo writes: the languages of its libc


@pytest.mark.parametrize(
    ("sections", "toolchain"),
    [
        ((producers(language=C_ONLY, processed_by=(("clang", "18.1.2"), ("TinyGo", "0.35.0"))),), "TinyGo 0.35.0"),
        ((producers(language=(("Go", "go1.27.3"),), processed_by=(("Go cmd/compile", "go1.27.3"),)),), "Go 1.27.3"),
        ((producers(language=(("Go", "go1.27.3"),)),), "Go 1.27.3"),
        ((producers(processed_by=(("rustc", "1.92.0 (ded5c06cf 2025-12-08)"),)),), "Rust 1.92.0"),
        ((producers(processed_by=(("TinyGo", ""),)),), "TinyGo"),
        ((function_names({0: "tinygo_startTask"}),), "TinyGo"),
        ((function_names({0: "_rt0_wasm_wasip1"}),), "Go"),
        ((custom("go:buildid", b"x"),), "Go"),
        ((function_names({0: "(runtime.gcBlock).findNext"}),), "TinyGo"),
        ((producers(processed_by=(("clang", "15.0.0 (https://github.com/tinygo-org/llvm-project abc)"),)),), "TinyGo"),
        (
            (function_names({0: "runtime.initAll"}), producers(processed_by=(("clang", "14.0.0"),))),
            "TinyGo",
        ),
        ((producers(language=C_ONLY, processed_by=(("clang", "18.1.2"),)),), "clang 18.1.2"),
        ((producers(processed_by=(("Ubuntu clang", "15.0.7"),)),), "clang 15.0.7"),
        ((producers(processed_by=(("Debian clang", "14.0.6"),)),), "clang 14.0.6"),
        ((producers(language=(("Rust", ""),), processed_by=(("walrus", "0.23"), ("wasm-bindgen", "0.2")),),), "Rust"),
        ((producers(processed_by=(("walrus", "0.23.3"), ("wasm-bindgen", "0.2.100 (2405ec2b4)"))),),
         "Rust (wasm-bindgen 0.2.100)"),
        ((function_names({0: "~lib/rt/itcms/__new"}),), "AssemblyScript"),
        ((function_names({0: "builtin.default_panic"}),), "Zig"),
        ((custom("emscripten_metadata"),), "Emscripten"),
        ((custom("javy_source"),), "Javy"),
        ((function_names({0: "moonbit.malloc"}),), "MoonBit"),
        ((function_names({0: "main"}),), None),
        ((), None),
    ],
)  # fmt: skip
def test_toolchains(sections: tuple[bytes, ...], toolchain: str | None) -> None:
    assert decode(module(*sections)).toolchain == toolchain


def test_a_real_go_module_without_producers_and_names(echo_command: bytes) -> None:
    whole = decode(echo_command)
    assert whole.toolchain is not None
    kept = b"".join(echo_command[s.offset : s.end] for s in whole.sections if s.name != "producers")
    assert decode(echo_command[:8] + kept).toolchain == "Go"


def imports(*names: tuple[str, str]) -> bytes:
    """Functions that are imported, all of one type ()->()."""
    return section(1, vec(b"\x60\0\0")) + section(2, vec(*(name(of) + name(what) + b"\0\0" for of, what in names)))


def exports(*names: str) -> bytes:
    """The first function under these names."""
    return section(7, vec(*(name(text) + b"\0\0" for text in names)))


@pytest.mark.parametrize(
    ("sections", "toolchain"),
    [
        # sql.js 1.16 and CanvasKit 0.42: every name shortened in order
        ((imports(("a", "a"), ("a", "b")), exports("c", "d", "Aa")), "Emscripten"),
        ((imports(("a", "b"), ("a", "a")), exports("c")), None),
        ((imports(("a", "a")), exports("handler")), None),
        # @sqlite.org/sqlite-wasm 3.41, which keeps the names and no section
        ((imports(("env", "__syscall_faccessat"), ("env", "_tzset_js")), exports("sqlite3_open")), "Emscripten"),
        ((imports(("env", "log")), exports("run")), None),
        # the plugin of Javy, which is Rust and says so
        ((imports(("env", "x")), exports("initialize-runtime", "compile-src", "invoke"),
          producers(language=(("Rust", ""),))), "Javy"),
    ],
)  # fmt: skip
def test_imports_and_exports_tell(sections: tuple[bytes, ...], toolchain: str | None) -> None:
    assert decode(module(*sections)).toolchain == toolchain


def test_the_abort_of_assemblyscript_tells_where_no_names_are_left() -> None:
    taken = section(2, vec(name("env") + name("abort") + b"\0\0"))
    assert decode(module(section(1, vec(b"\x60\4\x7f\x7f\x7f\x7f\0")), taken)).toolchain == "AssemblyScript"
    assert decode(module(section(1, vec(b"\x60\0\0")), taken)).toolchain is None


def test_an_export_can_tell() -> None:
    sections = functions(body())
    exports = section(7, vec(name("tinygo_unwind") + b"\0\0"))
    assert decode(module(sections[:10], exports, sections[10:])).toolchain == "TinyGo"

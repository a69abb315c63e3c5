"""Which compiler made a module: by `producers` first, then by what only that compiler leaves behind."""

from __future__ import annotations

from tui.wasm.module import FuncType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

    from tui.wasm.decode.core.draft import Draft

# TinyGo writes the languages of its libc (C99, C11) and never Go, so processed-by comes before language.
_PROCESSED_BY: Final = (
    ("TinyGo", "TinyGo"),
    ("Go cmd/compile", "Go"),
    ("rustc", "Rust"),
    ("AssemblyScript", "AssemblyScript"),
    ("emcc", "Emscripten"),
    ("zig", "Zig"),
    ("Zig", "Zig"),
    ("javy", "Javy"),
    ("Javy", "Javy"),
    ("moonc", "MoonBit"),
    ("dart2wasm", "Dart"),
)
_LANGUAGES: Final = (("Go", "Go"), ("Rust", "Rust"), ("Zig", "Zig"), ("MoonBit", "MoonBit"), ("Dart", "Dart"))
_TINYGO_LLVM: Final = "tinygo-org/llvm-project"  # in the version of clang, up to TinyGo 0.27
# Symbols in the name section that one runtime alone defines.
_SYMBOLS: Final = (
    (b"tinygo_", "TinyGo"),
    (b"(*runtime.gcBlock", "TinyGo"),
    (b"(runtime.gcBlock)", "TinyGo"),
    (b"runtime.run$1", "TinyGo"),
    (b"runtime.initAll", "TinyGo"),
    (b"runtime.lookupPanic", "TinyGo"),
    (b"runtime.nilPanic", "TinyGo"),
    (b"_rt0_wasm_wasip1", "Go"),
    (b"wasm_pc_f_loop", "Go"),
    (b"runtime.rt0_go", "Go"),
    (b"~lib/rt/", "AssemblyScript"),
    (b"~lib/", "AssemblyScript"),
    (b"builtin.default_panic", "Zig"),
    (b"start.wasm_freestanding_start", "Zig"),
    (b"start.wasi_start", "Zig"),
    (b"compiler_rt.", "Zig"),
    (b"moonbit.", "MoonBit"),
    (b"moonbitlang/", "MoonBit"),
    (b"emscripten_stack_", "Emscripten"),
)
_EXPORTS: Final = (
    ("tinygo_unwind", "TinyGo"),
    ("tinygo_getCurrentStackPointer", "TinyGo"),
    ("__rtti_base", "AssemblyScript"),
    ("__pin", "AssemblyScript"),
    ("emscripten_stack_get_end", "Emscripten"),
    ("emscripten_stack_get_current", "Emscripten"),
    ("_emscripten_stack_alloc", "Emscripten"),
    ("$invokeMain", "Dart"),
    ("moonbit_main", "MoonBit"),
)
_SECTIONS: Final = (
    ("go:buildid", "Go"),
    ("javy_source", "Javy"),
    ("emscripten_metadata", "Emscripten"),
    ("__wasm_bindgen_unstable", "Rust"),
    ("rustc", "Rust"),
)
# What Emscripten's JavaScript gives, and no other host.
_EMSCRIPTEN_ENV: Final = ("emscripten_", "_emscripten_", "__syscall_", "_abort_js", "_tzset_js", "_embind_")
_ABORT: Final = FuncType(("i32",) * 4)  # message, file, line and column, as AssemblyScript alone gives them
SHORTENED: Final = 3  # letters of an export's name
_IMPORTS: Final = (("javy_quickjs_provider", "Javy"), ("dart2wasm", "Dart"), ("moonbit:", "MoonBit"))


def _version(name: str, version: str) -> str:
    """Compiler and version: `Go` writes `go1.27.3`, others the number or a sentence that starts with it."""
    words = version.split()
    number = words[0].removeprefix("go") if words else ""
    return f"{name} {number}" if number else name


def from_producers(producers: Mapping[str, tuple[tuple[str, str], ...]]) -> str | None:
    """The compiler by its own word, e.g. "TinyGo 0.35.0". That of a C compiler says little: see `_clang`."""
    said = dict(producers.get("processed-by", ()))
    for tool, name in _PROCESSED_BY:
        if tool in said:
            return _version(name, said[tool])
    if any(_TINYGO_LLVM in version for version in said.values()):
        return "TinyGo"
    languages = dict(producers.get("language", ()))
    named = next((_version(name, languages[language]) for language, name in _LANGUAGES if language in languages), None)
    if named is None and "wasm-bindgen" in said:  # newer ones drop the lines of rustc
        named = f"Rust ({_version('wasm-bindgen', said['wasm-bindgen'])})"
    return named


def _clang(producers: Mapping[str, tuple[tuple[str, str], ...]]) -> str | None:
    """clang, also as a distribution names its own ("Ubuntu clang"). Other compilers leave its line in their modules."""
    for tool, version in producers.get("processed-by", ()):
        if tool == "clang" or tool.endswith(" clang"):
            return _version("clang", version)
    return None


def detect_toolchain(draft: Draft) -> str | None:
    """The compiler, by its own word or by what it leaves behind; None where nothing tells."""
    if _is_javy_plugin(draft):
        return "Javy"
    return from_producers(draft.producers) or _by_traces(draft) or _clang(draft.producers)


def _is_javy_plugin(draft: Draft) -> bool:
    """Whether this is Javy's engine alone, which is written in Rust and says so."""
    names = {export.name.replace("_", "-") for export in draft.exports}
    return {"initialize-runtime", "compile-src"} <= names


def _by_traces(draft: Draft) -> str | None:
    sections = {section.name for section in draft.sections}
    exports = {export.name for export in draft.exports}
    modules = {entry.module for entry in draft.imports}
    if any((entry.module, entry.name) == ("env", "abort") and entry.type == _ABORT for entry in draft.imports):
        return "AssemblyScript"
    if _is_emscripten(draft):
        return "Emscripten"
    named = next((compiler for name, compiler in _SECTIONS if name in sections), None)
    named = named or next((compiler for name, compiler in _EXPORTS if name in exports), None)
    if named is not None:
        return named
    for start, compiler in _IMPORTS:
        if any(module.startswith(start) for module in modules):
            return compiler
    return _by_symbols(draft)


def _is_emscripten(draft: Draft) -> bool:
    """Whether the imports are those of Emscripten's JavaScript: by their names, or all of them shortened in order."""
    names = [entry.name for entry in draft.imports]
    if any(entry.module == "env" and entry.name.startswith(_EMSCRIPTEN_ENV) for entry in draft.imports):
        return True
    if not names or any(entry.module != "a" for entry in draft.imports):
        return False
    shortened = names[:26] == list("abcdefghijklmnopqrstuvwxyz")[: len(names)]
    return shortened and all(len(export.name) <= SHORTENED for export in draft.exports)


def _by_symbols(draft: Draft) -> str | None:
    for part in draft.name_parts:
        if part.id == 1:
            for symbol, compiler in _SYMBOLS:
                if draft.source.find(symbol, part.offset, part.offset + part.size) >= 0:
                    return compiler
    return None

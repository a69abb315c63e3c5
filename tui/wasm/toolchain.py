"""Which compiler made a module: by `producers` first, then by what only that compiler leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.wasm.decode.draft import Draft

# TinyGo writes the languages of its libc (C99, C11) and never Go, so processed-by comes before language.
_PROCESSED_BY: Final = (
    ("TinyGo", "TinyGo"),
    ("Go cmd/compile", "Go"),
    ("rustc", "Rust"),
    ("AssemblyScript", "AssemblyScript"),
    ("emcc", "Emscripten"),
    ("clang", "clang"),
)
# Symbols in the name section that one runtime alone defines.
_SYMBOLS: Final = (
    (b"tinygo_", "TinyGo"),
    (b"(*runtime.gcBlock", "TinyGo"),
    (b"runtime.run$1", "TinyGo"),
    (b"_rt0_wasm_wasip1", "Go"),
    (b"wasm_pc_f_loop", "Go"),
    (b"runtime.rt0_go", "Go"),
)
_EXPORTS: Final = (("tinygo_unwind", "TinyGo"), ("tinygo_getCurrentStackPointer", "TinyGo"))


def _version(name: str, version: str) -> str:
    """Compiler and version: `Go` writes `go1.27.3`, others the number or a sentence that starts with it."""
    words = version.split()
    number = words[0].removeprefix("go") if words else ""
    return f"{name} {number}" if number else name


def from_producers(producers: Mapping[str, tuple[tuple[str, str], ...]]) -> str | None:
    """The compiler by its own word, e.g. "TinyGo 0.35.0"."""
    said = dict(producers.get("processed-by", ()))
    for tool, name in _PROCESSED_BY:
        if tool in said:
            return _version(name, said[tool])
    languages = dict(producers.get("language", ()))
    return _version("Go", languages["Go"]) if "Go" in languages else None


def detect_toolchain(draft: Draft) -> str | None:
    """The compiler, by its own word or by what it leaves behind; None where nothing tells."""
    told = from_producers(draft.producers)
    if told is not None:
        return told
    if any(section.name == "go:buildid" for section in draft.sections):
        return "Go"
    names = {export.name for export in draft.exports}
    for exported, compiler in _EXPORTS:
        if exported in names:
            return compiler
    for part in draft.name_parts:
        if part.id == 1:
            for symbol, compiler in _SYMBOLS:
                if draft.source.find(symbol, part.offset, part.offset + part.size) >= 0:
                    return compiler
    return None
